"""A supervisor stops a code that nobody used; the counter can still go on."""

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
    """The code and its link are good for nothing; the counter can print a new code.

    As when the person did not ask for it, and nobody is written to. Raises
    CodeMovedOnError when it can become no key anyway.
    """
    code = lock_code_of(dossier, at=at)
    if code is None:
        raise moved_on()
    freeze(code, at=at)
    journal.write(Event.CODE_REVOKED, dossier=dossier, clerk=clerk)
