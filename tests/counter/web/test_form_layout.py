"""What `{% crispy form %}` draws: each field once, with its label and errors."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from activation.web.form_layout import Questions
from counter.web.form_layout import (
    Block,
    KeptWhileNew,
    Pair,
    Row,
    Snippet,
    Words,
    layout,
)
from tests.undefined import UndefinedVariableError

TEMPLATES = Path(__file__).parents[3] / "templates"


class ParcelForm(forms.Form):
    helper = layout(
        Row("number"),
        Pair(Row("weight"), Row("kind")),
        Words("Only when it is fragile:"),
        Row("is_fragile"),
        Block(Row("way"), id="way-part"),
    )
    number = forms.CharField(widget=forms.HiddenInput, initial="<7>")
    weight = forms.CharField(label="Weight & size", help_text="In <kg>.")
    kind = forms.ChoiceField(choices=[("b", "Box <b>"), ("l", "Letter")], initial="l")
    is_fragile = forms.BooleanField(label="Fragile", required=False)
    way = forms.ChoiceField(
        label="Which way?",
        choices=[("r", "Road"), ("a", "Air")],
        widget=forms.RadioSelect,
    )


def drawn(form: forms.Form, **context: Any) -> str:
    page = engines["django"].from_string(
        "{% load crispy_forms_tags %}{% crispy form %}"
    )
    return page.render({"form": form, **context})


def test_a_row_has_label_input_and_hint() -> None:
    text = drawn(ParcelForm())
    assert '<label for="id_weight" class="form-label">Weight &amp; size' in text
    assert 'aria-describedby="id_weight_helptext"' in text
    assert '<div id="id_weight_helptext" class="form-text">In &lt;kg&gt;.</div>' in text
    assert '<option value="b">Box &lt;b&gt;</option>' in text
    assert '<option value="l" selected>Letter</option>' in text
    assert 'name="number"' in text
    assert "&lt;7&gt;" in text


def test_what_is_wrong_stands_at_its_field_and_is_read_with_it() -> None:
    text = drawn(ParcelForm({"weight": "", "kind": "b", "number": "7"}))
    field = re.search(r'<input[^>]*name="weight"[^>]*>', text)
    assert field is not None
    assert "is-invalid" in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert 'aria-describedby="id_weight_helptext id_weight_error"' in field[0]
    assert 'class="invalid-feedback" id="id_weight_error"' in text
    assert 'role="radiogroup" aria-invalid="true"' in text
    assert 'id="id_way_error"' in text


def test_what_was_typed_stays_and_is_escaped() -> None:
    text = drawn(ParcelForm({"weight": '"><script>', "way": "a", "kind": "<x>"}))
    assert 'value="&quot;&gt;&lt;script&gt;"' in text
    assert "<script>" not in text
    assert "<x>" not in text
    assert re.search(r'<input type="radio"[^>]*value="a"[^>]* checked>', text)
    assert not re.search(r'<input type="radio"[^>]*value="r"[^>]* checked>', text)


def test_a_field_that_the_form_did_not_take_in_draws_nothing() -> None:
    form = ParcelForm()
    del form.fields["way"]
    del form.fields["weight"]
    text = drawn(form)
    assert "way-part" not in text
    assert "id_weight" not in text
    assert '<div class="pair">' in text


def test_labels_and_choices_are_those_of_this_form_and_language() -> None:
    """Rendered fields are cached; no form may get those of another form or language."""
    first, second = ParcelForm(), ParcelForm()
    second.fields["weight"].label = "Grams"
    second.fields["kind"].choices = [("l", "Long letter")]  # type: ignore[attr-defined]
    assert "Weight &amp; size" in drawn(first)
    text = drawn(second)
    assert "Grams" in text
    assert "Weight" not in text
    assert '<option value="l" selected>Long letter</option>' in text
    third = ParcelForm()
    third.fields["weight"].label = translation.gettext_lazy("Yes")
    with translation.override("nl"):
        assert ">Ja<" in drawn(third)
    with translation.override("fr"):
        assert ">Oui<" in drawn(third)


def test_a_field_is_never_drawn_twice_over_two_pages() -> None:
    form = ParcelForm()
    assert drawn(form) == drawn(form)


def test_a_snippet_without_its_fields_is_left_out() -> None:
    class CountForm(ParcelForm):
        helper = layout(Snippet("payments/taking/_change.html", fields=("nothing",)))

    assert drawn(CountForm()).strip() == ""


class KeptForm(ParcelForm):
    helper = layout(Row("number"), KeptWhileNew(Row("weight"), Row("way")))


def test_pieces_that_are_kept_while_new_never_show_what_was_filled_in() -> None:
    new = drawn(KeptForm())
    assert 'value="typed"' in drawn(KeptForm({"weight": "typed"}))
    assert 'value="begun"' in drawn(KeptForm(initial={"weight": "begun"}))
    assert drawn(KeptForm()) == new
    assert 'value="' not in new.partition("id_weight")[2].partition(">")[0]
    assert "is-invalid" in drawn(KeptForm({}))


def test_pieces_that_are_kept_while_new_are_those_of_the_form_and_language() -> None:
    class WordForm(KeptForm):
        weight = forms.CharField(label=translation.gettext_lazy("Yes"))

    assert "Weight &amp; size" in drawn(KeptForm())
    with translation.override("nl"):
        assert ">Ja<" in drawn(WordForm())
    with translation.override("fr"):
        assert ">Oui<" in drawn(WordForm())
    less = KeptForm()
    del less.fields["way"]
    assert "id_way" not in drawn(less)
    assert "id_way" in drawn(KeptForm())


def test_pieces_that_are_kept_while_new_do_not_see_the_page() -> None:
    class ShownForm(ParcelForm):
        helper = layout(KeptWhileNew(Snippet("components/alert.html")))

    with pytest.raises(UndefinedVariableError):
        drawn(ShownForm(), tone="info", title="", text="of one person")
    assert "typed" in drawn(ShownForm({}), tone="info", title="", text="typed")


def test_every_field_of_a_page_is_drawn_by_its_layout() -> None:
    """Fields are drawn in one way only: no template of a page draws one by hand.

    The templates of a layout's pieces call their field `field`, so they do not count.
    """
    by_hand = re.compile(
        r"{{\s*\w*form\.\w+\s*}}|as_crispy_field|\|crispy\b|form\.as_|{{\s*form\s*}}"
    )
    wrong = {
        str(path.relative_to(TEMPLATES)): by_hand.findall(path.read_text())
        for path in TEMPLATES.rglob("*.html")
        if "admin" not in path.parts and by_hand.search(path.read_text())
    }
    assert wrong == {
        "activation/holder/_go_on.html": ["{{ form.doubted }}"],
        "forms/whole_uni_form.html": ["{{ form.form_html }}"],
    }


# Fields that the page draws as buttons, each with its value.
BUTTONS = {
    ("TurnAwayForm", "reason"),
    ("RefuseForm", "reason"),
    ("HandOverForm", "done"),
    ("DecideForm", "decision"),
}
# Hidden fields that the page writes itself: what it was about when it was shown.
WRITTEN = {
    ("DigitsForm", "key"),
    # Drawn by the admin's template.
    *(("ActForm", "target"), ("ActForm", "reason"), ("HandledForm", "reason")),
}


def test_every_field_of_every_form_stands_in_its_layout() -> None:
    laid_out = [form for form in subclasses(forms.BaseForm) if hasattr(form, "helper")]
    assert len(laid_out) > 40
    left_out = {
        (form.__name__, name)
        for form in laid_out
        if not form.__module__.startswith("tests.") and not hasattr(form, "kept")
        for name in form.base_fields
        if name not in names(form.helper.layout.fields, form)
    }
    assert left_out == BUTTONS | WRITTEN


def subclasses(base: type) -> set[Any]:
    below: set[Any] = set(base.__subclasses__())
    return below.union(*map(subclasses, below))


def names(pieces: Iterable[object], form: type[forms.Form]) -> set[str]:
    field_names = set()
    for piece in pieces:
        if isinstance(piece, Questions):
            hidden = {n for n, f in form.base_fields.items() if f.widget.is_hidden}
            field_names |= set(form.base_fields) - hidden
        field_names |= {getattr(piece, "name", ""), *getattr(piece, "fields", ())}
        field_names |= names(getattr(piece, "pieces", ()), form)
    return field_names


@pytest.mark.parametrize("css", ["mb-3", ""])
def test_a_row_keeps_the_distance_that_it_is_given(css: str) -> None:
    class WayForm(ParcelForm):
        helper = layout(Row("weight", css=css))

    assert f'id="div_id_weight" class="{css}"' in drawn(WayForm())
