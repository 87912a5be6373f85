"""Six digits for somebody who has an account: to a key of theirs, or to an address.

The limits are those of activation.one_time.one_time, counted over the holder: 5 tries
a code, 10 wrong ones in 24 hours, and how often a code is sent. A right code counts
for nothing afterwards, or signing in ten times a day would be too often. A forgotten
password has limits of its own. Everybody can ask for the digits of its mail, so each of
those belongs to the session that asked (activation.holder.recovery), and only
how many are sent is counted over the holder.
"""

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.views.decorators.debug import sensitive_variables

from activation.enums import KeyKind, OneTimeCodeState, Purpose
from activation.exceptions import (
    OneTimeCodeEndedError,
    StartAgainError,
    WrongOneTimeCodeError,
)
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time import one_time
from activation.querysets import OneTimeCodeQuerySet
from activation.signals import one_time_code_requested
from counter.enums import ActorKind
from counter.journal import journal
from counter.journal.events import Event

_BY_MAIL: Final = KeyKind.EMAIL


def _of(
    holder: KeyHolder, key: DigitalKey | None, purpose: Purpose
) -> OneTimeCodeQuerySet[OneTimeCode]:
    if key is not None:
        return OneTimeCode.objects.filter(key=key, purpose=purpose)
    return OneTimeCode.objects.filter(key=None, holder=holder, purpose=purpose)


def is_on_its_way(
    *, holder: KeyHolder, key: DigitalKey | None, purpose: Purpose, at: datetime
) -> bool:
    """Whether digits that were sent for this are still good, and may still be tried."""
    live = _of(holder, key, purpose).live(at)
    return live.filter(attempts__lt=one_time.TRIES).exists()


@transaction.atomic
@sensitive_variables()
def request_code(
    *,
    holder: KeyHolder,
    key: DigitalKey | None = None,
    purpose: Purpose,
    at: datetime,
    instead_of: uuid.UUID | None = None,
) -> OneTimeCode:
    """Have six digits sent; ends those sent before to the same key or address.

    Without a `key` they go to the holder's present address, or to the new one for
    Purpose.EMAIL. For a forgotten password only those that the same session asked for
    before end, `instead_of`. Raises TooManyCodesError; then nothing is written.
    """
    held = KeyHolder.objects.select_for_update().get(pk=holder.pk)
    one_time_code = OneTimeCode(
        key=key,
        holder=held,
        purpose=purpose,
        requested_at=at,
        valid_until=at + one_time.LIFE,
    )
    destination = one_time_code.destination
    one_time.check_sending(
        holder=held,
        destination=destination,
        at=at,
        purpose=purpose,
        to_key=key is not None,
    )
    before = OneTimeCode.objects.filter(key=key) if key else _of(held, None, purpose)
    if _belongs_to_a_session(key, purpose):
        before = before.filter(pk=instead_of) if instead_of else before.none()
    before.filter(state=OneTimeCodeState.LIVE).update(state=OneTimeCodeState.REPLACED)
    one_time_code.destination_index = one_time.destination_index(destination)
    one_time_code.save()
    journal.write(
        Event.ONE_TIME_CODE_SENT,
        {"channel": KeyKind(key.kind if key else _BY_MAIL)},
        office=one_time_code.dossier.office,
        actor_kind=ActorKind.APPLICANT,
    )
    one_time_code_requested.send(sender=OneTimeCode, one_time_code=one_time_code)
    return one_time_code


@sensitive_variables()
def use_code(
    *,
    holder: KeyHolder,
    key: DigitalKey | None = None,
    purpose: Purpose,
    typed: str,
    at: datetime,
    only: uuid.UUID | None = None,
) -> None:
    """Count a try, commit it, compare, and use the code up when it is right.

    For a forgotten password the session's own code is meant, `only`.

    Of several at once one gets through. Must not be called inside a transaction.
    Raises OneTimeCodeEndedError, WrongOneTimeCodeError or StartAgainError.
    """
    tried = compare(
        holder=holder, key=key, purpose=purpose, typed=typed, at=at, only=only
    )
    use_up(tried, at=at)


def use_up(one_time_code: OneTimeCode, *, at: datetime) -> None:
    """Of several at once one gets through, and none when a newer code was sent.

    Raises OneTimeCodeEndedError.
    """
    live = OneTimeCode.objects.live(at).filter(pk=one_time_code.pk)
    if not live.update(state=OneTimeCodeState.USED, used_at=at):
        raise OneTimeCodeEndedError


@sensitive_variables()
def compare(
    *,
    holder: KeyHolder,
    key: DigitalKey | None = None,
    purpose: Purpose,
    typed: str,
    at: datetime,
    only: uuid.UUID | None = None,
) -> OneTimeCode:
    """Count a try, commit it, then compare; the one-time code when it is right.

    It is not used up yet: the caller does that in the transaction that does what the
    digits are for. Must not be called inside a transaction. Raises
    OneTimeCodeEndedError, WrongOneTimeCodeError or StartAgainError.
    """
    tried = _count_try(holder, key, purpose, at, only)
    if one_time.is_right(tried, typed):
        return tried
    _check_tries_in_all(holder, key, purpose, at)
    left = one_time.TRIES - tried.attempts
    if left < 1:
        raise OneTimeCodeEndedError
    raise WrongOneTimeCodeError(tries_left=left)


@transaction.atomic(durable=True)
@sensitive_variables()
def _count_try(
    holder: KeyHolder,
    key: DigitalKey | None,
    purpose: Purpose,
    at: datetime,
    only: uuid.UUID | None,
) -> OneTimeCode:
    """One conditional UPDATE, behind the lock that makes the sum over codes exact.

    What was sent to an address shows nothing of the one that stands there now.
    """
    held = KeyHolder.objects.select_for_update().get(pk=holder.pk)
    _check_tries_in_all(held, key, purpose, at)
    live = _of(held, key, purpose).live(at)
    if _belongs_to_a_session(key, purpose):
        live = live.filter(pk=only) if only else live.none()
    if key is None:
        address = held.new_email if purpose == Purpose.EMAIL else held.email
        indexes = one_time.destination_indexes(address)
        live = live.filter(destination_index__in=indexes)
    if not live.filter(attempts__lt=one_time.TRIES).update(attempts=F("attempts") + 1):
        raise OneTimeCodeEndedError
    return live.get()


def _belongs_to_a_session(key: DigitalKey | None, purpose: Purpose) -> bool:
    return key is None and purpose == Purpose.RECOVER


def _check_tries_in_all(
    holder: KeyHolder, key: DigitalKey | None, purpose: Purpose, at: datetime
) -> None:
    """Refuse the 11th wrong try within 24 hours over all codes of a holder.

    Not where strangers can try: there five a mail, and ten mails a day, are the limit.
    """
    if _belongs_to_a_session(key, purpose):
        return
    since = at - one_time.TRIES_PERIOD
    tried = OneTimeCode.objects.filter(
        Q(key__holder=holder) | Q(holder=holder),
        one_time.counted_with(purpose, to_key=key is not None),
        requested_at__gt=since,
        attempts__gt=0,
    ).order_by("-requested_at")
    free_at, wrong = at, 0
    for attempts, state, requested_at in tried.values_list(
        "attempts", "state", "requested_at"
    ):
        # Newest first: with the one that reaches the limit a day old, it is free.
        wrong += attempts - (state == OneTimeCodeState.USED)
        if wrong >= one_time.TRIES_IN_ALL:
            free_at = requested_at + one_time.TRIES_PERIOD
            break
    if free_at > at:
        raise StartAgainError(free_at=free_at, at=at)
