"""Who is on the way in: who has shown a password, and who is on the way to a new one.

The session holds ids and times only. No stage opens anything but the next step, and
each ends by itself.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from activation.holder.sessions import belonging, request_queue, session
from activation.holder.sessions.belonging import (
    CLOCK,
    EPOCH,
    MAILED,
    STAGE,
    STAGE_AT,
    STAGE_OF,
    STAGE_TRIES,
)
from activation.models import KeyHolder
from activation.web import pages

#: How long somebody may be at one.
LASTS: Final = timedelta(minutes=15)

#: Name and password were right; a key has to be shown.
SIGNING_IN: Final = "signing in"
#: Digits were sent to the address; whether there is such a holder is never said.
RECOVERING: Final = "recovering"
#: The digits of the mail were right; a key has to be shown.
RECOVERING_KEY: Final = "recovering: key"
#: Mail and key were shown; a new password may be chosen.
RECOVERED: Final = "recovered"


def enter_stage(
    request: HttpRequest, stage: str, holder: KeyHolder | None, *, at: datetime
) -> None:
    """A new session key; the stage of nobody looks like any other from outside.

    It ends with the holder's sessions: a password that was shown before it changed is
    good for nothing after.
    """
    session.forget(request)
    request.session.cycle_key()
    request.session[STAGE] = stage
    request.session[STAGE_OF] = str(holder.pk if holder else uuid.uuid4())
    request.session[EPOCH] = holder.session_epoch if holder else 0
    request.session[STAGE_AT] = at.isoformat()


def set_mailed_code(request: HttpRequest, code_id: uuid.UUID) -> None:
    """The digits that were mailed for this session; of nobody, an id like any other."""
    request.session[MAILED] = str(code_id)


def mailed_code_id(request: HttpRequest) -> uuid.UUID | None:
    value = request.session.get(MAILED)
    return uuid.UUID(value) if value else None


def is_at(request: HttpRequest, stage: str, *, at: datetime) -> bool:
    lines = request.session
    if lines.get(STAGE) != stage:
        return False
    return at < datetime.fromisoformat(lines[STAGE_AT]) + LASTS


def is_late(request: HttpRequest) -> bool:
    """Whether a form comes with a session that has ended: a second click, mostly.

    The first one went on under a new key, which the browser has by now. So lead to
    where the first one led: that page sends everybody else to the beginning.
    """
    return request.method == "POST" and STAGE not in request.session


def count_wrong_digits(request: HttpRequest) -> int:
    """How often something wrong was typed at this stage, this time included."""
    tries: int = request.session.get(STAGE_TRIES, 0) + 1
    request.session[STAGE_TRIES] = tries
    return tries


def swap_clock(request: HttpRequest, seen: list[str | int] | None) -> object:
    """Keep what clock_hint saw of the phone; returns what it saw before."""
    before: object = request.session.get(CLOCK)
    request.session[CLOCK] = seen
    return before


def holder_at(request: HttpRequest, stage: str, *, at: datetime) -> KeyHolder | None:
    """Who is at this stage; None as well when there is no such holder."""
    if not is_at(request, stage, at=at):
        return None
    holder = session.find(request.session[STAGE_OF])
    if holder is None or holder.session_epoch != request.session.get(EPOCH):
        return None
    return holder


def at_stage[**P](
    stage: str, *, start: str, done: str
) -> Callable[
    [session.HolderView[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """A page of who is at this stage; anybody else is led to `start`.

    Of two clicks the second one is led to `done`, where the first one leads.
    """

    def decorate(
        view: session.HolderView[P],
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
            if belonging.is_of_another(request):
                return belonging.refuse(request, start)
            if is_late(request):
                return request_queue.lead_on(request, done)
            if request.method != "POST" or not is_at(request, stage, at=at):
                return answer(request, *args, **kwargs)
            if too_much := session.throttled(request, at=at):
                return too_much
            with request_queue.take(request) as is_there:
                if is_there and is_at(request, stage, at=at):
                    return answer(request, *args, **kwargs)
                return pages.see_other(done)

        return handle

    return decorate
