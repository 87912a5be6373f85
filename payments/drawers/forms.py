"""The forms for a drawer: counts, deposits to the safe, closing, approval."""

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
    """A number of pieces. Unlike in Django's field, "1_0" and "1.0" are refused."""

    default_error_messages = {"invalid": _("Type a whole number.")}

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values or not str(value).strip():
            return None
        number = typed_digits.count(str(value)[:_LONGEST])
        if number is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number


#: One row for each note and coin.
_COUNTS = Snippet(
    "payments/drawers/_counts.html",
    fields=tuple(f"pieces_{cents}" for cents in DENOMINATIONS),
)
_REASON = TemplateRow("reason", "payments/drawers/_reason.html")
_COLLEAGUE = (*rows_of("colleague"), Row("password"))


class CountForm(forms.Form):
    """How many pieces of each note and coin were counted; an empty field means none."""

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
        # A form sent empty by accident is not a count; for an empty drawer type a 0.
        pieces = [data.get(f"pieces_{cents}") for cents in DENOMINATIONS]
        if all(number is None for number in pieces):
            self.add_error(None, _("Type how many there are; 0 when there are none."))
        elif worth(self.counts) > _MOST_IN_A_DRAWER:
            self.add_error(None, _("No drawer holds that much."))
        return data

    @property
    def counts(self) -> dict[str, int]:
        """The count, by denomination in cents, without those with no pieces."""
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
    """Another count; for a closed drawer also the reason of a remaining difference.

    The former reason is kept with the new count (`DrawerCount.was_said`).
    """

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
    """Add an error to the form when there is a difference and no reason."""
    try:
        drawers.required_reason(form.cleaned_data["reason"], difference)
    except DrawerRefusedError as error:
        form.add_error("reason", str(error))


class ColleagueForm(PresenceForm):
    """Asks a colleague to authenticate on the supervisor's screen, as a second person.

    After `is_valid()` it is in `colleague`: a clerk of the office, but not the
    supervisor and not the drawer's clerk. With `is_asked=False` nobody is asked and
    `colleague` is None, because the two have authenticated at the count already.
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
    """A count by a supervisor and a colleague, for a clerk who is absent."""

    helper = layout(_COUNTS, Row("reason"), *_COLLEAGUE)

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        refusal = drawers.why_not_counted(self._drawer)
        if refusal is not None:
            self.add_error(None, str(refusal))
        elif "reason" in self.fields and not self.errors:
            expected = self._drawer.expected_amount or Decimal(0)
            _ask_reason(self, worth(self.counts) - expected)
        # Checked last, so that no digits are used up on a form that is shown again.
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
    """Closing by a supervisor and a colleague, for a clerk who is absent."""

    helper = layout(_REASON, *_COLLEAGUE)

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        if not self.errors:
            _ask_reason(self, self._drawer.difference)
        # Checked last, as in JointCountForm.
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
