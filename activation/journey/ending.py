"""The end of a visit: the key is active, and its page can be seen for DONE_FOR."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest

from activation.journey.times import DONE_FOR
from activation.journey.visit import Visit
from activation.models import DigitalKey, KeyHolder


def finish(request: HttpRequest, key: DigitalKey, *, at: datetime) -> None:
    """End the visit: the session keeps little more than the id of the active key.

    With the id a reload shows the page again. It is deleted after DONE_FOR, but the
    session still stores that the visit ended with a key, so that the page says that and
    does not ask for a link.

    The session key is not cycled, because a concurrent request would lose its session.
    That is safe, because the session now allows less than before.
    """
    before = Visit.here(request, key.code_id)
    Visit(
        code_id=key.code_id,
        started_at=before.started_at,
        seen_at=at,
        key_id=key.pk,
        done_at=at,
        session_epoch=key.holder.session_epoch if before.chose_password else None,
        knows_name=before.knows_name,
    ).save(request)


def finished_key_id(
    request: HttpRequest, code_id: uuid.UUID, *, at: datetime
) -> uuid.UUID | None:
    """The key that was activated in this visit; None after DONE_FOR or without one."""
    visit = Visit.load(request, code_id)
    if visit is None or visit.done_at is None or visit.key_id is None:
        return None
    if at >= visit.done_at + DONE_FOR:
        replace(visit, key_id=None, session_epoch=None).save(request)
        return None
    return visit.key_id


def ended_in_a_key(request: HttpRequest, code_id: uuid.UUID) -> bool:
    """Whether a key was activated with this code in this browser."""
    visit = Visit.load(request, code_id)
    return visit is not None and visit.done_at is not None


def chose_account(
    request: HttpRequest, code_id: uuid.UUID, holder: KeyHolder, *, at: datetime
) -> bool:
    """Whether the holder's password was chosen in this visit, which has ended.

    Then the holder may sign in to their own page without typing it again. True for
    DONE_FOR at most, and not after all sessions of the holder were ended.
    """
    visit = Visit.load(request, code_id)
    if visit is None or visit.done_at is None:
        return False
    return visit.session_epoch == holder.session_epoch and at < visit.done_at + DONE_FOR


def forget_chosen_accounts(request: HttpRequest) -> None:
    """Make `chose_account` False for all visits in this session.

    Called when a holder signs out, so that the next person at this browser cannot sign
    in with the visit.
    """
    for visit in Visit.load_all(request):
        if visit.session_epoch is not None:
            replace(visit, session_epoch=None).save(request)
