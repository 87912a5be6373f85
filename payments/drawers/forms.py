"""What is typed about a drawer: its notes and coins, its safe, its signature."""

import uuid
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.enums import SecretForm
from counter.identity import typed_digits
from counter.identity.euros import euros
from counter.models import Clerk
from counter.staff.reauthentication import PresenceForm
from counter.staff.supervisor_approval import ask, prove, rows_of
from counter.web.form_fields import TYPED_ANEW
from counter.web.form_layout import Row, Snippet, TemplateRow, layout
from payments.drawers import drawers
from payments.drawers.denominations import DENOMINATIONS, in_euros, worth
from payments.exceptions import DrawerRefusedError
from payments.models import DrawerSession
from payments.taking.forms import MOST_OF_A_DAY, EuroField

_LONGEST: Final = 30
_MOST_IN_A_DRAWER: Final = Decimal("99999.99")


class CountField(forms.IntegerField):
    """How many there are: digits only. Python's int() also takes 1_0 and 1.0."""

    default_error_messages = {"invalid": _("Type a whole number.")}

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values or not str(value).strip():
            return None
        number = typed_digits.count(str(value)[:_LONGEST])
        if number is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number


#: A row a note and coin.
_COUNTS = Snippet(
    "payments/drawers/_counts.html",
    fields=tuple(f"pieces_{cents}" for cents in DENOMINATIONS),
)
_REASON = TemplateRow("reason", "payments/drawers/_reason.html")
_COLLEAGUE = (*rows_of("colleague"), Row("password"))


class CountForm(forms.Form):
    """So many of each note and coin; an empty field is none."""

    helper = layout(_COUNTS)

    most = 2000

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for denomination in DENOMINATIONS:
            self.fields[f"pieces_{denomination}"] = CountField(
                label=euros(in_euros(denomination)),
                required=False,
                min_value=0,
                max_value=self.most,
                widget=forms.TextInput(
                    attrs={
                        **TYPED_ANEW,
                        "inputmode": "numeric",
                        "maxlength": "9",
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
        pieces = [data.get(f"pieces_{cents}") for cents in DENOMINATIONS]
        if all(number is None for number in pieces):
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
    helper = layout(Row("submission"), Row("amount"), Row("reference"))

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    amount = EuroField(
        label=_("Amount"),
        most=MOST_OF_A_DAY,
        widget=forms.TextInput(
            attrs={
                **TYPED_ANEW,
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
        widget=forms.TextInput(attrs={**TYPED_ANEW, "class": "form-control"}),
    )

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError(_("An amount is more than zero."))
        return amount


class RecountForm(CountForm):
    """Of a closed drawer also why it still differs; what was said before is kept."""

    helper = layout(_COUNTS, Row("reason"))

    def __init__(self, *args: Any, asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_reason:
            self.fields["reason"] = reason_field()

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get("reason", ""))


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Where does the difference come from?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={**TYPED_ANEW, "class": "form-control"}),
    )


def _ask_reason(form: forms.Form, difference: Decimal | None) -> None:
    """Add an error to the form where its reason is missing."""
    try:
        drawers.required_reason(form.cleaned_data["reason"], difference)
    except DrawerRefusedError as error:
        form.add_error("reason", str(error))


class ColleagueForm(PresenceForm):
    """After `is_valid()` `colleague` is who stands beside the supervisor: somebody of
    the office, neither the supervisor nor the clerk whose drawer it is.

    `is_asked` False when the two have proved it already, at the count.
    """

    helper = layout(*_COLLEAGUE)

    def __init__(
        self,
        *args: Any,
        supervisor: Clerk,
        drawer: DrawerSession,
        is_asked: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._supervisor, self._drawer = supervisor, drawer
        self.colleague: Clerk | None = None
        if not is_asked:
            return
        ask(
            self,
            "colleague",
            name=_("User name of the colleague who counts with you"),
            password=_("Password of the colleague"),
            digits=_("Six digits of the colleague's app"),
        )

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "colleague_name" not in self.fields or self.errors:
            return data
        others = (
            Clerk.objects.visible_to(self._supervisor)
            .at_the_desk()
            .exclude(pk__in=(self._supervisor.pk, self._drawer.clerk_id))
        )
        self.colleague = prove(
            self,
            "colleague",
            others,
            _("This is no user name and password of another colleague of this office."),
            place=SecretForm.COLLEAGUE,
            screen_of=self._supervisor,
            beside=[self._drawer.clerk],
        )
        return data


class JointCountForm(ColleagueForm, RecountForm):
    """A count by two, for a clerk who is not there."""

    helper = layout(_COUNTS, Row("reason"), *_COLLEAGUE)

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        refusal = drawers.why_not_counted(self._drawer)
        if refusal is not None:
            self.add_error(None, str(refusal))
        elif "reason" in self.fields and not self.errors:
            expected = self._drawer.expected_amount or Decimal(0)
            _ask_reason(self, worth(self.counts) - expected)
        # After these, so that nobody's digits are used up for a form that comes back.
        return super().clean()


class CloseForm(forms.Form):
    helper = layout(_REASON)

    reason = forms.CharField(
        label=_("Where does the difference come from?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={**TYPED_ANEW, "class": "form-control", "autofocus": True}
        ),
    )


class JointCloseForm(ColleagueForm, CloseForm):
    """The reason of a difference, said by two for a clerk who is not there."""

    helper = layout(_REASON, *_COLLEAGUE)

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        if not self.errors:
            _ask_reason(self, self._drawer.difference)
        # After it, as at the count.
        return super().clean()


class ApproveForm(forms.Form):
    helper = layout(Row("sealed_bag"))

    sealed_bag = forms.CharField(
        label=_("Number of the sealed bag"),
        required=False,
        max_length=30,
        widget=forms.TextInput(
            attrs={**TYPED_ANEW, "class": "form-control", "autofocus": True}
        ),
    )
