"""One dossier: where it stands, what comes next, what happened."""

import re
import uuid
import zlib
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
from counter.dossiers.recording import cancel_dossier as cancel
from counter.dossiers.recording import reveal_number as reveal
from counter.dossiers.reveal_form import RevealForm
from counter.enums import CLERKS_CANCEL_REASONS, CancelReason, DossierState
from counter.exceptions import CounterError
from counter.identity import countries
from counter.journal.events import Event
from counter.journal.looks import note_opening
from counter.models import Clerk, Dossier
from counter.people import kinship
from counter.querysets import mails_to_person
from counter.staff.access import SeeOther, for_clerks
from counter.staff.reauthentication import PresenceForm

# States of a code that nobody used yet (activation.enums.CodeState).
_UNUSED = ("live", "locked", "frozen")
_ENTRY = re.compile("[0-9]{1,18}")
# The slip is shown in a frame of this page.
_WITH_SLIP: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}


class CancelForm(PresenceForm):
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why does it end here?"),
        choices=CLERKS_CANCEL_REASONS,
        coerce=CancelReason,
        initial=CancelReason.LEFT,
        widget=forms.RadioSelect,
    )


@require_safe
@csp_override(_WITH_SLIP)
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
    """The part of the page that asks again until the mail left or was refused.

    Answers 204, which leaves the page as it is, when nothing changed since `seen`:
    what a screen reader has read is not read to it again.
    """
    found = _find(clerk, pk)
    before = request.GET.get("seen", "")
    last = before.partition("-")[0]
    after = int(last) if _ENTRY.fullmatch(last) else 0
    newer = list(found.journal.filter(pk__gt=after).select_related("clerk"))
    seen = _seen(found, newer[-1].pk if newer else after)
    if seen == before:
        return HttpResponse(status=204)
    context = {
        "dossier": found,
        "seen": seen,
        "journal": newer,
        "own_people": _own_people(request, found),
        **_mending(found),
    }
    return render(request, "counter/dossiers/_mail_and_timeline.html", context)


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
    return get_object_or_404(rows.prefetch_related("deliveries"), pk=pk)


def _seen(found: Dossier, last: int) -> str:
    """The last entry shown, and how the messages fare: another when they change."""
    fares = [
        (
            row.state,
            row.attempts,
            row.leased_until is None,
            row.handed_over_at,
            bool(row.late_label),
        )
        for row in found.deliveries.all()
    ]
    return f"{last}-{zlib.crc32(repr(fares).encode()):08x}"


def _mending(found: Dossier) -> dict[str, Any]:
    """How the code and the last mail stand, so that the page says what to do."""
    now = timezone.now()
    code = found.codes.first()
    payment = getattr(found, "payment", None)
    printable = found.codes.printable(now).first()
    return {
        "code": code,
        "printable": printable,
        "slip_printable": printable is not None,
        "replaceable": code is not None
        and code.state in _UNUSED
        and code.valid_until > now,
        "reversal": payment and payment.last_reversal,
        "last_mail": mails_to_person().filter(dossier=found).first(),
    }


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
    about_mail = _mending(found)
    code, printable = about_mail["code"], about_mail["printable"]
    entries = list(found.journal.select_related("clerk"))
    payment = found.payment
    context: dict[str, Any] = {
        "dossier": found,
        "own_people": _own_people(request, found),
        "next_action": "pay" if found.state == DossierState.RECORDED else "",
        "payment": payment,
        **about_mail,
        "last_day": code and code.last_day,
        "document_country": countries.name(found.document_country),
        # A code that was printed again is not what was paid just now.
        "shows_change": is_answer
        and printable is not None
        and printable.issued_at == found.code_issued_at,
        # Once, by itself: the frame's own request notes that it was opened.
        "slip_is_new": printable is not None
        and not found.journal.filter(
            event=Event.SLIP_PRINTED, at__gte=printable.issued_at
        ).exists(),
        "reveal_form": form or RevealForm(),
        "revealed_number": number,
        "seen": _seen(found, entries[-1].pk if entries else 0),
        "journal": entries,
    }
    return render(request, "counter/dossiers/dossier.html", context, status=status)
