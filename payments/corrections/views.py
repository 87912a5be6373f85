"""The page on which a supervisor corrects the method of a payment."""

import uuid
from decimal import Decimal
from typing import Any, assert_never

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from counter.exceptions import CounterError
from counter.models import Clerk
from counter.staff.access import for_clerks
from counter.staff.supervisor_approval import SUPERVISOR, SupervisorForm
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther
from payments.corrections import correcting
from payments.corrections.correcting import BOOKED_SO
from payments.corrections.right_method import RightMethod, is_booked_so
from payments.enums import Method, TariffCategory, WaiverReason
from payments.exceptions import SlipUsedError
from payments.models import Payment, Terminal
from payments.taking import slip_numbers
from payments.taking.methods import Place, record
from payments.taking.taking import prices_in_force
from payments.tariffs import choices


class CorrectForm(SupervisorForm):
    """How the person really paid; `payment` is the one that is corrected."""

    helper = layout(
        Row("payment"),
        Row("method"),
        Row("terminal"),
        Row("terminal_slip"),
        Row("waiver_reason"),
        Row("category"),
        *SUPERVISOR,
        Row("password"),
    )

    payment = forms.UUIDField(widget=forms.HiddenInput)
    method = forms.TypedChoiceField(
        label=gettext_lazy("How was it really paid?"),
        choices=[(method.value, method.label) for method in Method],
        coerce=Method,
        widget=forms.RadioSelect(attrs={"autofocus": True}),
    )
    terminal = forms.ModelChoiceField(
        Terminal.objects.none(),
        label=gettext_lazy("Terminal, for a card"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    terminal_slip = forms.CharField(
        label=gettext_lazy("Number on the terminal's slip, for a card"),
        required=False,
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters"}
        ),
    )
    waiver_reason = forms.TypedChoiceField(
        label=gettext_lazy("Why was no fee due, for a waiver?"),
        choices=[("", gettext_lazy("- Select an option -")), *WaiverReason.choices],
        coerce=WaiverReason,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    category = forms.ChoiceField(
        label=gettext_lazy("Which price was paid, or is not asked?"),
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, of: Payment, **kwargs: Any) -> None:
        super().__init__(*args, dossier=of.dossier, **kwargs)
        self._payment = of
        self.initial["payment"] = of.pk
        field: Any = self.fields["terminal"]
        field.queryset = Terminal.objects.of_office(of.dossier.office)
        if not field.queryset.exists():
            del self.fields["terminal"]
        prices = _prices(of)
        field = self.fields["category"]
        field.choices = choices.with_prices(prices)
        if len(prices) <= 1:
            del self.fields["category"]

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        method = data.get("method")
        place = record(method).place if method else None
        if place is Place.TERMINAL:
            self._check_card(data)
        else:
            self.errors.pop("terminal_slip", None)
        reason = data.get("waiver_reason") if place is Place.NOWHERE else None
        if place is Place.NOWHERE and reason is None:
            self.add_error("waiver_reason", _("Say why no fee was due."))
        if place is not None and reason is not WaiverReason.REGULATION:
            self._check_category(data)
        if not self.errors and self.right.is_of(self._payment):
            self.add_error(None, str(BOOKED_SO))
        # Checked last, so that no digits are used up on a form that is shown again.
        return super().clean()

    def _why_not(self, supervisor: Clerk) -> str | Promise | None:
        if error := correcting.why_not(self._payment, supervisor, at=timezone.now()):
            return str(error)
        return super()._why_not(supervisor)

    def _check_category(self, data: dict[str, Any]) -> None:
        unsaid = "category" in self.fields and not data.get("category")
        if unsaid and not self.errors.get("category"):
            self.add_error("category", _("Choose who pays: the price depends on it."))

    def _check_card(self, data: dict[str, Any]) -> None:
        unsaid = "terminal" in self.fields and data.get("terminal") is None
        if unsaid and not self.errors.get("terminal"):
            self.add_error("terminal", _("Choose the terminal."))
        if data.get("terminal_slip") is not None:
            try:
                slip = slip_numbers.read(data["terminal_slip"], data.get("terminal"))
                data["terminal_slip"] = slip
            except ValidationError as error:
                self.add_error("terminal_slip", error)

    @property
    def right(self) -> RightMethod:
        data = self.cleaned_data
        method: Method = data["method"]
        place = record(method).place
        match place:
            case Place.DRAWER:
                return RightMethod(method=method, category=data.get("category"))
            case Place.TERMINAL:
                return RightMethod(
                    method=method,
                    category=data.get("category"),
                    terminal=data.get("terminal"),
                    terminal_slip=data["terminal_slip"],
                )
            case Place.NOWHERE:
                return RightMethod(
                    method=method,
                    category=data.get("category") or None,
                    waiver_reason=data["waiver_reason"],
                )
            case _:
                assert_never(place)


def _prices(payment: Payment) -> dict[str, Decimal]:
    """The prices by category on the day of payment, if it was booked free of charge.

    Otherwise empty, because the price that was charged stays the same.
    """
    if payment.tariff.amount:
        return {}
    first = payment.dossier.payments.as_taken().get()
    return prices_in_force(payment.dossier.office, at=first.taken_at)


def _is_booked_so(payment: Payment, posted: QueryDict) -> bool:
    """Whether the payment has the posted method already, as after a second click."""
    booked = payment.tariff.category
    if booked not in (posted.get("category") or booked, TariffCategory.WAIVER):
        return False
    try:
        slip = slip_numbers.read(
            posted.get("terminal_slip", "").strip(), payment.terminal
        )
    except ValidationError:
        slip = ""
    return is_booked_so(
        payment,
        method=posted.get("method", ""),
        terminal=posted.get("terminal", ""),
        terminal_slip=slip,
        waiver_reason=posted.get("waiver_reason", ""),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def correct(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Ask for the right method and a supervisor, then show the new receipt."""
    payments = Payment.objects.visible_to(clerk).not_replaced()
    rows = payments.select_related("dossier__office", "receipt", "tariff", "taken_by")
    payment = get_object_or_404(rows, dossier=pk)
    posted = request.POST if request.method == "POST" else None
    form = CorrectForm(posted, request=request, clerk=clerk, of=payment)
    if posted is not None and posted.get("payment") not in ("", None, f"{payment.pk}"):
        # The form was sent twice: the first one corrected it already.
        if not _is_booked_so(payment, posted):
            messages.warning(request, str(correcting.CORRECTED_ALREADY))
        return SeeOther("counter_dossiers:dossier", pk)
    context = {"payment": payment, "dossier": payment.dossier, "form": form}
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(
            request, "payments/corrections/correct.html", context, status=status
        )
    try:
        replacement = correcting.correct_method(
            payment=payment,
            right=form.right,
            clerk=clerk,
            supervisor=form.supervisor,
            at=timezone.now(),
        )
    except CounterError as error:
        at_slip = "terminal_slip" if isinstance(error, SlipUsedError) else None
        form.add_error(at_slip, str(error))
        return render(request, "payments/corrections/correct.html", context, status=409)
    sentence = _("Corrected. Print receipt %(receipt)s for the person.")
    messages.success(request, sentence % {"receipt": replacement.receipt.label})
    return SeeOther("counter_dossiers:dossier", pk)
