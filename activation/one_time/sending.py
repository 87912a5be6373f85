"""How often one-time codes may be sent, and which of them are counted together.

To one destination, no matter who asks: once in 30 seconds, 5 times an hour, 10 times a
day. For one person: up to 5 destinations a day, where the first message to each need
not wait; further messages to these destinations are limited to 10 a day in all
(docs/decisions/090-a-changed-number-waits-for-nothing.md).

Codes to set up a key or an address, to sign in, to confirm a change, and for a
forgotten password are counted separately, so that none uses up the limit of another.
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

#: The limits for one destination: periods and the number of messages in each.
SENDING: Final = (
    (timedelta(seconds=30), 1),
    (timedelta(hours=1), 5),
    (timedelta(days=1), 10),
)
#: The limits for one person: destinations in a day, and further messages to them.
A_DAY: Final = timedelta(days=1)
DESTINATIONS_A_DAY: Final = 5
AGAIN_A_DAY: Final = 10

#: The purposes of codes that confirm a number or an address. They are counted together,
#: because a typing mistake can send them to a stranger.
_TRYING: Final = (Purpose.ACTIVATE, Purpose.EMAIL)


def counted_with(purpose: Purpose, *, to_key: bool) -> Q:
    """The one-time codes that share their limits with one for this purpose.

    For a forgotten password the mails, for which anybody can ask, are counted apart
    from the codes that are sent to a key afterwards.
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
    """Raise TooManyCodesError when a limit of the person or the destination is reached.

    The caller must have locked the holder, so that the requests of one person run one
    after the other. This function locks the destination until the transaction ends, for
    requests of two people for the same destination.
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
    """What is left of the limits of the destination and of the person.

    It takes no lock, so it is exact only when `check` calls it; pages may show it.
    """
    sent = OneTimeCode.objects.filter(
        counted_with(purpose, to_key=to_key), requested_at__gt=at - A_DAY
    )
    under = destination_indexes(destination)
    here = sent.filter(destination_index__in=under)
    if purpose == Purpose.RECOVER and not to_key:
        # Anybody can ask for this mail, so it is not counted for the person. A new
        # password ends the links in earlier mails, so those are not counted either:
        # whenever the limit is reached, a link that was sent still works.
        changes = HolderChange.objects.filter(holder=holder, act=Change.PASSWORD)
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
    """How many more messages may go to the destination with the indexes `under`."""
    known = set(sent_to)
    again = AGAIN_A_DAY - (len(sent_to) - len(known))
    if known.isdisjoint(under):
        return 1 + again if len(known) < DESTINATIONS_A_DAY else 0
    return again
