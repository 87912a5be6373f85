"""Whoever types the code again goes on where they were, on whichever device.

Link and code are what the way began with, so they are enough to go on. They do not say
that it is the same person: somebody else may read the mail and have the paper. So what
was chosen is not told (the name is masked, as are numbers, and the picture of an app is
not shown again), the password does not sign anybody in, and the page says when it was
chosen and how to choose anew
(docs/decisions/068-typing-the-code-again-goes-on.md).
"""

import uuid
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest

from activation.codes import kept_way
from activation.holder.own_keys import kinds_of
from activation.journey import accounts, visit
from activation.journey.visit import Visit
from activation.models import ActivationCode, DigitalKey


def pick_up(request: HttpRequest, code: ActivationCode, *, at: datetime) -> None:
    """Put into the visit that has just begun what was chosen with the code before.

    Not where the account was chosen anew since, with another code or at the counter:
    that is told first, as ever.
    """
    code.refresh_from_db(fields=["way_sealed"])
    way = kept_way.read(code)
    if way is None or way.account != accounts.stamp(
        accounts.standing(code.dossier.applicant)
    ):
        return
    key = being_set_up(code, way.key_id, at=at)
    here = Visit.here(request, code.pk)
    replace(
        here,
        account=way.account,
        resumed_from=way.at,
        key_id=key.pk if key else None,
    ).save(request)


def being_set_up(
    code: ActivationCode, key_id: uuid.UUID | None, *, at: datetime
) -> DigitalKey | None:
    """The key that waits for its first digits, if the office still offers its kind."""
    if key_id is None:
        return None
    keys = DigitalKey.objects.being_set_up(at).filter(code=code, pk=key_id)
    return keys.filter(kind__in=kinds_of(code.dossier.office)).first()


def step_of(request: HttpRequest, code: ActivationCode, *, at: datetime) -> str:
    """The page on which the visit goes on, by its name."""
    if visit.needs_account(request, code, at=at):
        return "choose_account"
    if visit.relied_on(request, code.pk) is None:
        return "choose_account"
    key_id = visit.key_id(request, code.pk)
    return "confirm_key" if being_set_up(code, key_id, at=at) else "choose_key"
