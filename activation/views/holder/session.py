"""Who is signed in on the holder's own page.

The session holds ids and times only, under names of its own: a clerk who tries the
page in the same browser stays signed in. Idle 15 minutes, 60 minutes in all
(SECURITY.md, section 1); `session_epoch` of the holder ends it everywhere at once.

The stages before that have names of their own too: who has shown a password, and who
is on the way to a new one. None opens anything but the next step.
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

from activation.enums import KeyKind
from activation.exceptions import TooManyRequestsError
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.services.one_time import destination_indexes
from activation.services.throttling import address_of, count_request
from activation.views import pages, visit
from activation.views.holder import turns
from counter.models import Office

IDLE: Final = timedelta(minutes=15)
IN_ALL: Final = timedelta(minutes=60)
STAGE: Final = timedelta(minutes=15)
KEY_SHOWN_FOR: Final = timedelta(minutes=5)

_HOLDER: Final = "holder_id"
_EPOCH: Final = "holder_epoch"
_STARTED: Final = "holder_started_at"
_SEEN: Final = "holder_seen_at"
_STAGE: Final = "holder_stage"
_STAGE_OF: Final = "holder_stage_of"
_STAGE_AT: Final = "holder_stage_at"
_STAGE_TRIES: Final = "holder_stage_tries"
_KEY_SHOWN: Final = "holder_key_shown_at"
_KEY: Final = "holder_key_id"
_NEW_KEY: Final = "holder_new_key_id"
_NEW_APP: Final = "holder_new_app_id"
_CLOCK: Final = "holder_clock"
_NEW_EMAIL: Final = "holder_new_email_code"
_OURS: Final = (
    *(_HOLDER, _EPOCH, _STARTED, _SEEN, _STAGE, _STAGE_OF, _STAGE_AT),
    *(_STAGE_TRIES, _KEY_SHOWN, _KEY, _NEW_KEY, _NEW_APP, _CLOCK, _NEW_EMAIL),
)

#: Name and password were right; a key has to be shown.
SIGNING_IN: Final = "signing in"
#: Digits were sent to the address; whether there is such a holder is never said.
RECOVERING: Final = "recovering"
#: The digits of the mail were right; a key has to be shown.
RECOVERING_KEY: Final = "recovering: key"
#: Mail and key were shown; a new password may be chosen.
RECOVERED: Final = "recovered"

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
    request.session[_HOLDER] = str(holder.pk)
    request.session[_EPOCH] = holder.session_epoch
    request.session[_STARTED] = request.session[_SEEN] = at.isoformat()
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
    if holder.session_epoch != request.session[_EPOCH] + 1:
        return
    request.session.cycle_key()
    request.session[_EPOCH] = holder.session_epoch


def holder_of(request: HttpRequest, *, at: datetime) -> KeyHolder | None:
    """Who is signed in; whoever was away too long is signed out."""
    session = request.session
    if _HOLDER not in session:
        return None
    seen = datetime.fromisoformat(session[_SEEN])
    started = datetime.fromisoformat(session[_STARTED])
    holder = _find(session[_HOLDER])
    is_over = at >= seen + IDLE or at >= started + IN_ALL
    if holder is None or is_over or holder.session_epoch != session[_EPOCH]:
        forget(request)
        messages.warning(request, _("You were signed out. Sign in again."))
        return None
    return holder


def forget(request: HttpRequest) -> None:
    """Also that a password was chosen here: that was the way in of who leaves now."""
    visit.forget_chosen_account(request)
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


def _find(pk: str) -> KeyHolder | None:
    return KeyHolder.objects.select_related("applicant").filter(pk=pk).first()


def for_holder[**P](
    view: HolderView[P],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of the holder's own; anybody else is led to the sign-in page."""

    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        at = timezone.now()
        holder = holder_of(request, at=at)
        if holder is None:
            return pages.see_other("keys:sign_in")
        request.session[_SEEN] = at.isoformat()
        return view(request, holder, *args, **kwargs)

    @wraps(view)
    def handle(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if request.method != "POST" or _HOLDER not in request.session:
            return answer(request, *args, **kwargs)
        if too_much := throttled(request, at=timezone.now()):
            return too_much
        # Before the session is judged: the one before may be ending all others.
        with turns.take(request) as is_there:
            if not is_there:
                return _done_meanwhile(request)
            return answer(request, *args, **kwargs)

    return handle


def _done_meanwhile(request: HttpRequest) -> HttpResponse:
    """Of two clicks the first one was answered; where that shows.

    Who is signed out by now is led on from there to the sign-in page.
    """
    match = request.resolver_match
    if match and match.view_name == "keys:prove":
        return pages.SeeOther(request.path)
    return pages.see_other("keys:overview")


def throttled(request: HttpRequest, *, at: datetime) -> HttpResponse | None:
    """Count what is sent; the page that says so when it is too much a minute."""
    if request.method != "POST":
        return None
    try:
        count_request(address=address_of(request), at=at)
    except TooManyRequestsError as error:
        office = Office.objects.order_by("pk").first()
        return pages.wait(request, office, error, at=at)
    return None


# On the way in


def enter_stage(
    request: HttpRequest, stage: str, holder: KeyHolder | None, *, at: datetime
) -> None:
    """A new session key; the stage of nobody looks like any other from outside.

    It ends with the holder's sessions: a password that was shown before it changed is
    good for nothing after.
    """
    forget(request)
    request.session.cycle_key()
    request.session[_STAGE] = stage
    request.session[_STAGE_OF] = str(holder.pk if holder else uuid.uuid4())
    request.session[_EPOCH] = holder.session_epoch if holder else 0
    request.session[_STAGE_AT] = at.isoformat()


def is_at(request: HttpRequest, stage: str, *, at: datetime) -> bool:
    session = request.session
    if session.get(_STAGE) != stage:
        return False
    return at < datetime.fromisoformat(session[_STAGE_AT]) + STAGE


def count_try(request: HttpRequest) -> int:
    """How often something wrong was typed at this stage, this time included."""
    tries: int = request.session.get(_STAGE_TRIES, 0) + 1
    request.session[_STAGE_TRIES] = tries
    return tries


def swap_clock(request: HttpRequest, seen: list[str | int] | None) -> object:
    """Keep what activation.views.holder.clock saw; returns what it saw before."""
    before: object = request.session.get(_CLOCK)
    request.session[_CLOCK] = seen
    return before


def holder_at(request: HttpRequest, stage: str, *, at: datetime) -> KeyHolder | None:
    """Who is at this stage; None as well when there is no such holder."""
    if not is_at(request, stage, at=at):
        return None
    holder = _find(request.session[_STAGE_OF])
    if holder is None or holder.session_epoch != request.session.get(_EPOCH):
        return None
    return holder


def at_stage[**P](
    stage: str, *, start: str, done: str
) -> Callable[[HolderView[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A page of who is at this stage; anybody else is led to `start`.

    Of two clicks the second one is led to `done`, where the first one leads.
    """

    def decorate(
        view: HolderView[P],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        def answer(
            request: HttpRequest, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            holder = holder_at(request, stage, at=timezone.now())
            if holder is None:
                return pages.see_other(start)
            return view(request, holder, *args, **kwargs)

        @wraps(view)
        def handle(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            at = timezone.now()
            if request.method != "POST" or not is_at(request, stage, at=at):
                return answer(request, *args, **kwargs)
            if too_much := throttled(request, at=at):
                return too_much
            with turns.take(request) as is_there:
                if is_there and is_at(request, stage, at=at):
                    return answer(request, *args, **kwargs)
                return pages.see_other(done)

        return handle

    return decorate


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
    if key.kind == KeyKind.APP:
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
