"""The address that a dossier had before: it is told, and it can object.

One clerk alone gets the link and the paper of somebody's code by another address. The
one who notices is the reader of the old one, so that mail leaves with every change.
"""

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activation.codes.freezing import freeze
from activation.codes.validity import link_end
from activation.enums import Settled
from activation.exceptions import ChangeEndedError
from activation.models import ActivationCode, AddressChange
from activation.signals import address_changed, address_objected
from counter.email.mail_syntax import comparable
from counter.enums import ActorKind
from counter.exceptions import CounterError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier

DISPUTED: Final = _(
    "The address before says that nobody asked for the change. Put the address right "
    "first, with a supervisor."
)


class AddressDisputedError(CounterError):
    """The old address objected, and no supervisor has looked at it since."""

    def __init__(self) -> None:
        super().__init__(DISPUTED)


class OwnChangeError(CounterError):
    """The supervisor made the disputed change, or agreed to it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Whoever made this change or agreed to it does not settle it. Ask "
                "another supervisor, or put back the address before."
            )
        )


def note_change(
    *,
    dossier: Dossier,
    old_email: str,
    new_email: str,
    clerk: Clerk,
    supervisor: Clerk | None,
    at: datetime,
) -> None:
    """Tell the old address; what a supervisor agrees to settles what was objected to,
    and what a clerk changed alone.

    In the transaction of the change. An address that stays is told nothing. Raises
    OwnChangeError as `note_settled`.
    """
    if supervisor is not None:
        note_settled(
            dossier,
            Settled.PUT_RIGHT,
            supervisor=supervisor,
            new_email=new_email,
            at=at,
        )
    if old_email == new_email:
        return
    change = AddressChange.objects.create(
        dossier=dossier,
        old_email=old_email,
        at=at,
        clerk=clerk,
        supervisor=supervisor,
    )
    address_changed.send(sender=AddressChange, change=change)


def note_settled(
    dossier: Dossier,
    outcome: Settled,
    *,
    supervisor: Clerk,
    at: datetime,
    new_email: str = "",
) -> None:
    """A supervisor looked at the changes that there are; one entry, if any objected.

    Raises OwnChangeError when she made a disputed one or agreed to it, unless
    `new_email` is the address that objected: that one gets the link again.
    """
    changes = AddressChange.objects.filter(dossier=dossier)
    own = changes.disputed().filter(Q(clerk=supervisor) | Q(supervisor=supervisor))
    if any(comparable(change.old_email) != comparable(new_email) for change in own):
        raise OwnChangeError
    if changes.disputed().update(settled_at=at):
        journal.write(
            Event.ADDRESS_SETTLED,
            {"outcome": outcome},
            dossier=dossier,
            clerk=supervisor,
        )
    changes.unagreed().update(supervisor=supervisor)


def refuse_while_disputed(dossier: Dossier) -> list[AddressChange]:
    """The changes of the address, locked, by whatever makes a code in its transaction.

    An objection waits for the lock: it comes before, and refuses the code, or after,
    and finds the code. Raises AddressDisputedError.
    """
    # In one order: two who each lock several would wait for each other.
    rows = dossier.address_changes.order_by("pk")
    changes = list(rows.select_for_update(of=("self",)))
    if any(change.objected_at and not change.settled_at for change in changes):
        raise AddressDisputedError
    return changes


def object_to_change(*, change_id: uuid.UUID, at: datetime) -> AddressChange:
    """The old address did not ask for it: the code is frozen, and the office is told.

    Nobody learns from it whether a key was made meanwhile. Said again it changes
    nothing. Raises ChangeEndedError after the two weeks.

    Two transactions, and not one: a code is the first of all locks, and whoever makes
    one while this waits has locked the change. Stopped between the two, the dossier
    gets no code any more, and saying it again freezes the one there is.
    """
    with transaction.atomic():
        change = _hold_change(change_id)
        if not can_be_objected_to(change, at=at):
            raise ChangeEndedError
        if change.objected_at is None:
            change.objected_at = at
            change.save(update_fields=["objected_at"])
            journal.write(
                Event.ADDRESS_OBJECTED,
                dossier=change.dossier,
                actor_kind=ActorKind.APPLICANT,
            )
            address_objected.send(sender=AddressChange, change=change)
    if change.settled_at is None:
        _freeze_code_of(change.dossier, at=at)
    return change


def _hold_change(change_id: uuid.UUID) -> AddressChange:
    """The change, locked after its dossier: who corrects the address has that first."""
    rows = Dossier.objects.select_for_update(of=("self",), no_key=True)
    rows.get(address_changes=change_id)
    return (
        AddressChange.objects.select_related("dossier__office")
        .select_for_update(of=("self",))
        .get(pk=change_id)
    )


def can_be_objected_to(change: AddressChange, *, at: datetime) -> bool:
    """For as long as a link of that day lives."""
    return at < link_end(change.at)


@transaction.atomic
def _freeze_code_of(dossier: Dossier, *, at: datetime) -> None:
    codes = ActivationCode.objects.stoppable(at).select_related("dossier__office")
    code = codes.select_for_update(of=("self",)).filter(dossier=dossier).first()
    if code is not None:
        freeze(code, at=at)
