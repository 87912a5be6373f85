"""The form for finding a person, with a reason when by national number."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.desk.search import LONGEST, looks_for_number
from counter.enums import RevealReason
from counter.scans import scan_shape
from counter.web.form_fields import DocumentOrTextField


class FindForm(forms.Form):
    """The desk's field for searching (counter.desk.search); here it refuses scans.

    A national number needs a reason. `forget` ensures that it is not shown again.
    """

    q = DocumentOrTextField(
        label=_("Name, e-mail, receipt, reference or national number"),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "size": 32}
        ),
    )
    reason = forms.TypedChoiceField(
        label=_("Why (only for a national number)"),
        choices=[("", _("- Select an option -")), *RevealReason.choices],
        coerce=RevealReason,
        empty_value=None,
        required=False,
    )

    @sensitive_variables()
    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if scan_shape.is_scan(text):
            raise ValidationError(_("A document is scanned at the desk."), code="scan")
        return text

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if looks_for_number(data.get("q", "")) and not data.get("reason"):
            text = _("Say why you search by national number.")
            self.add_error("reason", ValidationError(text, code="required"))
        return data

    @sensitive_variables()
    def forget(self) -> None:
        """Empty the field, so that the page shows no number and no scan again."""
        typed = str(self.data.get("q", ""))
        if len(typed) > LONGEST or looks_for_number(typed) or scan_shape.is_scan(typed):
            self.data = {"reason": self.data.get("reason", "")}
