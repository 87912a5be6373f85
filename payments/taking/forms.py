"""The forms in which a clerk types amounts and slips."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, assert_never

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from counter.dossiers import doubts
from counter.dossiers.doubts import Doubt
from counter.dossiers.form_layout import Doubts
from counter.enums import DoubtKind
from counter.identity import typed_digits
from counter.identity.euros import euros
from counter.web.form_fields import TYPED_ANEW
from counter.web.form_layout import Block, Row, Snippet, TemplateRow, layout
from payments.enums import Method
from payments.models import Terminal
from payments.taking import slip_numbers
from payments.taking.booking import price_changed
from payments.taking.methods import PAID_BY, MethodRecord, Place, record
from payments.tariffs import choices

_LONGEST: Final = 30
#: The largest amount that the column of a payment holds; no person hands over more.
_MOST_OF_A_PERSON: Final = Decimal("9999.99")
#: The largest amount that the columns of a drawer or a terminal's day total hold; none
#: takes more in a day.
MOST_OF_A_DAY: Final = Decimal("999999.99")
#: Above this the page asks to confirm: a typing slip (500 for 50) would cost the
#: drawer more than one question costs the clerk.
ASK_ABOVE: Final = Decimal(200)


class EuroField(forms.Field):
    """An amount in euros, typed as 20, 20,00, 20.5 or € 20.

    The value is a Decimal, never a float; counter.identity.typed_digits reads the text.
    `most` is the largest amount that the field accepts.
    """

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Type an amount in euros, for example 20 or 12,50."),
    }

    def __init__(self, *, most: Decimal = _MOST_OF_A_PERSON, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def to_python(self, value: object) -> Decimal | None:
        if value in self.empty_values:
            return None
        text = str(value)
        cents = typed_digits.cents(text) if len(text) <= _LONGEST else None
        amount = None if cents is None else Decimal(cents).scaleb(-2)
        if amount is None or amount > self.most:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return amount


class PaymentForm(forms.Form):
    """A payment: in cash with the amount handed over, or by card with the slip number.

    The fields of the method that was not chosen are ignored, because the page hides
    them. `prices` maps each category to its price in force. When there are several, the
    clerk has to choose a category; none is preselected, because a clerk who presses
    Enter once too often would charge it.

    The amount comes from `prices`, never from the browser. The hidden field `shown`
    holds the prices that the page displayed: when they have changed since, the form is
    refused and shows the new ones. `cleaned_data["due"]` is the amount to charge.
    """

    helper = layout(
        Row("submission"),
        Row("shown"),
        TemplateRow("category", "payments/taking/_categories.html"),
        TemplateRow("method", "payments/taking/_methods.html"),
        Block(
            Row("tendered"),
            Doubts(),
            Snippet("payments/taking/_change.html"),
            id="drawer-part",
        ),
        Block(Row("terminal_slip"), Row("terminal"), id="terminal-part"),
        Row("document_seen"),
    )

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    category = forms.ChoiceField(
        label=_("Who pays?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who pays: the price depends on it.")},
    )
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
                **TYPED_ANEW,
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
            attrs={
                **TYPED_ANEW,
                "autocapitalize": "characters",
                "class": "form-control",
            }
        ),
    )

    terminal = forms.ModelChoiceField(
        label=_("Terminal"),
        queryset=Terminal.objects.none(),
        required=False,
        empty_label=_("Choose the terminal"),
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
        self.doubts: list[Doubt] = []
        self.prices_shown = " ".join(
            f"{name}:{price}" for name, price in prices.items()
        )
        self.fields["shown"].initial = self.prices_shown
        if len(prices) > 1:
            field: Any = self.fields["category"]
            field.choices = choices.with_prices(prices)
            # The focus belongs on the first question without an answer: the category.
            self.fields["tendered"].widget.attrs.pop("autofocus")
        else:
            del self.fields["category"]
        if terminals is None:
            del self.fields["terminal"]
        else:
            field = self.fields["terminal"]
            field.queryset = terminals
            if self.initial.get("terminal"):
                field.empty_label = None
            else:  # no terminal is preselected, so Enter must not skip the choice
                del field.widget.attrs["data-enter-skips"]

    @property
    def amount(self) -> Decimal | None:
        """The price of the chosen category, or the only price.

        None while there are several prices and no category is chosen.
        """
        if "category" not in self.fields:
            return next(iter(self.prices.values()))
        return self.prices.get(self["category"].value() or "")

    def choices_with_price(self) -> list[tuple[BoundWidget, Decimal]]:
        """The radio button of each category with its price."""
        prices = self.prices
        return [(radio, prices[radio.data["value"]]) for radio in self["category"]]

    def methods(self) -> list[tuple[BoundWidget, MethodRecord]]:
        """The radio button of each method with its record."""
        return [
            (radio, record(Method(radio.data["value"]))) for radio in self["method"]
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.pop("shown", "") not in ("", self.prices_shown):
            self.ask_again()
            return data
        data["due"] = self.amount
        if method := data.get("method"):
            self._check_place(record(method).place, data)
        for name in self.errors.keys() & {"tendered", "terminal_slip"}:
            self.fields[name].widget.attrs["class"] = "form-control is-invalid"
        return data

    def refuse(self, name: str, error: Exception) -> None:
        """Show the error of a service at the field that caused it."""
        self.add_error(name, str(error))
        self.fields[name].widget.attrs["class"] = "form-control is-invalid"

    def ask_again(self) -> None:
        """Say that the price changed; keep what was typed and show the new price."""
        typed = {name: self.data.get(name) for name in self.data}
        self.data = {**typed, "shown": self.prices_shown}
        if not self.has_error(NON_FIELD_ERRORS):
            self.add_error(None, str(price_changed()))

    def _check_place(self, place: Place, data: dict[str, Any]) -> None:
        match place:
            case Place.DRAWER:
                self.errors.pop("terminal_slip", None)
                self.errors.pop("terminal", None)
                data["terminal"] = None
                self._check_tendered(data)
            case Place.TERMINAL:
                self.errors.pop("tendered", None)
                data["tendered"] = None
                self._check_terminal(data)
                self._check_slip(data)
            case Place.NOWHERE:
                raise ValueError("Nobody pays with that (PAID_BY).")
            case _:
                assert_never(place)

    def _check_tendered(self, data: dict[str, Any]) -> None:
        data["terminal_slip"] = ""
        if "tendered" not in data:
            return
        if data["tendered"] is None:
            self.add_error("tendered", _("Type what the person handed over."))
        elif self.amount is not None and data["tendered"] < self.amount:
            self.add_error("tendered", _("Less was handed over than is due."))
        elif self.amount is not None and data["tendered"] > ASK_ABOVE:
            self._ask_about(data["tendered"], self.amount)

    def _ask_about(self, tendered: Decimal, due: Decimal) -> None:
        """Ask the clerk to confirm a large amount by ticking a box.

        The tick is valid for this form with this amount and this price only; after a
        change of one of them the form asks again.
        """
        kind, change = DoubtKind.TENDERED, tendered - due
        submission = self.data.get("submission", "")
        stamp = doubts.stamp(kind, submission, tendered, due)
        ticked = self.data.getlist("confirmed") if hasattr(self.data, "getlist") else []
        doubt = Doubt(
            kind,
            "tendered",
            _("Was %(tendered)s handed over? Then %(change)s goes back.")
            % {"tendered": euros(tendered), "change": euros(change)},
            _("Yes, I counted it"),
            stamp,
            confirmed=stamp in ticked,
        )
        self.doubts = [doubt]
        if not doubt.confirmed:
            self.add_error(
                None, _("Look again at what is marked, and tick it when it is right.")
            )

    def _check_slip(self, data: dict[str, Any]) -> None:
        slip = data.get("terminal_slip")
        if slip is None:
            return
        try:
            data["terminal_slip"] = slip_numbers.read(slip, data.get("terminal"))
        except ValidationError as error:
            self.add_error("terminal_slip", error)

    def _check_terminal(self, data: dict[str, Any]) -> None:
        """Require a terminal when the form has that field, otherwise set it to None.

        The form has the field in offices with card terminals only.
        """
        data.setdefault("terminal", None)
        missing = "terminal" in self.fields and data["terminal"] is None
        if missing and not self.errors.get("terminal"):
            self.add_error("terminal", _("Choose the terminal."))
