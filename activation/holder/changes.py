"""What a holder is told of, and can look back on."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from activation.enums import Change
from activation.models import HolderChange, KeyHolder
from activation.signals import holder_changed
from counter.enums import ActorKind
from counter.journal import journal
from counter.journal.events import Event

#: What may open the account to somebody.
_JOURNALLED: Final = (
    Change.PASSWORD,
    Change.EMAIL,
    Change.CODES_MADE,
    Change.CODE_USED,
)


@transaction.atomic
@sensitive_variables()
def note_change(
    holder: KeyHolder,
    what: Change,
    *,
    at: datetime,
    kind: str = "",
    old_email: str = "",
) -> None:
    """Keep a change and announce it, in the transaction that made it.

    A changed address is told to the old one too, as a change of its own.
    """
    change = HolderChange.objects.create(
        holder=holder, at=at, what=what, kind=kind, old_email=old_email
    )
    holder_changed.send(sender=HolderChange, change=change)
    if what in _JOURNALLED:
        journal.write(
            Event.HOLDER_CHANGED,
            {"what": what},
            dossier=holder.dossier,
            actor_kind=ActorKind.APPLICANT,
        )
