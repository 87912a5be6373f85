"""One-time codes: six digits that show that a message arrives.

The digits are derived from a random nonce, as activation codes are, so a stolen
database holds nothing to try digits against: this stands in the place of the stored
hash that is usual, which 10**6 guesses would open
(docs/decisions/002-one-time-codes-are-derived.md).

Limits (docs/security.md#one-time-codes), all of them counted in PostgreSQL and none of
them reset by a new code:

- a code is good for 10 minutes and 5 tries, and a new one ends the one before;
- 10 wrong tries within 24 hours with one activation code: the person starts again;
- sent once in 30 seconds, 5 times an hour, 10 times a day, to one person and to one
  destination. What is sent for a forgotten password counts apart, because everybody can
  ask for it (docs/decisions/013-recovery-counts-apart.md), and what is sent to a number
  or an address that belongs to an account apart from what others try it for
  (docs/decisions/037-a-stranger-uses-up-nothing-of-a-holder.md).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.views.decorators.debug import sensitive_variables

from activation.codes.lock_code import lock_code
from activation.enums import Change, KeyKind, KeyState, OneTimeCodeState, Purpose
from activation.exceptions import (
    KeyGoneError,
    OneTimeCodeEndedError,
    TooManyCodesError,
)
from activation.models import DigitalKey, HolderChange, KeyHolder, OneTimeCode
from activation.one_time import key_kinds, tries
from activation.querysets import DESTINATION, OneTimeCodeQuerySet
from activation.signals import one_time_code_requested
from counter.crypto.encryption import indexes
from counter.enums import ActorKind
from counter.journal import journal
from counter.journal.events import Event

LIFE: Final = timedelta(minutes=10)
SENDING: Final = (
    (timedelta(seconds=30), 1),
    (timedelta(hours=1), 5),
    (timedelta(days=1), 10),
)


@sensitive_variables()
def destination_index(destination: str) -> bytes:
    """An index that is equal for equal destinations, of whichever key; for writing."""
    return destination_indexes(destination)[0]


@sensitive_variables()
def destination_indexes(destination: str) -> list[bytes]:
    """The indexes to search by: while an index key is replaced, rows have either."""
    return list(indexes(destination, purpose=DESTINATION).values())


@transaction.atomic
def request_code(*, code_id: uuid.UUID, key_id: uuid.UUID, at: datetime) -> OneTimeCode:
    """Have six digits sent to the key's destination; ends those sent before.

    Raises CodeEndedError, KeyGoneError, or TooManyCodesError with the instant from
    which it is allowed. Nothing is written then.
    """
    code = lock_code(code_id=code_id, at=at)
    key = (
        DigitalKey.objects.select_related("holder")
        .filter(pk=key_id, code=code, state=KeyState.PENDING)
        .filter(kind__in=key_kinds.SENT)
        .first()
    )
    if key is None:
        raise KeyGoneError
    check_sending(holder=key.holder, destination=key.destination, at=at)
    OneTimeCode.objects.filter(key__code=code, state=OneTimeCodeState.LIVE).update(
        state=OneTimeCodeState.REPLACED
    )
    one_time_code = OneTimeCode.objects.create(
        key=key,
        destination_index=destination_index(key.destination),
        requested_at=at,
        valid_until=at + LIFE,
    )
    journal.write(
        Event.ONE_TIME_CODE_SENT,
        {"channel": KeyKind(key.kind)},
        dossier=code.dossier,
        actor_kind=ActorKind.APPLICANT,
    )
    one_time_code_requested.send(sender=OneTimeCode, one_time_code=one_time_code)
    return one_time_code


#: Purposes of digits sent to a person's own key: nobody else can ask for these.
_OWN: Final = (Purpose.SIGN_IN, Purpose.CONFIRM)


def counted_with(purpose: Purpose, *, to_key: bool) -> Q:
    """The one-time codes that share their limits with one for this purpose.

    For a forgotten password the mailbox, which everybody can ask for, and the key that
    is shown after it have limits of their own.
    """
    if purpose != Purpose.RECOVER:
        return ~Q(purpose=Purpose.RECOVER)
    return Q(purpose=Purpose.RECOVER, key__isnull=not to_key)


@sensitive_variables()
def check_sending(
    *,
    holder: KeyHolder,
    destination: str,
    at: datetime,
    purpose: Purpose = Purpose.ACTIVATE,
    to_key: bool = True,
) -> None:
    """Refuse when the person or the destination got too many already.

    The person's requests follow each other through the caller's lock on the code or
    the holder. Those of two people to one destination follow through a lock on the
    destination. Raises TooManyCodesError.
    """
    lock_destination(destination_index(destination))
    allowed = allowance(
        holder=holder, destination=destination, at=at, purpose=purpose, to_key=to_key
    )
    if allowed.free_at > at:
        raise TooManyCodesError(free_at=allowed.free_at, at=at)


def lock_destination(destination: bytes) -> None:
    """Lock a destination, given by its index, until the caller's transaction ends.

    To be taken after the lock on a code or a holder.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)",
            [int.from_bytes(destination[:8], "big", signed=True)],
        )


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
    """Sends left by SENDING: the smaller of the person's and the destination's.

    Locks nothing: for a page, or behind the lock that `check_sending` takes.
    """
    longest, most = SENDING[-1]
    sent = OneTimeCode.objects.filter(
        counted_with(purpose, to_key=to_key), requested_at__gt=at - longest
    )
    free_at, left = at, dict(SENDING)
    for whose in _counted(sent, holder, destination, purpose, to_key=to_key):
        times = whose.order_by("-requested_at").values_list("requested_at", flat=True)
        newest_first = list(times[:most])
        for period, limit in SENDING:
            counted = sum(time > at - period for time in newest_first)
            left[period] = min(left[period], limit - counted)
            if len(newest_first) >= limit:
                free_at = max(free_at, newest_first[limit - 1] + period)
    _, hour, day = (left[period] for period, _limit in SENDING)
    return Allowance(free_at, min(hour, day), day)


