"""Recording changes of an account, which its holder is told by mail and can look up."""

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

#: Changes with which another person could get into the account.
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
    act: Change,
    *,
    at: datetime,
    kind: str = "",
    old_email: str = "",
) -> None:
    """Write a change to the history and announce it, in the transaction of the change.

    A changed contact address is two changes: EMAIL for the mail to the new address and
    OLD_EMAIL for the mail to `old_email`.
    """
    change = HolderChange.objects.create(
        holder=holder, at=at, act=act, kind=kind, old_email=old_email
    )
    holder_changed.send(sender=HolderChange, change=change)
    if act in _JOURNALLED:
        journal.write(
            Event.HOLDER_CHANGED,
            {"act": act},
            dossier=holder.dossier,
            actor_kind=ActorKind.APPLICANT,
        )
