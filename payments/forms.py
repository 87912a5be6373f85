"""What a clerk types about money."""

import re
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.forms.boundfield import BoundWidget
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from payments.denominations import DENOMINATIONS, in_euros, worth
from payments.enums import PAID_BY, Method, TariffCategory
from payments.models import Terminal

_EUROS: Final = re.compile(
    r"(?:€|EUR)?\s*([0-9]{1,4})(?:[.,]([0-9]{0,2}))?\s*(?:€|EUR)?", re.IGNORECASE
)
_LONGEST: Final = 20
_MOST_IN_A_DRAWER: Final = Decimal("99999.99")
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

    What belongs to the other method is ignored: the page hides it. `prices` are those
    in force by category; of several the clerk chooses. The amount is the chosen one's,
    never the browser's: `shown` only says what the page told the person, so that a
    price that changed meanwhile is not charged unseen, and `due` is the amount that
    goes with what was typed.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    category = forms.ChoiceField(label=_("Who pays?"), widget=forms.RadioSelect)
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

    terminal = forms.ModelChoiceField(
        label=_("Terminal"),
        queryset=Terminal.objects.none(),
        required=False,
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select", "data-enter-skips": True}),
    )

    def __init__(
        self,
        *args: Any,
        prices: Mapping[str, Decimal],
        terminals: QuerySet[Terminal] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.prices = prices
        self.told = " ".join(f"{name}:{price}" for name, price in prices.items())
        self.fields["shown"].initial = self.told
        if len(prices) > 1:
            field: Any = self.fields["category"]
            field.choices = [(c.value, c.label) for c in TariffCategory if c in prices]
            field.initial = next(iter(prices))
        else:
            del self.fields["category"]
        if terminals is None:
            del self.fields["terminal"]
        else:
            self.fields["terminal"].queryset = terminals  # type: ignore[attr-defined]

    @property
    def amount(self) -> Decimal:
        """What is due by what is chosen; of the first price while nothing is."""
        chosen = self["category"].value() if "category" in self.fields else None
        return self.prices.get(chosen or "", next(iter(self.prices.values())))

    def choices_with_price(self) -> list[tuple[BoundWidget, Decimal]]:
        """Each category's radio with its price."""
        prices = self.prices
        return [(radio, prices[radio.data["value"]]) for radio in self["category"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.pop("shown", "") not in ("", self.told):
            self.ask_again()
            return data
        data["due"] = self.amount
        if data.get("method") is Method.CASH:
            self.errors.pop("terminal_slip", None)
            self.errors.pop("terminal", None)
            data["terminal"] = None
            self._check_tendered(data)
        elif data.get("method") is Method.CARD:
            self.errors.pop("tendered", None)
            data["tendered"] = None
            self._check_slip(data)
            self._check_terminal(data)
        for name in self.errors.keys() & {"tendered", "terminal_slip"}:
            self.fields[name].widget.attrs["class"] = "form-control is-invalid"
        return data

    def ask_again(self) -> None:
        """Say that the price changed, with all that was typed and the price of now."""
        typed = {name: self.data.get(name) for name in self.data}
        self.data = {**typed, "shown": self.told}
        said = _("The price changed since this page was opened. Look at the amount.")
        if not self.has_error(NON_FIELD_ERRORS):
            self.add_error(None, said)

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

    def _check_terminal(self, data: dict[str, Any]) -> None:
        """An office that has terminals says which; one that has none cannot."""
        data.setdefault("terminal", None)
        missing = "terminal" in self.fields and data["terminal"] is None
        if missing and not self.errors.get("terminal"):
            self.add_error("terminal", _("Choose the terminal."))


class CountForm(forms.Form):
    """So many of each note and coin; an empty field is none."""

    most = 2000

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for denomination in DENOMINATIONS:
            self.fields[f"pieces_{denomination}"] = forms.IntegerField(
                label=f"€ {number_format(in_euros(denomination), 2)}",
                required=False,
                min_value=0,
                max_value=self.most,
                widget=forms.TextInput(
                    attrs={
                        **_OFF,
                        "inputmode": "numeric",
                        "maxlength": "4",
                        "class": "form-control",
                        "data-cents": denomination,
                    }
                ),
            )

    def rows(self) -> list[tuple[int, forms.BoundField]]:
        """Each denomination in cents with its field."""
        return [(cents, self[f"pieces_{cents}"]) for cents in DENOMINATIONS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "form-control is-invalid"
        if self.errors:
            return data
        # One Enter too many is no count: an empty drawer is said with a 0.
        if all(pieces is None for pieces in data.values()):
            self.add_error(None, _("Type how many there are; 0 when there are none."))
        elif worth(self.counts) > _MOST_IN_A_DRAWER:
            self.add_error(None, _("No drawer holds that much."))
        return data

    @property
    def counts(self) -> dict[str, int]:
        """What was counted, by denomination in cents; none is left out."""
        pieces = {
            str(cents): self.cleaned_data.get(f"pieces_{cents}")
            for cents in DENOMINATIONS
        }
        return {cents: number for cents, number in pieces.items() if number}


class DepositForm(forms.Form):
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    amount = EuroField(
        label=_("Amount"),
        widget=forms.TextInput(
            attrs={
                **_OFF,
                "inputmode": "decimal",
                "class": "form-control",
                "autofocus": True,
            }
        ),
    )
    reference = forms.CharField(
        label=_("Number of the bag"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={**_OFF, "class": "form-control"}),
    )

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError(_("An amount is more than zero."))
        return amount


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Where does the difference come from?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={**_OFF, "class": "form-control", "autofocus": True}
        ),
    )


class ApproveForm(forms.Form):
    sealed_bag = forms.CharField(
        label=_("Number of the sealed bag"),
        required=False,
        max_length=30,
        widget=forms.TextInput(
            attrs={**_OFF, "class": "form-control", "autofocus": True}
        ),
    )
