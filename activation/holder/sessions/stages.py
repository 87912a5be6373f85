"""The stages before a holder is signed in: after the password, and during a recovery.

A stage allows only the next step and ends after STAGE_LASTS
(`activation.holder.sessions.holder_session.Stage`).
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from activation.holder.sessions import belonging, request_queue, session
from activation.holder.sessions.holder_session import HolderSession, Stage
from activation.models import KeyHolder
from activation.web import pages


def enter_stage(
    request: HttpRequest, stage: Stage, holder: KeyHolder | None, *, at: datetime
) -> None:
    """Begin a stage, and cycle the session key. Without a holder it looks the same.

    The stage ends with the holder's sessions, so that a person who typed the former
    password cannot continue after a change.
    """
    session.forget(request)
    request.session.cycle_key()
    HolderSession(
        stage=stage,
        holder_id=holder.pk if holder else uuid.uuid4(),
        session_epoch=holder.session_epoch if holder else 0,
        started_at=at,
        seen_at=at,
    ).save(request)


def set_mailed_code(request: HttpRequest, code_id: uuid.UUID) -> None:
    """Keep the id of the code mailed for this session; it may belong to no code."""
    replace(HolderSession.here(request), mailed_code_id=code_id).save(request)


def mailed_code_id(request: HttpRequest) -> uuid.UUID | None:
    here = HolderSession.load(request)
    return here.mailed_code_id if here else None


def is_at(request: HttpRequest, stage: Stage, *, at: datetime) -> bool:
    here = HolderSession.load(request)
    return here is not None and here.stage is stage and not here.is_over(at)


def is_late(request: HttpRequest) -> bool:
    """Whether a POST comes after its stage has ended, mostly the second of two clicks.

    The first click continued under a new session key, which the browser has by now. So
    the caller redirects to the same page as for the first click; that page sends
    everybody else to the beginning.
    """
    here = HolderSession.load(request)
    return request.method == "POST" and (here is None or here.is_signed_in)


def count_wrong_digits(request: HttpRequest) -> int:
    """Count a wrong try at this stage, and return how many there are now."""
    here = HolderSession.here(request)
    replace(here, tries=here.tries + 1).save(request)
    return here.tries + 1


def holder_at(request: HttpRequest, stage: Stage, *, at: datetime) -> KeyHolder | None:
    """The holder who is at this stage; None if nobody is, or there is no account."""
    here = HolderSession.load(request)
    if here is None or here.stage is not stage or here.is_over(at):
        return None
    holder = session.find(here.holder_id)
    if holder is None or holder.session_epoch != here.session_epoch:
        return None
    return holder


type _View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def at_stage[**P](
    stage: Stage, *, start: str, done: str
) -> Callable[[session.HolderView[P]], _View[P]]:
    """Decorate a view for a holder at this stage; others are redirected to `start`.

    The second of two clicks is redirected to `done`, the page after the first click.
    """

    def decorate(view: session.HolderView[P]) -> _View[P]:
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
