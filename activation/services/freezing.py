"""The person did not ask for a key: its code is good for nothing until the counter."""

import uuid
from datetime import datetime

from django.db import transaction

from activation.enums import CodeState, OneTimeCodeState
from activation.models import ActivationCode, OneTimeCode
from activation.services.holding import hold_code
from activation.signals import code_ended, code_frozen
from counter import journal
from counter.enums import ActorKind, Event


@transaction.atomic
def freeze_code(*, code_id: uuid.UUID, at: datetime) -> ActivationCode:
    """End the code and its link; the office sees it at the desk and is written to.

    Who holds the link may ask for this, and nobody gains by it: the person shows
    their document at the counter and gets a new code, or the dossier is cancelled.
    Raises CodeEndedError when the code cannot become a key anyway.
    """
    code = hold_code(code_id=code_id, at=at)
    code.state = CodeState.FROZEN
    code.frozen_at = at
    code.save(update_fields=["state", "frozen_at"])
    OneTimeCode.objects.filter(key__code=code, state=OneTimeCodeState.LIVE).update(
        state=OneTimeCodeState.REPLACED
    )
    journal.write(
        Event.DOSSIER_FROZEN, dossier=code.dossier, actor_kind=ActorKind.APPLICANT
    )
    code_ended.send(sender=ActivationCode, code=code)
    code_frozen.send(sender=ActivationCode, code=code)
    return code
