"""The page that settles an objection from a dossier's old address."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from activation.addresses import settling
from activation.addresses.settling import NothingToSettleError
from activation.enums import Settled
from counter.dossiers.document_seen import DocumentSeenField
from counter.dossiers.find import dossier_for
from counter.exceptions import CounterError
from counter.models import Clerk
from counter.staff.access import for_clerks
from counter.staff.supervisor_approval import SupervisorForm
from counter.web.form_layout import Row, Words, layout
from counter.web.see_other import SeeOther


class SettleForm(forms.Form):
    """What a supervisor found out about the objection.

    A second form on the page asks which supervisor agrees.
    """

    helper = layout(
        Row("outcome"),
        Row("document_seen"),
        Words(gettext_lazy("The document only when the person is here."), css="soft"),
    )

    outcome = forms.TypedChoiceField(
        label=gettext_lazy("What came of it?"),
        choices=[
            (one.value, one.label) for one in (Settled.ASKED_FOR, Settled.NOBODY_ASKED)
        ],
        coerce=Settled,
        widget=forms.RadioSelect(attrs={"autofocus": True}),
    )
    document_seen = DocumentSeenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document_seen"].required = False

    def clean(self) -> dict[str, Any]:
        """Require the document when the person asked for the change.

        The person has to say that at the counter, so the clerk can see the document.
        """
        data = super().clean() or self.cleaned_data
        is_person = data.get("outcome") == Settled.ASKED_FOR
        if is_person and not data.get("document_seen"):
            self.add_error("document_seen", _("Check the identity document first."))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def settle_objection(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Record a supervisor's decision about the objection, which ends the alarm.

    When the address can still be corrected, redirect to that page: correcting it
    settles the objection.
    """
    dossier = dossier_for(clerk, pk)
    now = timezone.now()
    if not dossier.address_changes.disputed().exists():
        messages.warning(request, _("There is nothing to settle."))
        return SeeOther("counter_dossiers:dossier", pk)
    if settling.is_settled_by_address(dossier, at=now):
        return SeeOther("activation_desk:correct_email", pk)
    form = SettleForm(request.POST if request.method == "POST" else None)
    right = request.POST if form.is_bound and form.is_valid() else None
    consent = SupervisorForm(right, request=request, clerk=clerk, dossier=dossier)
    if form.is_valid() and consent.is_valid():
        try:
            settling.settle_objection(
                dossier=dossier,
                clerk=clerk,
                supervisor=consent.supervisor,
                outcome=form.cleaned_data["outcome"],
                document_seen=form.cleaned_data["document_seen"],
                at=now,
            )
        except NothingToSettleError as error:
            messages.warning(request, str(error))
            return SeeOther("counter_dossiers:dossier", pk)
        except CounterError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is settled."))
            return SeeOther("counter_dossiers:dossier", pk)
    return render(
        request,
        "activation/desk/settle_objection.html",
        {"dossier": dossier, "form": form, "consent": consent},
        status=422 if form.is_bound else 200,
    )
