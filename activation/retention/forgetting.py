"""Removing what codes, accounts and keys say of a person."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from activation.enums import KeyState
from activation.models import (
    ActivationCode,
    AddressChange,
    DigitalKey,
    HolderChange,
    KeyHolder,
    KnownBrowser,
    OneTimeCode,
    SignInActivity,
)
from activation.models.holders import NO_HOLDER
from counter.enums import Language

#: The values that remain in the columns that a key works with.
NOTHING_SECRET: Final[dict[str, Any]] = {
    "secret_sealed": b"",
    "destination_sealed": b"",
    "destination_index": None,
}


def remove_keys(keys: QuerySet[DigitalKey], _at: datetime) -> int:
    """Delete these keys, which nobody confirmed, and the digits sent to them."""
    chosen = list(keys.values_list("pk", flat=True))
    OneTimeCode.objects.filter(key__in=chosen).delete()
    _all, by_model = DigitalKey.objects.filter(pk__in=chosen).delete()
    return by_model.get(DigitalKey._meta.label, 0)


def forget_dossiers(dossiers: list[UUID], _at: datetime) -> None:
    """Remove what codes and keys say of the person; that there was a key stays."""
    AddressChange.objects.filter(dossier__in=dossiers).update(old_email="", nonce=b"")
    ActivationCode.objects.filter(dossier__in=dossiers).update(nonce=b"")
    keys = DigitalKey.objects.filter(code__dossier__in=dossiers)
    remove_keys(keys.filter(state=KeyState.PENDING), _at)
    OneTimeCode.objects.filter(key__in=keys.values("pk")).delete()
    keys.update(name="", **NOTHING_SECRET)


def forget_people(people: list[UUID], at: datetime) -> None:
    """Empty these people's accounts, so that nobody can sign in to them any more."""
    holders = KeyHolder.objects.filter(applicant__in=people)
    holder_ids = list(holders.values_list("pk", flat=True))
    of_holders = Q(holder__in=holder_ids) | Q(key__holder__in=holder_ids)
    OneTimeCode.objects.filter(of_holders).delete()
    SignInActivity.objects.filter(of_holders).delete()
    HolderChange.objects.filter(holder__in=holder_ids).delete()
    KnownBrowser.objects.filter(holder__in=holder_ids).delete()
    DigitalKey.objects.filter(holder__in=holder_ids).update(name="", **NOTHING_SECRET)
    holders.update(
        anonymised_at=at,
        language=Language.NL,
        session_epoch=F("session_epoch") + 1,
        **NO_HOLDER,
    )
