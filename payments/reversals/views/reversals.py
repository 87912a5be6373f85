"""The pages on which a clerk asks to give money back and a supervisor decides."""

import uuid
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from counter.database.first_rows import first_rows
from counter.desk import as_shown
from counter.enums import DossierState
from counter.exceptions import CounterError
from counter.models import Clerk
from counter.staff import reauthentication, same_hands
from counter.staff.access import ForThoseWhoMay, for_clerks
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther
from payments.desk import role_rights
from payments.enums import RefundMethod, ReversalReason, ReversalState
from payments.models import Payment, Reversal
from payments.reversals import reversing

#: How many rows each list shows at most, the oldest first.
_MOST: Final = 100


class AskReversalForm(reauthentication.PresenceForm):
    helper = layout(Row("reason"), Row("password"))

    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why is it given back?"),
        choices=ReversalReason,
        coerce=ReversalReason,
        widget=forms.RadioSelect(attrs={"autofocus": True}),
    )


class DecideForm(reauthentication.PresenceForm):
    """Confirm or refuse. When the key is active, confirming also needs a check box."""

    helper = layout(Row("although_active"), Row("password"))

    decision = forms.ChoiceField(
        choices=(
            ("confirm", gettext_lazy("Confirm the reversal")),
            ("refuse", gettext_lazy("Refuse the reversal")),
        )
    )
    although_active = forms.BooleanField(
        label=gettext_lazy("The key is active and stays. Give the money back anyway."),
        required=False,
    )

    def __init__(self, *args: Any, is_active: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_active:
            del self.fields["although_active"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        agrees = data.get("decision") == "confirm"
        if agrees and data.get("although_active") is False:
            self.add_error(
                "although_active", _("Tick this, or refuse: the key was activated.")
            )
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def ask_reversal(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Ask a supervisor to give a dossier's payment back."""
    payments = (
        Payment.objects.visible_to(clerk).not_replaced().select_related("dossier")
    )
    payment = get_object_or_404(payments, dossier=pk)
    form = AskReversalForm(
        request.POST if request.method == "POST" else None, request=request
    )
    asked = Reversal.objects.filter(payment=payment).order_by("asked_at", "pk")
    on_page = [
        payment.pk,
        payment.amount,
        payment.method,
        *asked.values_list("pk", "state"),
    ]
    sent = request.POST.get(as_shown.NAME)
    context = {"payment": payment, "form": form}
    context["shown_stamp"] = sent or as_shown.stamp(on_page)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(
            request, "payments/reversals/ask_reversal.html", context, status=status
        )
    try:
        as_shown.refuse_others(request.POST, on_page)
        reversing.ask_reversal(
            payment=payment,
            clerk=clerk,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )
        messages.success(request, _("Asked. A supervisor has to confirm it."))
    except CounterError as error:
        messages.warning(request, str(error))
    return SeeOther("counter_dossiers:dossier", pk)


@require_POST
@for_clerks
def withdraw_reversal(
    request: HttpRequest, clerk: Clerk, reversal: uuid.UUID
) -> HttpResponse:
    """Withdraw one's own request, as long as it is not decided."""
    own = get_object_or_404(
        Reversal.objects.visible_to(clerk).select_related("payment"), pk=reversal
    )
    try:
        reversing.withdraw_reversal(reversal_id=own.pk, clerk=clerk, at=timezone.now())
        messages.success(request, _("Withdrawn: the payment stands."))
    except CounterError as error:
        messages.warning(request, str(error))
    return SeeOther("counter_dossiers:dossier", own.payment.dossier_id)


@require_safe
@ForThoseWhoMay(role_rights.DECIDE_REVERSAL)
def reversals(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """List the requests that wait for a supervisor, and agreed ones not handed over."""
    rows = Reversal.objects.visible_to(clerk).select_related(
        "payment__dossier",
        "payment__receipt",
        "payment__terminal",
        "drawer__clerk",
        "asked_by",
    )
    context = {
        "reversals": first_rows(rows.asked().order_by("asked_at"), _MOST),
        "agreed": first_rows(rows.agreed().order_by("decided_at"), _MOST),
    }
    return render(request, "payments/reversals/reversals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@ForThoseWhoMay(role_rights.DECIDE_REVERSAL)
def decide_reversal(
    request: HttpRequest, clerk: Clerk, reversal: uuid.UUID
) -> HttpResponse:
    """Show a request to a supervisor, who confirms or refuses it, once."""
    rows = Reversal.objects.visible_to(clerk).select_related(
        "payment__dossier",
        "payment__receipt",
        "payment__terminal",
        "payment__taken_by",
        "asked_by",
    )
    asked = get_object_or_404(rows, pk=reversal)
    is_active = asked.payment.dossier.state == DossierState.ACTIVATED
    posted = request.POST if request.method == "POST" else None
    form = DecideForm(posted, request=request, is_active=is_active)
    if not form.is_valid():
        context = {
            "reversal": asked,
            "form": form,
            "is_active": is_active,
            "why_not": same_hands.why_not(
                asked.asked_by, clerk, at=timezone.now(), acted_at=asked.asked_at
            ),
        }
        status = 422 if form.errors else 200
        return render(
            request, "payments/reversals/decide_reversal.html", context, status=status
        )
    try:
        messages.success(request, _outcome_sentence(_decide(asked, clerk, form)))
    except CounterError as error:
        messages.warning(request, str(error))
        return SeeOther("payments_reversals:decide_reversal", asked.pk)
    return SeeOther("payments_reversals:reversals")


def _decide(asked: Reversal, clerk: Clerk, form: DecideForm) -> Reversal:
    at = timezone.now()
    if form.cleaned_data["decision"] == "refuse":
        return reversing.refuse_reversal(reversal_id=asked.pk, supervisor=clerk, at=at)
    return reversing.agree_to_reversal(
        reversal_id=asked.pk,
        supervisor=clerk,
        at=at,
        although_active=form.cleaned_data.get("although_active", False),
    )


def _outcome_sentence(reversal: Reversal) -> str:
    if reversal.state == ReversalState.REFUSED:
        return _("Refused: the payment stands.")
    if reversal.refund_method == RefundMethod.CASH:
        return _("Confirmed. The clerk hands the cash over and confirms it.")
    if reversal.refund_method == RefundMethod.TERMINAL:
        return _("Confirmed. The clerk refunds it on the terminal and confirms it.")
    return _("Confirmed. The finance service pays it back by bank transfer.")
