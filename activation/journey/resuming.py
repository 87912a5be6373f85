"""Continuing an activation after the code was typed again, on any device.

The link and the code were enough to begin, so they are enough to continue. But they do
not prove that it is the same person: somebody else may read the mail and have the
paper. So the earlier choices are not revealed: the user name and numbers are masked,
and the QR code of an app is not shown again. The password that was chosen does not sign
the person in. The page says when the choice was made, and how to choose anew
(docs/decisions/068-typing-the-code-again-goes-on.md).
"""

import uuid
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest

from activation.holder.own_keys import kinds_of
from activation.journey import accounts, visit
from activation.journey.visit import Visit
from activation.models import ActivationCode, DigitalKey


def pick_up(request: HttpRequest, code: ActivationCode, *, at: datetime) -> None:
    """Copy the stored choices of this code into the visit that has just begun.

    Nothing is copied when the account was changed since, with another code or at the
    counter: then the page has to say so first.
    """
    holder = accounts.account_of(code.dossier.applicant)
    progress = accounts.standing_progress(code, holder)
    if progress is None:
        return
    key = being_set_up(code, progress.key_id, at=at)
    here = Visit.here(request, code.pk)
    replace(
        here,
        account=progress.account,
        resumed_from=progress.at,
        key_id=key.pk if key else None,
    ).save(request)


def being_set_up(
    code: ActivationCode, key_id: uuid.UUID | None, *, at: datetime
) -> DigitalKey | None:
    """The code's pending key with this id, if the office still offers its kind."""
    if key_id is None:
        return None
    keys = DigitalKey.objects.being_set_up(at).filter(code=code, pk=key_id)
    return keys.filter(kind__in=kinds_of(code.dossier.office)).first()


def step_of(request: HttpRequest, code: ActivationCode, *, at: datetime) -> str:
    """The URL name of the page on which the visit continues."""
    if visit.needs_account(request, code, at=at):
        return "choose_account"
    if visit.relied_on(request, code.pk) is None:
        return "choose_account"
    key_id = visit.key_id(request, code.pk)
    return "confirm_key" if being_set_up(code, key_id, at=at) else "choose_key"
