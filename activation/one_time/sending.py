"""How often six digits are sent, and which of them count together.

To one destination, whoever asks: once in 30 seconds, 5 times an hour, 10 times a day.
One person may change where they go: the first message to each of 5 destinations a day
waits for nothing, and what is sent again to any of them is 10 a day
(docs/decisions/090-a-changed-number-waits-for-nothing.md).

What is sent to set up a key or an address, to sign in, to confirm a change, and for a
forgotten password counts apart from each other, so that none of them uses up another.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.views.decorators.debug import sensitive_variables

from activation.enums import Change, Purpose
from activation.exceptions import TooManyCodesError
from activation.models import HolderChange, KeyHolder, OneTimeCode
from activation.one_time.destinations import (
    destination_index,
    destination_indexes,
    lock_destination,
)
from activation.querysets import OneTimeCodeQuerySet

#: To one destination.
SENDING: Final = (
    (timedelta(seconds=30), 1),
    (timedelta(hours=1), 5),
    (timedelta(days=1), 10),
)
#: To one person: destinations, and messages to one that had a message before.
A_DAY: Final = timedelta(days=1)
DESTINATIONS_A_DAY: Final = 5
AGAIN_A_DAY: Final = 10

#: Purposes of digits that show a number or an address to be somebody's. Together they
#: are what a stranger's phone or mailbox can get.
_TRYING: Final = (Purpose.ACTIVATE, Purpose.EMAIL)


def counted_with(purpose: Purpose, *, to_key: bool) -> Q:
    """The one-time codes that share their limits with one for this purpose.

    For a forgotten password the mailbox, which everybody can ask for, and the key that
    is shown after it have limits of their own.
    """
    if purpose in _TRYING:
        return Q(purpose__in=_TRYING)
    if purpose == Purpose.RECOVER:
        return Q(purpose=purpose, key__isnull=not to_key)
    return Q(purpose=purpose)


@sensitive_variables()
def check(
    *,
    holder: KeyHolder,
    destination: str,
    at: datetime,
    purpose: Purpose = Purpose.ACTIVATE,
    to_key: bool = True,
) -> None:
    """Refuse when the person or the destination got too many already.

    The person's requests follow each other through the caller's lock on the holder.
    Those of two people to one destination follow through a lock on the destination.
    Raises TooManyCodesError.
    """
    lock_destination(destination_index(destination))
    allowed = allowance(
        holder=holder, destination=destination, at=at, purpose=purpose, to_key=to_key
    )
    if allowed.free_at > at:
        raise TooManyCodesError(free_at=allowed.free_at, at=at)


@dataclass(frozen=True)
class Allowance:
    """From when a one-time code can be asked for, and how many in this hour or day."""

    free_at: datetime
    this_hour: int
    today: int


@sensitive_variables()
def allowance(
    *,
    holder: KeyHolder,
    destination: str,
    at: datetime,
    purpose: Purpose = Purpose.ACTIVATE,
    to_key: bool = True,
) -> Allowance:
    """What is left of the destination's limits and of the person's.

    Locks nothing: for a page, or behind the lock that `check` takes.
    """
    sent = OneTimeCode.objects.filter(
        counted_with(purpose, to_key=to_key), requested_at__gt=at - A_DAY
    )
    under = destination_indexes(destination)
    here = sent.filter(destination_index__in=under)
    if purpose == Purpose.RECOVER and not to_key:
        # Everybody can ask for it, so it is not the person's. A new password ends the
        # links mailed before it, so a new link must be allowed to leave. Whenever no
        # more is sent, one of the links sent before still works.
        changes = HolderChange.objects.filter(holder=holder, what=Change.PASSWORD)
        last = changes.order_by("-at").values_list("at", flat=True).first()
        return _of_destination(here.filter(requested_at__gt=last) if last else here, at)
    allowed = _of_destination(here, at)
    own = sent.filter(Q(key__holder=holder) | Q(holder=holder))
    free_at, left = _of_person(own, under, at)
    today = min(allowed.today, left)
    return Allowance(
        max(allowed.free_at, free_at), min(allowed.this_hour, today), today
    )


def _of_destination(here: OneTimeCodeQuerySet[OneTimeCode], at: datetime) -> Allowance:
    _longest, most = SENDING[-1]
    times = here.order_by("-requested_at").values_list("requested_at", flat=True)
    newest_first = list(times[:most])
    free_at, left = at, dict(SENDING)
    for period, limit in SENDING:
        left[period] -= sum(time > at - period for time in newest_first)
        if len(newest_first) >= limit:
            free_at = max(free_at, newest_first[limit - 1] + period)
    _, hour, day = (left[period] for period, _limit in SENDING)
    return Allowance(free_at, min(hour, day), day)


@sensitive_variables()
def _of_person(
    own: OneTimeCodeQuerySet[OneTimeCode], under: list[bytes], at: datetime
) -> tuple[datetime, int]:
    """From when this person may ask, and how many more today to this destination.

    A message is the first to its destination when none went there within a day. Rows
    leave that day from the oldest on, until what remains leaves room for one more.
    """
    rows = own.order_by("requested_at").values_list("destination_index", "requested_at")
    oldest_first = [(bytes(index), time) for index, time in rows]
    left = _left([index for index, _time in oldest_first], under)
    free_at = at
    while oldest_first and _left([index for index, _ in oldest_first], under) < 1:
        _index, time = oldest_first.pop(0)
        free_at = time + A_DAY
    return free_at, left


@sensitive_variables()
def _left(sent_to: list[bytes], under: list[bytes]) -> int:
    """How many more may go to the destination `under` these indexes."""
    known = set(sent_to)
    again = AGAIN_A_DAY - (len(sent_to) - len(known))
    if known.isdisjoint(under):
        return 1 + again if len(known) < DESTINATIONS_A_DAY else 0
    return again
