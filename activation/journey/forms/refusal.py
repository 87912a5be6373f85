"""The forms of a person who did not ask for a key, or for a change of address."""

from typing import Any, override

from django import forms
from django.utils.translation import gettext_lazy as _

from activation.web.form_base import PageForm
from counter.web.form_layout import TemplateRow, layout


class NotMineForm(PageForm):
    """A box to tick first, and one that no person sees.

    Machines open mailed links, follow what they find there and send every form. Some
    send it as it stands: then `sure` is not ticked. Some fill in whatever there is:
    then `asked`, its opposite, is ticked too. Both stop nothing
    (docs/security.md#what-the-tests-attack); who reads the page ticks one. Where a
    browser ticked `asked` by itself, the form comes back with it in sight.
    """

    helper = layout(
        TemplateRow("sure", "activation/journey/refusing/_box.html"),
        TemplateRow("asked", "activation/journey/refusing/_robots_box.html"),
    )

    sure = forms.BooleanField(
        label=_("I did not ask for a digital key"),
        error_messages={"required": _("Tick the box first.")},
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    asked = forms.BooleanField(
        label=_("I asked for it myself"),
        required=False,
        widget=forms.CheckboxInput(
            attrs={
                "class": "form-check-input",
                "autocomplete": "off",
                "tabindex": "-1",
            }
        ),
    )

    @override
    def clean(self) -> None:
        if self.cleaned_data.get("asked"):
            self.fields["asked"].widget.attrs.pop("tabindex", None)
            self.add_error("asked", _("Did you not ask for it? Untick this box."))


class NotMyChangeForm(NotMineForm):
    """The same two boxes, about the address of a dossier (activation.models)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = _(
            "I asked for a digital key, and not for another e-mail address"
        )
        self.fields["asked"].label = _("I had the address changed myself")
