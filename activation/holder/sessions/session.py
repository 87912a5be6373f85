"""Who is signed in on the holder's own page.

The session holds ids and times only, under names of its own: a clerk who tries the
page in the same browser stays signed in. Idle 15 minutes, 60 minutes in all
(docs/security.md#sessions); `session_epoch` of the holder ends it everywhere at once.

The stages before that have names of their own too (activation.holder.sessions.stages).
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from activation.exceptions import TooManyRequestsError
from activation.holder.sessions import belonging, request_queue
from activation.holder.sessions.belonging import (
    CLOCK,
    EPOCH,
    HOLDER,
    MAILED,
    SEEN,
    STAGE,
    STAGE_AT,
    STAGE_OF,
    STAGE_TRIES,
    STARTED,
)
from activation.holder.wrong_tries import Tries, Whose
from activation.journey import visit
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time.one_time import destination_indexes
from activation.web import pages
from activation.web.office import office_of_visitor
from activation.web.throttling import count_request
from counter.web.visitor_address import address_of

KEY_SHOWN_FOR: Final = timedelta(minutes=5)

_KEY_SHOWN: Final = "holder_key_shown_at"
_KEY: Final = "holder_key_id"
_NEW_KEY: Final = "holder_new_key_id"
_NEW_APP: Final = "holder_new_app_id"
_NEW_EMAIL: Final = "holder_new_email_code"
_LET_IN: Final = "holder_let_in_by"
_OURS: Final = (
    *(HOLDER, EPOCH, STARTED, SEEN, STAGE, STAGE_OF, STAGE_AT),
    *(STAGE_TRIES, _KEY_SHOWN, _KEY, _NEW_KEY, _NEW_APP, CLOCK, _NEW_EMAIL),
    MAILED,
)

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
    request.session[HOLDER] = str(holder.pk)
    request.session[EPOCH] = holder.session_epoch
    request.session[STARTED] = request.session[SEEN] = at.isoformat()
    note_key(request, at=shown_at or at)


def note_key(request: HttpRequest, *, at: datetime) -> None:
    """A key was shown here at this instant."""
    request.session[_KEY_SHOWN] = at.isoformat()


def has_shown_key(request: HttpRequest, *, at: datetime) -> bool:
    """Whether a key was shown within the last minutes; after that, anybody's hands."""
    until = key_counts_until(request)
    return until is not None and at < until


def key_counts_until(request: HttpRequest) -> datetime | None:
    """Until when the key that was shown last does for what matters."""
    if _KEY_SHOWN not in request.session:
        return None
    return datetime.fromisoformat(request.session[_KEY_SHOWN]) + KEY_SHOWN_FOR


def renew(request: HttpRequest, holder: KeyHolder) -> None:
    """Everybody else was signed out; this browser goes on, with a new session key.

    Unless somebody else ended all sessions at the same moment: then this one ends too.
    """
    if holder.session_epoch != request.session[EPOCH] + 1:
        return
    request.session.cycle_key()
    request.session[EPOCH] = holder.session_epoch


def holder_of(request: HttpRequest, *, at: datetime) -> KeyHolder | None:
    """Who is signed in; whoever was away too long is signed out."""
    session = request.session
    if HOLDER not in session:
        return None
    pk = belonging.signed_in_pk(request, at=at)
    holder = find(pk) if pk else None
    if holder is None or holder.session_epoch != session[EPOCH]:
        forget(request)
        messages.warning(request, _("You were signed out. Sign in again."))
        return None
    return holder


def forget(request: HttpRequest) -> None:
    """Also that a password was chosen here: that was the way in of who leaves now."""
    visit.forget_chosen_accounts(request)
    for name in _OURS:
        request.session.pop(name, None)


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


def find(pk: str) -> KeyHolder | None:
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
        request.session[SEEN] = at.isoformat()
        return view(request, holder, *args, **kwargs)

    @wraps(view)
    def handle(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if request.method != "POST":
            return answer(request, *args, **kwargs)
        if HOLDER not in request.session:
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
    """Of two clicks the first one was answered; where that shows.

    Who is signed out by now is led on from there to the sign-in page.
    """
    match = request.resolver_match
    if match and match.view_name == "activation_holder:prove":
        return request_queue.lead_on(request, request.path)
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


def let_in(request: HttpRequest, code_id: uuid.UUID) -> None:
    """Whoever is here opened the mail's link: wrong tries elsewhere close nothing here.

    The link's own id, so that browsers that open one link share one count.
    """
    request.session[_LET_IN] = str(code_id)


def let_in_by(request: HttpRequest) -> uuid.UUID | None:
    value = request.session.get(_LET_IN)
    return uuid.UUID(value) if value else None


def tries(request: HttpRequest) -> Tries:
    """What is typed wrong while signed in: it closes this session and no other."""
    session = request.session
    return Tries(Whose.SESSION, f"{session[HOLDER]} {session[STARTED]}")


# Between two pages


def choose_key(request: HttpRequest, key_id: uuid.UUID) -> None:
    """The key that is going to be shown."""
    request.session[_KEY] = str(key_id)


def chosen_key_id(request: HttpRequest) -> uuid.UUID | None:
    value = request.session.get(_KEY)
    return uuid.UUID(value) if value else None


def set_new_key(request: HttpRequest, key: DigitalKey) -> None:
    """The key that is being added.

    An app is remembered past that: chosen again here it shows the secret that was
    scanned before (`new_app_id`). Nobody else's session shows it.
    """
    request.session[_NEW_KEY] = str(key.pk)
    if not key.kind_record.has_destination:
        request.session[_NEW_APP] = str(key.pk)


def typed_email(request: HttpRequest, code: OneTimeCode) -> None:
    """A new contact address was typed here, and this code was sent to it."""
    request.session[_NEW_EMAIL] = str(code.pk)


@sensitive_variables()
def has_typed_email(request: HttpRequest, holder: KeyHolder) -> bool:
    """Whether the address that awaits its digits was typed in this very session."""
    sent = request.session.get(_NEW_EMAIL, "")
    code = holder.one_time_codes.filter(pk=sent).first() if sent else None
    if code is None:
        return False
    return bytes(code.destination_index) in destination_indexes(holder.new_email)


def new_key_id(request: HttpRequest) -> uuid.UUID | None:
    value = request.session.get(_NEW_KEY)
    return uuid.UUID(value) if value else None


def new_app_id(request: HttpRequest) -> uuid.UUID | None:
    """The app that was set up last in this session."""
    value = request.session.get(_NEW_APP)
    return uuid.UUID(value) if value else None


def forget_keys(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
    request.session.pop(_NEW_KEY, None)
