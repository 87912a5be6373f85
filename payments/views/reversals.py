"""Giving money back: a clerk asks, a supervisor decides."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from counter import presence
from counter.access import SeeOther, for_clerks
from counter.enums import Role
from counter.exceptions import CounterError
from counter.models import Clerk
from payments.enums import ReversalReason
from payments.models import Payment, Reversal
from payments.services.reversing import (
    ask_reversal as ask,
)
from payments.services.reversing import (
    confirm_reversal,
    refuse_reversal,
)


class AskReversalForm(presence.PresenceForm):
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why is it given back?"),
        choices=ReversalReason,
        coerce=ReversalReason,
        widget=forms.RadioSelect(attrs={"autofocus": True}),
    )


class DecideForm(presence.PresenceForm):
    decision = forms.ChoiceField(
        choices=(
            ("confirm", gettext_lazy("Confirm the reversal")),
            ("refuse", gettext_lazy("Refuse the reversal")),
        )
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def ask_reversal(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Ask a supervisor to give a dossier's payment back."""
    payments = Payment.objects.visible_to(clerk).select_related("dossier__applicant")
    payment = get_object_or_404(payments, dossier=pk)
    form = AskReversalForm(
        request.POST if request.method == "POST" else None, request=request
    )
    context = {"payment": payment, "form": form}
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "payments/ask_reversal.html", context, status=status)
    try:
        ask(
            payment=payment,
            clerk=clerk,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )
        messages.success(request, _("Asked. A supervisor has to confirm it."))
    except CounterError as error:
        messages.warning(request, str(error))
    return SeeOther("counter:dossier", pk)


@require_safe
@for_clerks
def reversals(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """What waits for a supervisor, oldest first."""
    if clerk.role != Role.SUPERVISOR:
        raise PermissionDenied
    return render(request, "payments/reversals.html", {"reversals": _waiting(clerk)})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def decide_reversal(
    request: HttpRequest, clerk: Clerk, reversal: uuid.UUID
) -> HttpResponse:
    """The second person's page: confirm or refuse, once."""
    if clerk.role != Role.SUPERVISOR:
        raise PermissionDenied
    found = Reversal.objects.visible_to(clerk).select_related(
        "payment__dossier__applicant", "payment__receipt", "asked_by"
    )
    asked = get_object_or_404(found, pk=reversal)
    form = DecideForm(
        request.POST if request.method == "POST" else None, request=request
    )
    if request.method != "POST" or not form.is_valid():
        context: dict[str, Any] = {"reversal": asked, "form": form}
        status = 422 if form.errors else 200
        return render(request, "payments/decide_reversal.html", context, status=status)
    confirmed = form.cleaned_data["decision"] == "confirm"
    decide = confirm_reversal if confirmed else refuse_reversal
    try:
        decided = decide(reversal_id=asked.pk, supervisor=clerk, at=timezone.now())
        messages.success(request, _said(decided, confirmed=confirmed))
    except CounterError as error:
        messages.warning(request, str(error))
    return SeeOther("payments:reversals")


def _waiting(clerk: Clerk) -> list[Reversal]:
    rows = Reversal.objects.visible_to(clerk).asked().order_by("asked_at")
    return list(rows.select_related("payment__dossier__applicant", "asked_by")[:100])


def _said(reversal: Reversal, *, confirmed: bool) -> str:
    if not confirmed:
        return _("Refused: the payment stands.")
    if reversal.drawer_id:
        return _("Confirmed. Give the cash back from the clerk's drawer.")
    if reversal.by_bank_transfer:
        return _("Confirmed. The finance service pays it back by bank transfer.")
    return _("Confirmed. Give it back on the card terminal.")
