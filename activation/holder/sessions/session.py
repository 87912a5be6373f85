"""Who is signed in on the holder's own page.

What the session keeps of that is one entry
(activation.holder.sessions.holder_session). Idle 15 minutes, 60 minutes in all
(docs/security.md#sessions); `session_epoch` of the holder ends it everywhere at once.

The stages before that are in activation.holder.sessions.stages.
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from activation.exceptions import TooManyRequestsError
from activation.holder.sessions import belonging, request_queue
from activation.holder.sessions.holder_session import HolderSession, Stage
from activation.holder.wrong_tries import CountOf, Tries
from activation.journey import ending
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time.destinations import destination_indexes
from activation.web import pages
from activation.web.office import office_of_visitor
from activation.web.throttling import count_request
from counter.web.visitor_address import address_of

KEY_SHOWN_FOR: Final = timedelta(minutes=5)

#: Where a key, or a code in its place, is shown for another page (`to` in the address).
_PROVING: Final = ("activation_holder:prove", "activation_holder:prove_with_code")

type HolderView[**P] = Callable[Concatenate[HttpRequest, KeyHolder, P], HttpResponse]


# Signed in


def start(
    request: HttpRequest,
    holder: KeyHolder,
    *,
    at: datetime,
    shown_at: datetime | None = None,
) -> None:
    """Name, password and key were right: a new session key, and the clocks start.

    `shown_at` is when the key was shown; without it, now.
    """
    forget(request)
    request.session.cycle_key()
    HolderSession(
        stage=Stage.SIGNED_IN,
        holder_id=holder.pk,
        session_epoch=holder.session_epoch,
        started_at=at,
        seen_at=at,
        key_shown_at=shown_at or at,
    ).save(request)


def note_key(request: HttpRequest, *, at: datetime) -> None:
    """A key was shown here at this instant."""
    replace(HolderSession.here(request), key_shown_at=at).save(request)


def has_shown_key(request: HttpRequest, *, at: datetime) -> bool:
    """Whether a key was shown within the last minutes.

    Later somebody else may be sitting at this browser.
    """
    until = key_counts_until(request)
    return until is not None and at < until


def key_counts_until(request: HttpRequest) -> datetime | None:
    """Until when the key that was shown last does for what matters."""
    here = HolderSession.load(request)
    shown_at = here.key_shown_at if here else None
    return shown_at + KEY_SHOWN_FOR if shown_at else None


def renew(request: HttpRequest, holder: KeyHolder) -> None:
    """Keep this browser signed in after all sessions were ended, under a new key.

    Unless somebody else ended all sessions at the same moment: then this one ends too.
    """
    here = HolderSession.here(request)
    if holder.session_epoch != here.session_epoch + 1:
        return
    request.session.cycle_key()
    replace(here, session_epoch=holder.session_epoch).save(request)


def is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody signed in here; not yet whether that has ended meanwhile."""
    here = HolderSession.load(request)
    return here is not None and here.is_signed_in


def holder_of(request: HttpRequest, *, at: datetime) -> KeyHolder | None:
    """Who is signed in; whoever was away too long is signed out."""
    here = HolderSession.load(request)
    if here is None or not here.is_signed_in:
        return None
    holder = None if here.is_over(at) else find(here.holder_id)
    if holder is None or holder.session_epoch != here.session_epoch:
        forget(request)
        messages.warning(request, _("You were signed out. Sign in again."))
        return None
    return holder


def forget(request: HttpRequest) -> None:
    """Forget the holder in this session, and that a password was chosen here.

    The latter would let whoever comes next in by the activation.
    """
    ending.forget_chosen_accounts(request)
    HolderSession.drop(request)


def sign_out(request: HttpRequest) -> None:
    """End the session; when something else is in it, under a new key.

    A request that is under way has the session as it was, and keeps it at its end:
    under the old key it finds nothing to write over. One that somebody else ended is
    not brought back.
    """
    forget(request)
    session = request.session
    key = session.session_key
    if key and list(session.keys()) and session.exists(key):
        session.cycle_key()
    else:
        session.flush()


