"""A usable code, held: what is done with it is done one after the other."""

import uuid
from datetime import datetime

from activation.exceptions import CodeEndedError
from activation.models import ActivationCode


def hold_code(*, code_id: uuid.UUID, at: datetime) -> ActivationCode:
    """The code, locked until the transaction ends; first of all locks taken.

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
