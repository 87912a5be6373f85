"""One dossier: where it stands, what comes next, what happened."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from counter import countries
from counter.access import for_clerks
from counter.enums import DossierState
from counter.forms import RevealForm
from counter.models import Clerk, Dossier
from counter.services import note_opening
from counter.services import reveal_number as reveal

# The slip is shown in a frame of this page.
_WITH_SLIP: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}


@require_safe
@csp_override(_WITH_SLIP)
@for_clerks
def dossier(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    found = _find(clerk, pk)
    note_opening(dossier=found, clerk=clerk, at=timezone.now())
    return _show(request, found)


@require_POST
@csp_override(_WITH_SLIP)
@for_clerks
def reveal_number(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """The page with the whole number; it is not shown again by going back to it."""
    found = _find(clerk, pk)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form=form, status=422)
    number = reveal(dossier=found, clerk=clerk, reason=form.cleaned_data["reason"])
    return _show(request, found, number=number)


@require_safe
@for_clerks
def mail_state(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """The part of the page that asks again until the mail left or was refused."""
    return render(request, "counter/_mail_state.html", {"dossier": _find(clerk, pk)})


def _find(clerk: Clerk, pk: uuid.UUID) -> Dossier:
    rows = Dossier.objects.visible_to(clerk).select_related(
        "applicant", "office", "recorded_by"
    )
    return get_object_or_404(rows.prefetch_related("deliveries"), pk=pk)


def _show(
    request: HttpRequest,
    found: Dossier,
    *,
    form: RevealForm | None = None,
    number: str = "",
    status: int = 200,
) -> HttpResponse:
    code = found.codes.first()
    context: dict[str, Any] = {
        "dossier": found,
        "next_action": "pay" if found.state == DossierState.RECORDED else "",
        "payment": getattr(found, "payment", None),
        "code": code,
        "last_day": code and code.last_day,
        "document_country": countries.name(found.document_country),
        "slip_printable": found.codes.printable(timezone.now()).exists(),
        "reveal_form": form or RevealForm(),
        "revealed_number": number,
        "journal": found.journal.select_related("clerk"),
    }
    return render(request, "counter/dossier.html", context, status=status)
