"""One-time codes: six digits that prove that a message arrives.

The digits are derived from a random nonce, like activation codes. Usually one stores a
hash of the digits, but 10**6 guesses would find the digits of a stolen hash. A stolen
database has nothing here with which guesses could be compared
(docs/decisions/002-one-time-codes-are-derived.md).

The limits (docs/security.md#one-time-codes) are counted in PostgreSQL, and a new code
does not reset them:

- a code is valid for 10 minutes and 5 tries, and a new code ends the one before;
- after 10 wrong tries within 24 hours with one activation code the person has to wait
  and start again;
- activation.one_time.sending says how often codes may be sent.
"""

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from activation.codes.lock_code import lock_code
from activation.enums import KeyKind, KeyState, OneTimeCodeState
from activation.exceptions import (
    KeyGoneError,
    OneTimeCodeEndedError,
)
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time import key_kinds, sending, tries
from activation.one_time.destinations import destination_index
from activation.signals import one_time_code_requested
from counter.enums import ActorKind
from counter.journal import journal
from counter.journal.events import Event

LIFE: Final = timedelta(minutes=10)


@transaction.atomic
def request_code(*, code_id: uuid.UUID, key_id: uuid.UUID, at: datetime) -> OneTimeCode:
    """Send six digits to the destination of a pending key.

    Codes sent before with this activation code stop working. Raises CodeEndedError,
    KeyGoneError, or TooManyCodesError with the time from which it is allowed; then
    nothing is written.
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
    # A concurrent request that adds a key to the account shares the limits but does not
    # lock this code, so the account has to be locked as well.
    KeyHolder.objects.select_for_update().get(pk=key.holder_id)
    sending.check(holder=key.holder, destination=key.destination, at=at)
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


@sensitive_variables()
def compare(
    *, code_id: uuid.UUID, key: DigitalKey, typed: str, at: datetime
) -> OneTimeCode:
    """Count a try, commit it, compare, and return the code when the digits are right.

    `typed` is six digits. The caller has to use up the code (`use_up`) in the
    transaction that activates the key. Must not be called inside a transaction. Raises
    CodeEndedError, OneTimeCodeEndedError, WrongOneTimeCodeError or StartAgainError.
    """
    together = OneTimeCode.objects.filter(key__code=code_id)
    with transaction.atomic(durable=True):
        lock_code(code_id=code_id, at=at)
        live = OneTimeCode.objects.live(at).filter(key=key)
        one_time_code = tries.count_try(live, together=together, at=at)
    tries.check(one_time_code, typed, together=together, at=at)
    return one_time_code


def use_up(one_time_code: OneTimeCode, *, at: datetime) -> None:
    """Mark a code as used; of several concurrent calls only one succeeds.

    Raises OneTimeCodeEndedError for the others, and when a newer code was sent.
    """
    live = OneTimeCode.objects.live(at).filter(pk=one_time_code.pk)
    if not live.update(state=OneTimeCodeState.USED, used_at=at):
        raise OneTimeCodeEndedError