def find(pk: uuid.UUID) -> KeyHolder | None:
    return KeyHolder.objects.select_related("applicant").filter(pk=pk).first()


def for_holder[**P](
    view: HolderView[P],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of the holder's own; anybody else is led to the sign-in page."""

    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        at = timezone.now()
        holder = holder_of(request, at=at)
        if holder is None:
            return pages.see_other("activation_holder:sign_in")
        replace(HolderSession.here(request), seen_at=at).save(request)
        return view(request, holder, *args, **kwargs)

    @wraps(view)
    def handle(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if request.method != "POST":
            return answer(request, *args, **kwargs)
        if not is_signed_in(request):
            return _done_meanwhile(request)
        if too_much := throttled(request, at=timezone.now()):
            return too_much
        # Before the session is judged: the one before may be ending all others.
        with request_queue.take(request) as is_there:
            if not is_there:
                return _done_meanwhile(request)
            if belonging.is_of_another(request):
                return belonging.refuse(request, "activation_holder:overview")
            return answer(request, *args, **kwargs)

    return handle


def _done_meanwhile(request: HttpRequest) -> HttpResponse:
    """Lead the second of two clicks to the page that shows what the first one did.

    Where a key is shown, or a code from paper in its place, that is the page that asked
    for it. Who is signed out by now is led on from there to the sign-in page.
    """
    match = request.resolver_match
    if match and match.view_name in _PROVING:
        to = reverse("activation_holder:prove", kwargs=match.kwargs)
        return request_queue.lead_on(request, to)
    return request_queue.lead_on(request, "activation_holder:overview")


def throttled(request: HttpRequest, *, at: datetime) -> HttpResponse | None:
    """Count what is sent; the page that says so when it is too much a minute."""
    if request.method != "POST":
        return None
    try:
        count_request(address=address_of(request), at=at)
    except TooManyRequestsError as error:
        office = office_of_visitor(request)
        return pages.wait(request, office, error, at=at)
    return None


def tries(request: HttpRequest) -> Tries:
    """What is typed wrong while signed in: it closes this session and no other."""
    here = HolderSession.here(request)
    return Tries(CountOf.SESSION, f"{here.holder_id} {here.started_at.isoformat()}")


# Between two pages


def choose_key(request: HttpRequest, key_id: uuid.UUID) -> None:
    """The key that is going to be shown."""
    replace(HolderSession.here(request), key_id=key_id).save(request)


def chosen_key_id(request: HttpRequest) -> uuid.UUID | None:
    here = HolderSession.load(request)
    return here.key_id if here else None


def set_new_key(request: HttpRequest, key: DigitalKey) -> None:
    """The key that is being added.

    An app is remembered past that: chosen again here it shows the secret that was
    scanned before (`new_app_id`). Nobody else's session shows it.
    """
    here = HolderSession.here(request)
    app_id = here.new_app_id if key.kind_record.has_destination else key.pk
    replace(here, new_key_id=key.pk, new_app_id=app_id).save(request)


def typed_email(request: HttpRequest, code: OneTimeCode) -> None:
    """A new contact address was typed here, and this code was sent to it."""
    replace(HolderSession.here(request), new_email_code_id=code.pk).save(request)


@sensitive_variables()
def has_typed_email(request: HttpRequest, holder: KeyHolder) -> bool:
    """Whether the address that awaits its digits was typed in this very session."""
    sent = HolderSession.here(request).new_email_code_id
    code = holder.one_time_codes.filter(pk=sent).first() if sent else None
    if code is None:
        return False
    return bytes(code.destination_index) in destination_indexes(holder.new_email)


def new_key_id(request: HttpRequest) -> uuid.UUID | None:
    return HolderSession.here(request).new_key_id


def new_app_id(request: HttpRequest) -> uuid.UUID | None:
    """The app that was set up last in this session."""
    return HolderSession.here(request).new_app_id


def forget_keys(request: HttpRequest) -> None:
    """Neither the key to show nor the one that is being added."""
    here = HolderSession.here(request)
    replace(here, key_id=None, new_key_id=None).save(request)
