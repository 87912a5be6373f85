"""The page on which a clerk confirms that a person has their money back, or not."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
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
from counter.staff.access import for_clerks
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther
from payments.enums import RefundMethod, ReversalState
from payments.exceptions import SlipUsedError
from payments.models import Reversal
from payments.reversals import handing_over
from payments.taking import slip_numbers


class HandOverForm(reauthentication.PresenceForm):
    """One of two buttons, and the slip number when a terminal refunds."""

    helper = layout(Row("refund_slip"), Row("password"))

    done = forms.ChoiceField(
        choices=(
            ("given", gettext_lazy("The money was given back")),
            ("bank", gettext_lazy("By bank transfer instead")),
        )
    )
    refund_slip = forms.CharField(
        label=gettext_lazy("Number on the slip of the refund"),
        required=False,
        max_length=30,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "form-control",
                "autofocus": True,
            }
        ),
    )

    def __init__(self, *args: Any, of: Reversal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terminal = of.payment.terminal
        if of.refund_method != RefundMethod.TERMINAL:
            del self.fields["refund_slip"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("done") == "bank":
            self.errors.pop("refund_slip", None)
        elif data.get("refund_slip") is not None:
            try:
                data["refund_slip"] = slip_numbers.read(
                    data["refund_slip"], self.terminal
                )
            except ValidationError as error:
                self.add_error("refund_slip", error)
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def hand_over(request: HttpRequest, clerk: Clerk, reversal: uuid.UUID) -> HttpResponse:
    """Show how much to give back from where, with one button for each outcome."""
    rows = Reversal.objects.visible_to(clerk).select_related(
        "payment__dossier",
        "payment__receipt",
        "payment__terminal",
        "drawer__clerk",
        "decided_by",
    )
    agreed = get_object_or_404(rows, pk=reversal)
    if agreed.state != ReversalState.AGREED:
        if request.method == "POST":
            messages.warning(request, _("Somebody has confirmed this already."))
        return SeeOther("counter_dossiers:dossier", agreed.payment.dossier_id)
    posted = request.POST if request.method == "POST" else None
    form = HandOverForm(posted, request=request, of=agreed)
    if form.is_valid():
        try:
            return _settle(request, clerk, agreed, form)
        except SlipUsedError as error:
            form.add_error("refund_slip", str(error))
    context = {
        "reversal": agreed,
        "form": form,
        "may": handing_over.may_hand_over(agreed, clerk),
        "is_late": timezone.localdate(agreed.payment.taken_at) < timezone.localdate(),
    }
    status = 422 if form.errors else 200
    return render(request, "payments/reversals/hand_over.html", context, status=status)


def _settle(
    request: HttpRequest, clerk: Clerk, reversal: Reversal, form: HandOverForm
) -> HttpResponse:
    at, slip = timezone.now(), form.cleaned_data.get("refund_slip", "")
    try:
        if form.cleaned_data["done"] == "bank":
            handing_over.leave_to_bank(reversal_id=reversal.pk, clerk=clerk, at=at)
            messages.success(request, _("The finance service pays it back."))
        else:
            handing_over.confirm_hand_over(
                reversal_id=reversal.pk, clerk=clerk, at=at, refund_slip=slip
            )
            messages.success(request, _("Noted: the money was given back."))
    except SlipUsedError:
        raise
    except CounterError as error:
        messages.warning(request, str(error))
    return SeeOther("counter_dossiers:dossier", reversal.payment.dossier_id)
