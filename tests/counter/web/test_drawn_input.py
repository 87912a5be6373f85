"""An input is drawn as Django's own template draws it, whatever is in it."""

from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from counter.scans.scan_guard import Renderer
from counter.web.field_markup import INPUTS

WIDGETS = Path(forms.__file__).parent / "templates"
ODD = [
    "",
    0,
    1.5,
    12345678,
    "Peter",
    'O\'Neill & "Zoë" <b>',
    "two\nlines\x00",
    mark_safe("&eacute; <i>"),
    "{{ x }}{% y %} %s",
    gettext_lazy("Sign in"),
    True,
    False,
    None,
]


def drawn_by(renderer: DjangoTemplates, template: str, **widget: Any) -> str:
    return renderer.render(template, {"widget": widget})


@pytest.mark.parametrize("template", sorted(INPUTS))
def test_it_is_djangos_input_to_the_character(template: str) -> None:
    # As Django's own template says, the file is nothing but the input.
    included = '{% include "django/forms/widgets/input.html" %}'
    assert (WIDGETS / template).read_text().strip() == included
    ours, djangos = Renderer(), DjangoTemplates()
    for language in ("nl", "fr", "en"):
        with translation.override(language):
            for value in ODD:
                widget = {
                    "type": "text",
                    "name": f"n-{value}",
                    "value": value,
                    "attrs": {"class": value, "data-x'y": value, "required": True},
                }
                expected = drawn_by(djangos, template, **widget)
                assert drawn_by(ours, template, **widget) == expected
                assert isinstance(drawn_by(ours, template, **widget), SafeString)


def test_every_field_of_a_form_is_drawn_as_django_draws_it() -> None:
    class Everything(forms.Form):
        text = forms.CharField(help_text="<b>", max_length=9)
        secret = forms.CharField(widget=forms.PasswordInput(render_value=True))
        mail = forms.EmailField()
        number = forms.IntegerField(min_value=2, max_value=7)
        amount = forms.DecimalField(decimal_places=2)
        day = forms.DateField()
        moment = forms.SplitDateTimeField()
        agreed = forms.BooleanField()
        several = forms.MultipleChoiceField(
            choices=[("a", "A"), ("b", "B")], widget=forms.MultipleHiddenInput
        )
        letter = forms.FileField()
        many = forms.MultipleChoiceField(
            choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
        )

    sent = {
        "text": "<x>",
        "secret": 'a"b',
        "number": "٣",
        "amount": "1,5",
        "day": "31/02/2026",
        "agreed": "on",
        "several": ["a", "b"],
        "many": ["b"],
    }
    for data in (None, {}, sent):
        ours = Everything(data, renderer=Renderer())
        assert str(ours) == str(Everything(data, renderer=DjangoTemplates()))


def test_the_project_draws_its_forms_with_it() -> None:
    assert isinstance(forms.Form().renderer, Renderer)
