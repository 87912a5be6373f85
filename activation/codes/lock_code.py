"""Locking the row of a code.

Every service that uses a code locks its row first, so that such services run one after
the other.
"""

import uuid
from datetime import datetime

from activation.exceptions import CodeEndedError
from activation.models import ActivationCode
from counter.models import Dossier


def lock_code(*, code_id: uuid.UUID, at: datetime) -> ActivationCode:
    """Lock a usable code until the transaction ends, and return it.

    Call it before locking anything else. Raises CodeEndedError when the code is not
    usable at `at`.
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


def lock_code_of(dossier: Dossier, *, at: datetime) -> ActivationCode | None:
    """Lock the dossier's usable code until the transaction ends, and return it.

    None when the dossier has no usable code at `at`.
    """
    usable = ActivationCode.objects.usable(at).filter(dossier=dossier)
    return usable.select_for_update(of=("self",)).first()
