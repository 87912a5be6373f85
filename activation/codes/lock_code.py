"""Everything done with a code locks its row first, so acts on it follow each other."""

import uuid
from datetime import datetime

from activation.exceptions import CodeEndedError
from activation.models import ActivationCode


def lock_code(*, code_id: uuid.UUID, at: datetime) -> ActivationCode:
    """Lock a usable code until the transaction ends, before any other lock.

    Raises CodeEndedError when it is not usable at `at`.
    """
    code = (
        ActivationCode.objects.usable(at)
        .select_related("dossier__office", "dossier__applicant")
        .select_for_update(of=("self",))
        .filter(pk=code_id)
        .first()
    )
    if code is None:
        raise CodeEndedError
    return code
