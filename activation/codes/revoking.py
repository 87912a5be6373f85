"""Revoking an unused code: a supervisor stops it."""

from datetime import datetime

from django.db import transaction

from activation.codes.freezing import freeze
from activation.codes.lock_code import lock_code_of
from activation.codes.reissuing import moved_on
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier


@transaction.atomic
def revoke_code(*, dossier: Dossier, clerk: Clerk, at: datetime) -> None:
    """Freeze the dossier's code, so that it and its link stop working.

    The counter can reissue a code. Unlike `freeze_code` this sends no mail. Raises
    CodeMovedOnError when the dossier has no usable code.
    """
    code = lock_code_of(dossier, at=at)
    if code is None:
        raise moved_on()
    freeze(code, at=at)
    journal.write(Event.CODE_REVOKED, dossier=dossier, clerk=clerk)
