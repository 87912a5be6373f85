"""When a dossier's mail address changes, the old address is told and can object.

Otherwise one clerk could put their own address into somebody's dossier and get both the
link and the paper with the code. Only the reader of the old address would notice, so
every change sends them a mail.
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
    """Note a change of address and mail the old one, in the transaction of the change.

    When a supervisor agreed, earlier objections and changes that a clerk made alone are
    settled with it. Nothing is sent when the address stays the same. Raises
    OwnChangeError as `note_settled` does.
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
    """Mark a dossier's address changes as seen by a supervisor.

    The journal gets one entry if any of them was disputed. Raises OwnChangeError when
    the supervisor made or agreed to a disputed change herself, unless `new_email` is
    the address that objected, which then gets the link again.
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
    """Lock the address changes; refuse a new code while one of them is disputed.

    Everything that makes a code calls this in the same transaction. An objection at the
    same moment waits for the lock: it either comes first, and the code is refused, or
    comes after, and freezes the code. Raises AddressDisputedError.
    """
    # Always in the same order, or two transactions could wait for each other.
    rows = dossier.address_changes.order_by("pk")
    changes = list(rows.select_for_update(of=("self",)))
    if any(change.objected_at and not change.settled_at for change in changes):
        raise AddressDisputedError
    return changes


def object_to_change(*, change_id: uuid.UUID, at: datetime) -> AddressChange:
    """The reader of the old address objects: freeze the code and tell the office.

    The reader does not learn whether a key was made meanwhile. Objecting twice changes
    nothing more. Raises ChangeEndedError after the two weeks.

    This takes two transactions: codes are locked before anything else, but whoever
    makes a code at this moment holds the lock on the change. If the process dies
    between the two, the dossier gets no new code, and objecting again freezes the
    present one.
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
    """Lock the dossier, then the change: the order in which a correction locks them."""
    rows = Dossier.objects.select_for_update(of=("self",), no_key=True)
    rows.get(address_changes=change_id)
    return (
        AddressChange.objects.select_related("dossier__office")
        .select_for_update(of=("self",))
        .get(pk=change_id)
    )


def can_be_objected_to(change: AddressChange, *, at: datetime) -> bool:
    """Whether a link sent on the day of the change would still work."""
    return at < link_end(change.at)


@transaction.atomic
def _freeze_code_of(dossier: Dossier, *, at: datetime) -> None:
    codes = ActivationCode.objects.stoppable(at).select_related("dossier__office")
    code = codes.select_for_update(of=("self",)).filter(dossier=dossier).first()
    if code is not None:
        freeze(code, at=at)
