"""The end of a person's way: the key is active, and its page is shown for a while."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest

from activation.journey.times import DONE_FOR
from activation.journey.visit import Visit
from activation.models import DigitalKey, KeyHolder


def finish(request: HttpRequest, key: DigitalKey, *, at: datetime) -> None:
    """End the visit: forget all but the active key's id, so that a reload shows it.

    The id is forgotten after DONE_FOR. That there was a key stays in the session, so
    that the page is not one that asks for a link then.

    The session key is not changed: another request at the same moment would find its
    session gone. It need not be, because less is in the session than before.
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
    """The key that the visit ended in, as long as its page can be looked at."""
    visit = Visit.load(request, code_id)
    if visit is None or visit.done_at is None or visit.key_id is None:
        return None
    if at >= visit.done_at + DONE_FOR:
        replace(visit, key_id=None, session_epoch=None).save(request)
        return None
    return visit.key_id


def ended_in_a_key(request: HttpRequest, code_id: uuid.UUID) -> bool:
    """Whether its key was activated in this browser; which one is forgotten by then."""
    visit = Visit.load(request, code_id)
    return visit is not None and visit.done_at is not None


def chose_account(
    request: HttpRequest, code_id: uuid.UUID, holder: KeyHolder, *, at: datetime
) -> bool:
    """Whether the password was chosen in the visit that is done; good for one use.

    As long as the page of the key is there, or until every session of the holder was
    ended.
    """
    visit = Visit.load(request, code_id)
    if visit is None or visit.done_at is None:
        return False
    return visit.session_epoch == holder.session_epoch and at < visit.done_at + DONE_FOR


def forget_chosen_accounts(request: HttpRequest) -> None:
    """Forget the passwords chosen here, because somebody leaves the holder's page."""
    for visit in Visit.load_all(request):
        if visit.session_epoch is not None:
            replace(visit, session_epoch=None).save(request)
