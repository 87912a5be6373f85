"""Whether a clerk needs a supervisor to reissue a code or to correct the mail address.

During the visit in which the dossier was recorded the clerk may do it alone. After it
nobody knows that the person is really there: a clerk alone could send the link to her
own address and print the code. Then a supervisor has to agree at the screen.
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
    """One clerk changed the address without a supervisor, and that visit is over."""

    def __init__(self) -> None:
        super().__init__(NOT_AGREED)


class SupervisorNeededError(CounterError):
    """The visit is over, or the old address objected, and no supervisor agreed."""

    def __init__(self) -> None:
        super().__init__(VISIT_OVER)


def needs_supervisor(dossier: Dossier, *, clerk: Clerk, at: datetime) -> bool:
    """Whether a supervisor has to agree to a correction by this clerk.

    That is when the visit in which the clerk recorded the dossier is over, or when the
    old address disputes a change.
    """
    is_disputed = AddressChange.objects.disputed().filter(dossier=dossier).exists()
    return is_disputed or not _is_still_here(dossier, clerk=clerk, at=at)


def require_supervisor(
    dossier: Dossier, *, clerk: Clerk, supervisor: Clerk | None, at: datetime
) -> None:
    """Check that a supervisor agreed if one is needed, and write that to the journal.

    Call it in the transaction of the correction. Raises SupervisorNeededError when no
    supervisor who may agree for this clerk did.
    """
    if not needs_supervisor(dossier, clerk=clerk, at=at):
        return
    if supervisor is None or not may_approve(supervisor, clerk):
        raise SupervisorNeededError
    journal.write(Event.LATE_CORRECTION_APPROVED, dossier=dossier, clerk=supervisor)


def is_not_agreed(dossier: Dossier, *, clerk: Clerk, at: datetime) -> bool:
    """Whether a clerk changed the address without a supervisor and the visit is over.

    A clerk who put their own address into a dossier would get the link, and by paying
    the fee themselves also the paper with the code.
    """
    alone = AddressChange.objects.unagreed().filter(dossier=dossier)
    return alone.exists() and not _is_still_here(dossier, clerk=clerk, at=at)


def refuse_not_agreed(dossier: Dossier, *, clerk: Clerk, at: datetime) -> None:
    """Refuse the dossier's first code while its address is disputed or not agreed to.

    Call it in the transaction that makes the code. Raises AddressDisputedError or
    AddressNotAgreedError.
    """
    changes = refuse_while_disputed(dossier)
    alone = any(change.supervisor_id is None for change in changes)
    if alone and not _is_still_here(dossier, clerk=clerk, at=at):
        raise AddressNotAgreedError


def _is_still_here(dossier: Dossier, *, clerk: Clerk, at: datetime) -> bool:
    """Whether the visit in which the clerk recorded the dossier is not over yet.

    It lasts SLIP_MINUTES, and ends when the clerk helps somebody else. The first code,
    if it is issued within these minutes, prolongs it by SLIP_MINUTES. Later codes do
    not, because a reissue would otherwise begin a new visit.
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
