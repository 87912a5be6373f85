"""A supervisor stops a code that nobody used; the counter can still go on."""

from datetime import datetime

from django.db import transaction

from activation.codes.freezing import freeze
from activation.codes.reissuing import moved_on
from activation.models import ActivationCode
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier


@transaction.atomic
def revoke_code(*, dossier: Dossier, clerk: Clerk, at: datetime) -> None:
    """The code and its link are good for nothing; the counter can print a new code.

    As when the person did not ask for it, and nobody is written to. Raises
    CodeMovedOnError when it can become no key anyway.
    """
    code = (
        ActivationCode.objects.usable(at)
        .select_for_update(of=("self",))
        .filter(dossier=dossier)
        .first()
    )
    if code is None:
        raise moved_on()
    freeze(code, at=at)
    journal.write(Event.CODE_REVOKED, dossier=dossier, clerk=clerk)
