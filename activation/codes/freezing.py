"""Freeze the code of a person who did not ask for a key; only the counter can help."""

import uuid
from datetime import datetime

from django.db import transaction

from activation.enums import CodeState, OneTimeCodeState
from activation.exceptions import CodeEndedError
from activation.models import ActivationCode, OneTimeCode
from activation.signals import code_frozen, codes_ended
from counter.enums import ActorKind
from counter.journal import journal
from counter.journal.events import Event


@transaction.atomic
def freeze_code(*, code_id: uuid.UUID, at: datetime) -> ActivationCode:
    """End the code and its link; the office sees it at the desk and is written to.

    Who holds the link may ask for this, and nobody gains by it: the person shows
    their document at the counter and gets a new code, or the dossier is cancelled.
    One that is on hold stays so, and is frozen when its payment stands. Raises
    CodeEndedError when the code cannot become a key anyway.
    """
    code = (
        ActivationCode.objects.stoppable(at)
        .select_related("dossier__office")
        .select_for_update(of=("self",))
        .filter(pk=code_id)
        .first()
    )
    if code is None:
        raise CodeEndedError
    freeze(code, at=at)
    journal.write(
        Event.DOSSIER_FROZEN, dossier=code.dossier, actor_kind=ActorKind.APPLICANT
    )
    code_frozen.send(sender=ActivationCode, code=code)
    return code


def freeze(code: ActivationCode, *, at: datetime) -> None:
    """Freeze a code that the caller has locked."""
    if code.state == CodeState.LIVE:
        code.state = CodeState.FROZEN
    code.frozen_at = at
    code.save(update_fields=["state", "frozen_at"])
    OneTimeCode.objects.filter(key__code=code, state=OneTimeCodeState.LIVE).update(
        state=OneTimeCodeState.REPLACED
    )
    codes_ended.send(sender=ActivationCode, codes=[code])
