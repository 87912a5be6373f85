"""Freezing a code: the person says that they did not ask for a key.

The reader of the previous address (activation.addresses.changed_addresses) and a
supervisor (activation.codes.revoking) have it frozen too; the journal says which. A
frozen code never works again; only the counter can issue a new one.
"""

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
    """Freeze the code, so that it and its link stop working, and tell the office.

    The office sees it at the desk and gets a mail. Anybody who has the link may ask for
    this, because it gives no access: the person shows their identity document at the
    counter and gets a new code, or the dossier is cancelled.

    A code on hold stays on hold; it becomes frozen when its payment is not given back.
    Raises CodeEndedError when the code can no longer be used in any case.
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
    """Freeze a code whose row the caller has locked."""
    if code.state == CodeState.LIVE:
        code.state = CodeState.FROZEN
    code.frozen_at = at
    code.save(update_fields=["state", "frozen_at"])
    OneTimeCode.objects.filter(key__code=code, state=OneTimeCodeState.LIVE).update(
        state=OneTimeCodeState.REPLACED
    )
    codes_ended.send(sender=ActivationCode, codes=[code])
