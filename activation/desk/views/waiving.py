"""The page that issues a code without a fee, when a supervisor agrees."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from activation.codes import issuing
from activation.codes.issuing import AlreadyPaidError
from counter.dossiers.document_seen import DocumentSeenField, was_another_day
from counter.dossiers.find import dossier_for
from counter.enums import DossierState
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier
from counter.staff.access import for_clerks
from counter.staff.supervisor_approval import SUPERVISOR, SupervisorForm
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther
from payments.enums import WaiverReason
from payments.exceptions import PriceChangedError
from payments.models import Payment
from payments.taking import waiving
from payments.taking.taking import prices_in_force
from payments.tariffs import choices


class WaiverForm(SupervisorForm):
    """Why no fee is due, and which supervisor agrees.

    With several prices it also asks which of them is waived.
    """

    helper = layout(
        Row("submission"),
        Row("reason"),
        Row("category"),
        Row("document_seen"),
        *SUPERVISOR,
        Row("password"),
    )

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    reason = forms.TypedChoiceField(
        label=_("Why is no fee due?"),
        choices=WaiverReason,
        coerce=WaiverReason,
        widget=forms.RadioSelect(attrs={"autofocus": True}),
    )
    category = forms.ChoiceField(
        label=_("Which price is not asked?"), widget=forms.RadioSelect
    )

    def __init__(
        self,
        *args: Any,
        dossier: Dossier,
        prices: Mapping[str, Decimal],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, dossier=dossier, **kwargs)
        field: Any = self.fields["category"]
        field.choices = choices.with_prices(prices)
        if len(prices) <= 1:
            del self.fields["category"]
        if was_another_day(dossier, at=timezone.now()):
            self.fields["document_seen"] = DocumentSeenField()


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def waive_and_issue(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Waive the fee with a reason and a supervisor's agreement, and issue the code."""
    dossier = dossier_for(clerk, pk)
    posted = request.POST if request.method == "POST" else None
    if posted is None and dossier.state != DossierState.RECORDED:
        return SeeOther("counter_dossiers:dossier", pk)
    prices = prices_in_force(dossier.office, at=timezone.now())
    if posted is not None and _is_booked(request, dossier):
        # The form was sent twice. It is not validated again, because the supervisor's
        # six digits are used up.
        return SeeOther("counter_dossiers:dossier", pk)
    form = WaiverForm(
        posted, request=request, clerk=clerk, dossier=dossier, prices=prices
    )
    page, context = (
        "activation/desk/waive_and_issue.html",
        {"dossier": dossier, "form": form},
    )
    if not form.is_valid():
        return render(request, page, context, status=422 if form.errors else 200)
    try:
        issuing.waive_and_issue(
            dossier=dossier,
            clerk=clerk,
            supervisor=form.supervisor,
            reason=form.cleaned_data["reason"],
            category=form.cleaned_data.get("category"),
            submission=form.cleaned_data["submission"],
            document_seen=form.cleaned_data.get("document_seen", False),
            at=timezone.now(),
        )
    except PriceChangedError:
        # The price that would be recorded as waived is no longer in force. When the
        # form is sent again, it uses the new prices.
        form.add_error(None, _("The price changed meanwhile. Agree once more."))
        return render(request, page, context, status=409)
    except CounterError as error:
        messages.warning(request, str(error))
    return SeeOther("counter_dossiers:dossier", pk)


def _is_booked(request: HttpRequest, dossier: Dossier) -> bool:
    """Whether this form was booked before.

    Adds a message when it was booked with another reason or price.
    """
    try:
        sent = uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        return False
    booked = Payment.objects.filter(dossier=dossier, submission=sent).first()
    if booked is None:
        return False
    reason, category = request.POST.get("reason", ""), request.POST.get("category")
    if not waiving.says_the_same(booked, reason, category):
        messages.warning(request, str(AlreadyPaidError(booked)))
    return True
