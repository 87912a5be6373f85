"""What a clerk types about money."""

import re
import uuid
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from payments.enums import PAID_BY, Method

_EUROS: Final = re.compile(
    r"(?:€|EUR)?\s*([0-9]{1,4})(?:[.,]([0-9]{0,2}))?\s*(?:€|EUR)?", re.IGNORECASE
)
_LONGEST: Final = 20
# Letters, digits and the signs that terminals print.
_SLIP: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./:#-]{0,29}")
_OFF = {"autocomplete": "off", "spellcheck": "false"}


class EuroField(forms.Field):
    """Euros as typed: 20, 20,00, 20.5 or € 20. Whole cents, never a float."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Type an amount in euros, for example 20 or 12,50."),
    }

    def to_python(self, value: object) -> Decimal | None:
        if value in self.empty_values:
            return None
        text = str(value).strip()
        found = _EUROS.fullmatch(text) if len(text) <= _LONGEST else None
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        euros, cents = found.groups()
        return Decimal(f"{euros}.{(cents or '').ljust(2, '0')}")


class PaymentForm(forms.Form):
    """Cash with what was handed over, or a card with the terminal's slip number.

    What belongs to the other method is ignored: the page hides it.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    method = forms.TypedChoiceField(
        label=_("How is it paid?"),
        choices=[(method.value, method.label) for method in PAID_BY],
        coerce=Method,
        initial=Method.CASH,
        widget=forms.RadioSelect,
    )
    tendered = EuroField(
        label=_("Handed over"),
        required=False,
        widget=forms.TextInput(
            attrs={
                **_OFF,
                "inputmode": "decimal",
                "class": "form-control",
                "data-tendered": True,
                "autofocus": True,
            }
        ),
    )
    terminal_slip = forms.CharField(
        label=_("Number on the terminal's slip"),
        required=False,
        max_length=30,
        widget=forms.TextInput(
            attrs={**_OFF, "autocapitalize": "characters", "class": "form-control"}
        ),
    )

    def __init__(self, *args: Any, amount: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.amount = amount

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("method") is Method.CASH:
            self.errors.pop("terminal_slip", None)
            self._check_tendered(data)
        elif data.get("method") is Method.CARD:
            self.errors.pop("tendered", None)
            data["tendered"] = None
            self._check_slip(data)
        for name in self.errors.keys() & {"tendered", "terminal_slip"}:
            self.fields[name].widget.attrs["class"] = "form-control is-invalid"
        return data

    def _check_tendered(self, data: dict[str, Any]) -> None:
        data["terminal_slip"] = ""
        if "tendered" not in data:
            return
        if data["tendered"] is None:
            self.add_error("tendered", _("Type what the person handed over."))
        elif data["tendered"] < self.amount:
            self.add_error("tendered", _("Less was handed over than is due."))

    def _check_slip(self, data: dict[str, Any]) -> None:
        slip = data.get("terminal_slip")
        if slip is None:
            return
        if not slip:
            self.add_error(
                "terminal_slip", _("Type the number on the terminal's slip.")
            )
        elif not _SLIP.fullmatch(slip):
            self.add_error(
                "terminal_slip", _("A slip number has letters, digits and . / : # -.")
            )
