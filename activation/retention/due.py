"""The rows of codes, keys and accounts whose retention period is over.

Each function gets the latest instant for the event from which the period counts, and
uses an index over that event.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from activation.codes.validity import KEY_YEARS
from activation.enums import ENDED_KEY_STATES, SPENT_CODE_STATES, KeyState
from activation.models import (
    ActivationCode,
    AddressChange,
    DigitalKey,
    KeyHolder,
)
from activation.querysets import CODE_END, KEY_END
from counter.enums import DossierState
from counter.models import Dossier
from counter.retention.anonymising import living
from counter.retention.registry import DAY

#: The longest time for which a key is valid, even if its row was not marked as expired.
_LONGEST: Final = KEY_YEARS * 365 * DAY


def _keys_after(until: datetime, **of: object) -> Exists:
    """A condition: there is a key (with the lookups `of`) that did not end by then."""
    keys = DigitalKey.objects.filter(**of).alias(_end=KEY_END)
    return Exists(keys.filter(_end__gt=until))


def _ended_before(until: datetime) -> QuerySet[DigitalKey]:
    """Keys that ended by then and are not anonymised."""
    ended = DigitalKey.objects.filter(
        state__in=ENDED_KEY_STATES, anonymised_at__isnull=True
    )
    return ended.alias(_end=KEY_END).filter(_end__lte=until).order_by()


def _activated(**when: object) -> QuerySet[Dossier]:
    return living().filter(state=DossierState.ACTIVATED, **when).order_by()


def with_key(until: datetime) -> QuerySet[Dossier]:
    """Activated dossiers of people whose last key ended by then.

    All keys of the person count, not only those of the dossier, because a key that the
    holder adds later belongs to the last dossier that activated one. The query starts
    from keys that ended, because nearly all dossiers belong to people with an active
    key.
    """
    return _with_key(until, _ended_before(until), _activated())


def with_key_of(until: datetime, people: list[UUID]) -> QuerySet[Dossier]:
    """The rows of `with_key` for these applicants only."""
    ended = _ended_before(until).filter(holder__applicant__in=people)
    return _with_key(until, ended, _activated(applicant__in=people))


def _with_key(
    until: datetime, ended: QuerySet[DigitalKey], dossiers: QuerySet[Dossier]
) -> QuerySet[Dossier]:
    perhaps = dossiers.filter(applicant__in=ended.values("holder__applicant"))
    long_ago = dossiers.filter(activated_at__lte=until - _LONGEST)
    return dossiers.filter(
        ~_keys_after(until, holder__applicant=OuterRef("applicant")),
        activated_at__lte=until,
        pk__in=perhaps.values("pk").union(long_ago.values("pk")),
    )


def accounts(until: datetime) -> QuerySet[KeyHolder]:
    """Accounts whose last key ended by then and that still have a mail address."""
    return _accounts(until, _ended_before(until), _activated())


def accounts_of(until: datetime, people: list[UUID]) -> QuerySet[KeyHolder]:
    """The rows of `accounts` for these applicants only."""
    ended = _ended_before(until).filter(holder__applicant__in=people)
    return _accounts(until, ended, _activated(applicant__in=people))


def _accounts(
    until: datetime, ended: QuerySet[DigitalKey], dossiers: QuerySet[Dossier]
) -> QuerySet[KeyHolder]:
    long_ago = dossiers.filter(activated_at__lte=until - _LONGEST)
    people = ended.values("holder__applicant").union(long_ago.values("applicant"))
    return KeyHolder.objects.filter(
        ~_keys_after(until, holder=OuterRef("pk")),
        ~Q(email="") | ~Q(new_email=""),
        created_at__lte=until,
        applicant__in=people,
    )


def ended_keys(until: datetime) -> QuerySet[DigitalKey]:
    keys = DigitalKey.objects.filter(state__in=ENDED_KEY_STATES)
    kept = Q(destination_index__isnull=False) | ~Q(secret_sealed=b"")
    return keys.alias(_end=KEY_END).filter(kept, _end__lte=until)


def unconfirmed_keys(until: datetime) -> QuerySet[DigitalKey]:
    return DigitalKey.objects.filter(state=KeyState.PENDING, created_at__lte=until)


def spent_codes(until: datetime) -> QuerySet[ActivationCode]:
    codes = ActivationCode.objects.filter(state__in=SPENT_CODE_STATES)
    return codes.exclude(nonce=b"").alias(_end=CODE_END).filter(_end__lte=until)


def disputed_addresses(until: datetime) -> QuerySet[AddressChange]:
    return AddressChange.objects.exclude(old_email="").filter(at__lte=until)


def old_addresses(until: datetime) -> QuerySet[AddressChange]:
    rows = disputed_addresses(until)
    return rows.exclude(objected_at__isnull=False, settled_at__isnull=True)