@sensitive_variables()
def _counted(
    sent: OneTimeCodeQuerySet[OneTimeCode],
    holder: KeyHolder,
    destination: str,
    purpose: Purpose,
    *,
    to_key: bool,
) -> list[OneTimeCodeQuerySet[OneTimeCode]]:
    """The codes to the person, and those to the destination, that count together."""
    here = sent.filter(destination_index__in=destination_indexes(destination))
    if purpose == Purpose.RECOVER and not to_key:
        # A new password ends the links mailed before it, so a new link must be allowed
        # to leave. Whenever no more is sent, one of the links sent before still works.
        changes = HolderChange.objects.filter(holder=holder, what=Change.PASSWORD)
        last = changes.order_by("-at").values_list("at", flat=True).first()
        return [here.filter(requested_at__gt=last) if last else here]
    if purpose in _OWN:
        # Others may try to set up a key with this number. They cannot confirm it, but
        # their tries must not use up its owner's messages.
        here = here.filter(purpose__in=_OWN)
    return [sent.filter(Q(key__holder=holder) | Q(holder=holder)), here]


@sensitive_variables()
def compare(
    *, code_id: uuid.UUID, key: DigitalKey, typed: str, at: datetime
) -> OneTimeCode:
    """Count a try, commit it, then compare; the one-time code when it is right.

    `typed` is six digits. The code is not used up yet: the caller does that in the
    transaction that activates the key. Raises CodeEndedError,
    OneTimeCodeEndedError, WrongOneTimeCodeError or StartAgainError.
    """
    together = OneTimeCode.objects.filter(key__code=code_id)
    with transaction.atomic(durable=True):
        lock_code(code_id=code_id, at=at)
        live = OneTimeCode.objects.live(at).filter(key=key)
        one_time_code = tries.count_try(live, together=together, at=at)
    tries.check(one_time_code, typed, together=together, at=at)
    return one_time_code


def use_up(one_time_code: OneTimeCode, *, at: datetime) -> None:
    """Use a code up; of several at once only one gets through.

    Raises OneTimeCodeEndedError for the others, and when a newer code was sent.
    """
    live = OneTimeCode.objects.live(at).filter(pk=one_time_code.pk)
    if not live.update(state=OneTimeCodeState.USED, used_at=at):
        raise OneTimeCodeEndedError
