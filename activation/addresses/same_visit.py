"""Whether a clerk may put right alone what leads to a new sheet or another address.

While the person who was recorded stands there, yes. Later, whoever says to be that
person may be somebody else, or nobody: a clerk alone could send the link to her own
address and print the code. Then a supervisor agrees at the screen.
"""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from activation.addresses.changed_addresses import refuse_while_disputed
from activation.models import ActivationCode, AddressChange
from activation.querysets import SLIP_MINUTES
from counter.exceptions import CounterError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, TurnedAway
from counter.people.person import may_approve

VISIT_OVER: Final = _(
    "The visit in which this was recorded is over. A supervisor has to agree."
)


NOT_AGREED: Final = _(
    "The address was changed, and the visit in which this was recorded is over. Put "
    "the address right first, with a supervisor: the same one again when it is right."
)


class AddressNotAgreedError(CounterError):
    """One clerk changed the address alone, and the person of that visit has gone."""

    def __init__(self) -> None:
        super().__init__(NOT_AGREED)


class SupervisorNeededError(CounterError):
    """The visit is over, or the old address objected, and no supervisor agreed."""

    def __init__(self) -> None:
        super().__init__(VISIT_OVER)


def needs_supervisor(dossier: Dossier, *, clerk: Clerk, at: datetime) -> bool:
    """Whether the visit of the recording is over for this clerk, or the address is
    disputed.
    """
    is_disputed = AddressChange.objects.disputed().filter(dossier=dossier).exists()
    return is_disputed or not _is_still_here(dossier, clerk=clerk, at=at)


def require_supervisor(
    dossier: Dossier, *, clerk: Clerk, supervisor: Clerk | None, at: datetime
) -> None:
    """Record which supervisor agreed, in the transaction of what was agreed to.

    Raises SupervisorNeededError when agreement is needed and no supervisor of the
    clerk's office gave it.
    """
    if not needs_supervisor(dossier, clerk=clerk, at=at):
        return
    if supervisor is None or not may_approve(supervisor, clerk):
        raise SupervisorNeededError
    journal.write(Event.LATE_CORRECTION_APPROVED, dossier=dossier, clerk=supervisor)


def is_not_agreed(dossier: Dossier, *, clerk: Clerk, at: datetime) -> bool:
    """Whether nobody but one clerk knows of the address, and the visit is over.

    A clerk who put in their own address gets the link; by paying the fee themselves
    they would get the paper too.
    """
    alone = AddressChange.objects.unagreed().filter(dossier=dossier)
    return alone.exists() and not _is_still_here(dossier, clerk=clerk, at=at)


def refuse_not_agreed(dossier: Dossier, *, clerk: Clerk, at: datetime) -> None:
    """Refuse the first code for an address that is disputed or not agreed.

    To be called in the transaction that makes the code. Raises AddressDisputedError or
    AddressNotAgreedError.
    """
    changes = refuse_while_disputed(dossier)
    alone = any(change.supervisor_id is None for change in changes)
    if alone and not _is_still_here(dossier, clerk=clerk, at=at):
        raise AddressNotAgreedError


def _is_still_here(dossier: Dossier, *, clerk: Clerk, at: datetime) -> bool:
    """Whether the clerk recorded it within SLIP_MINUTES and helped nobody else since.

    A code issued within those minutes prolongs the visit by SLIP_MINUTES. A later code
    does not, or printing a new sheet would begin a visit.
    """
    if dossier.recorded_by_id != clerk.pk:
        return False
    length = timedelta(minutes=SLIP_MINUTES)
    end = dossier.recorded_at + length
    first = dossier.codes.order_by("issued_at").first()
    if first is not None and first.issued_by_id == clerk.pk and first.issued_at < end:
        end = first.issued_at + length
    return at < end and not _has_gone_on(dossier, clerk)


def _has_gone_on(dossier: Dossier, clerk: Clerk) -> bool:
    since = dossier.recorded_at
    others = Dossier.objects.filter(office=dossier.office_id, recorded_by=clerk)
    issued = ActivationCode.objects.filter(issued_by=clerk, issued_at__gt=since)
    return (
        others.filter(recorded_at__gt=since).exists()
        or TurnedAway.objects.filter(
            office=dossier.office_id, clerk=clerk, at__gt=since
        ).exists()
        or issued.exclude(dossier=dossier).exists()
    )
