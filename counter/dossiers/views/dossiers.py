"""One dossier: where it stands, what comes next, what happened."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from counter.desk import change
from counter.desk.registry import Page, dossier_context
from counter.dossiers.recording import cancel_dossier as cancel
from counter.dossiers.recording import reveal_number as reveal
from counter.dossiers.reveal_form import RevealForm
from counter.enums import CLERKS_CANCEL_REASONS, CancelReason, DossierState
from counter.exceptions import CounterError
from counter.identity import countries
from counter.journal.looks import note_opening
from counter.models import Clerk, Dossier
from counter.people import kinship
from counter.staff.access import SeeOther, for_clerks
from counter.staff.reauthentication import PresenceForm

# What another app brings may be a document, shown in a frame of this page.
_WITH_FRAMES: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}


class CancelForm(PresenceForm):
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why does it end here?"),
        choices=CLERKS_CANCEL_REASONS,
        coerce=CancelReason,
        initial=CancelReason.LEFT,
        widget=forms.RadioSelect,
    )


@require_safe
@csp_override(_WITH_FRAMES)
@for_clerks
def dossier(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    found = _find(clerk, pk)
    now = timezone.now()
    note_opening(dossier=found, clerk=clerk, at=now)
    # Asked about only (HEAD), nothing was shown.
    is_answer = request.method == "GET" and change.show_once(
        clerk=clerk, dossier=found, at=now
    )
    return _show(request, found, is_answer=is_answer)


@require_POST
@csp_override(_WITH_FRAMES)
@for_clerks
def reveal_number(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """The page with the whole number; it is not shown again by going back to it."""
    found = _find(clerk, pk)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form=form, status=422)
    number = reveal(dossier=found, clerk=clerk, reason=form.cleaned_data["reason"])
    return _show(request, found, number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def cancel_dossier(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Close a dossier before payment, with the reason."""
    found = _find(clerk, pk)
    if found.state != DossierState.RECORDED:
        messages.warning(request, _("This dossier has moved on. Look at it again."))
        return SeeOther("counter:dossier", pk)
    posted = request.POST if request.method == "POST" else None
    form = CancelForm(posted, request=request)
    if not form.is_valid():
        context = {"dossier": found, "form": form}
        status = 422 if form.errors else 200
        return render(
            request, "counter/dossiers/cancel_dossier.html", context, status=status
        )
    try:
        reason = form.cleaned_data["reason"]
        cancel(dossier=found, clerk=clerk, reason=reason, at=timezone.now())
        messages.success(request, _("The dossier is cancelled."))
    except CounterError as error:
        messages.warning(request, str(error))
    return SeeOther("counter:dossier", pk)


def _find(clerk: Clerk, pk: uuid.UUID) -> Dossier:
    rows = Dossier.objects.visible_to(clerk).select_related(
        "applicant", "office", "recorded_by"
    )
    return get_object_or_404(rows, pk=pk)


def _own_people(request: HttpRequest, found: Dossier) -> str:
    """Whether anything may be done here by who looks (counter.people.kinship.Kin)."""
    clerk = request.user
    return kinship.standing(found, clerk).value if isinstance(clerk, Clerk) else ""


def _show(
    request: HttpRequest,
    found: Dossier,
    *,
    form: RevealForm | None = None,
    number: str = "",
    is_answer: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`is_answer`: this is what follows the payment, which alone tells the change."""
    entries = list(found.journal.select_related("clerk"))
    page = Page(
        dossier=found,
        at=timezone.now(),
        last_entry=entries[-1].pk if entries else 0,
        is_answer=is_answer,
    )
    context = {
        **dossier_context(page),
        "dossier": found,
        "own_people": _own_people(request, found),
        "document_country": countries.name(found.document_country),
        "reveal_form": form or RevealForm(),
        "revealed_number": number,
        "journal": entries,
    }
    return render(request, "counter/dossiers/dossier.html", context, status=status)
