"""The page on which a supervisor notes what the finance service paid back."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from counter.exceptions import CounterError
from counter.models import Clerk
from counter.staff import reauthentication
from counter.staff.access import ForThoseWhoMay
from counter.web.form_fields import TypedDateField
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther
from payments.closing import whose_day
from payments.desk import role_rights
from payments.models import BankRefund, Reversal
from payments.reversals import refunding


class RefundForm(reauthentication.PresenceForm):
    """The day on which the finance service made the transfer."""

    helper = layout(Row("paid_on"), Row("password"))

    paid_on = TypedDateField(
        label=gettext_lazy("Paid back on"),
        initial=timezone.localdate,
        widget=forms.DateInput(
            format="%Y-%m-%d",
            attrs={"type": "date", "class": "form-control", "autofocus": True},
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@ForThoseWhoMay(role_rights.DECIDE_REVERSAL)
def note_refund(
    request: HttpRequest, clerk: Clerk, reversal: uuid.UUID
) -> HttpResponse:
    """Note when the finance service paid a reversal back, which cannot be changed."""
    rows = Reversal.objects.visible_to(clerk).by_bank()
    to_refund = get_object_or_404(
        rows.select_related("payment__dossier__office", "decided_by"), pk=reversal
    )
    office = to_refund.payment.dossier.office
    day = whose_day.address("day", f"{to_refund.booked_on}", office, clerk)
    form = RefundForm(
        request.POST if request.method == "POST" else None, request=request
    )
    if request.method == "POST" and form.is_valid():
        try:
            refunding.note_refund(
                reversal_id=to_refund.pk,
                supervisor=clerk,
                paid_on=form.cleaned_data["paid_on"],
                at=timezone.now(),
            )
        except CounterError as error:
            form.add_error("paid_on", str(error))
        else:
            messages.success(request, _("Noted: it was paid back."))
            return SeeOther(day)
    context = {
        "reversal": to_refund,
        "day": day,
        "refund": BankRefund.objects.filter(reversal=to_refund).first(),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(
        request, "payments/reversals/note_refund.html", context, status=status
    )
