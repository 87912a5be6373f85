"""One-time codes for a holder of an account: sent to a key, or to the mail address.

The limits are those of activation.one_time.one_time, counted for the holder: 5 tries
for each code, 10 wrong tries in 24 hours, and how often a code is sent. A right try is
not counted, because otherwise nobody could sign in more than ten times a day.

A forgotten password has separate limits. Anybody can ask for its mail, so each of these
codes belongs to the session that asked (activation.holder.recovery), and only the
number of mails is counted for all sessions together.
"""

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.views.decorators.debug import sensitive_variables

from activation.enums import KeyKind, OneTimeCodeState, Purpose
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time import one_time, sending, tries
from activation.one_time.destinations import destination_index, destination_indexes
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
    """Whether there is a code for this that is still valid and has tries left."""
    return _of(holder, key, purpose).working(at).exists()


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
    """Send six digits; codes sent before to the same key or address stop working.

    Without a `key` the digits go to the holder's present address, or for Purpose.EMAIL
    to the new one. For a forgotten password only the code `instead_of`, for which the
    same session asked before, stops working. Raises TooManyCodesError; then nothing is
    written.
    """
    locked = KeyHolder.objects.select_for_update().get(pk=holder.pk)
    one_time_code = OneTimeCode(
        key=key,
        holder=locked,
        purpose=purpose,
        requested_at=at,
        valid_until=at + one_time.LIFE,
    )
    destination = one_time_code.destination
    is_key = key is not None
    sending.check(
        holder=locked, destination=destination, at=at, purpose=purpose, to_key=is_key
    )
    before = _sent_before(locked, key, purpose, instead_of)
    before.filter(state=OneTimeCodeState.LIVE).update(state=OneTimeCodeState.REPLACED)
    one_time_code.destination_index = destination_index(destination)
    one_time_code.save()
    journal.write(
        Event.ONE_TIME_CODE_SENT,
        {"channel": KeyKind(key.kind if key else _BY_MAIL)},
        office=one_time_code.dossier.office,
        actor_kind=ActorKind.APPLICANT,
    )
    one_time_code_requested.send(sender=OneTimeCode, one_time_code=one_time_code)
    return one_time_code


def _sent_before(
    holder: KeyHolder,
    key: DigitalKey | None,
    purpose: Purpose,
    instead_of: uuid.UUID | None,
) -> QuerySet[OneTimeCode]:
    """The earlier codes that a new code replaces."""
    before = OneTimeCode.objects.filter(key=key) if key else _of(holder, None, purpose)
    if _belongs_to_a_session(key, purpose):
        return before.filter(pk=instead_of) if instead_of else before.none()
    return before


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
    """Count a try, commit it, compare, and use the code up when the digits are right.

    For a forgotten password pass the session's own code as `only`. Of several
    concurrent calls one succeeds. Must not be called inside a transaction. Raises
    OneTimeCodeEndedError, WrongOneTimeCodeError or StartAgainError.
    """
    tried = compare(
        holder=holder, key=key, purpose=purpose, typed=typed, at=at, only=only
    )
    one_time.use_up(tried, at=at)


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
    """Count a try, commit it, compare, and return the code when the digits are right.

    The caller has to use up the code (`one_time.use_up`) in the transaction of what the
    digits confirm. Must not be called inside a transaction. Raises
    OneTimeCodeEndedError, WrongOneTimeCodeError or StartAgainError.
    """
    together = _counted_together(holder, key, purpose)
    with transaction.atomic(durable=True):
        # The lock makes the sum of the wrong tries exact.
        locked = KeyHolder.objects.select_for_update().get(pk=holder.pk)
        live = _may_be_shown(locked, key, purpose, only).live(at)
        tried = tries.count_try(live, together=together, at=at)
    tries.check(tried, typed, together=together, at=at)
    return tried


@sensitive_variables()
def _may_be_shown(
    holder: KeyHolder, key: DigitalKey | None, purpose: Purpose, only: uuid.UUID | None
) -> OneTimeCodeQuerySet[OneTimeCode]:
    """The codes that may be used now.

    A code that was sent to a mail address must have been sent to the address that the
    account has now: digits sent to a former address prove nothing about the new one.
    """
    sent = _of(holder, key, purpose)
    if _belongs_to_a_session(key, purpose):
        sent = sent.filter(pk=only) if only else sent.none()
    if key is None:
        address = holder.new_email if purpose == Purpose.EMAIL else holder.email
        indexes = destination_indexes(address)
        sent = sent.filter(destination_index__in=indexes)
    return sent


def _belongs_to_a_session(key: DigitalKey | None, purpose: Purpose) -> bool:
    return key is None and purpose == Purpose.RECOVER


def _counted_together(
    holder: KeyHolder, key: DigitalKey | None, purpose: Purpose
) -> OneTimeCodeQuerySet[OneTimeCode]:
    """All codes of the holder whose wrong tries are counted in one sum.

    None for the mail after a forgotten password, which strangers can try: there the
    limits are five tries for each mail and ten mails a day.
    """
    if _belongs_to_a_session(key, purpose):
        return OneTimeCode.objects.none()
    return OneTimeCode.objects.filter(
        Q(key__holder=holder) | Q(holder=holder),
        sending.counted_with(purpose, to_key=key is not None),
    )
