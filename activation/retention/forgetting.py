"""Removing a person's data from codes, accounts and keys."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from activation.enums import KeyState
from activation.holder import wrong_passwords, wrong_tries
from activation.models import (
    ActivationCode,
    AddressChange,
    DigitalKey,
    HolderChange,
    KeyHolder,
    KnownBrowser,
    OneTimeCode,
    RecoveryCode,
    SignInActivity,
    SignInCount,
)
from activation.models.holders import NO_HOLDER
from counter.enums import Language

#: New values for the columns of a key that are needed to use it.
NOTHING_SECRET: Final[dict[str, Any]] = {
    "secret_sealed": b"",
    "destination_sealed": b"",
    "destination_index": None,
}


def remove_keys(keys: QuerySet[DigitalKey], _at: datetime) -> int:
    """Delete these unconfirmed keys and their one-time codes; return how many keys."""
    chosen = list(keys.values_list("pk", flat=True))
    OneTimeCode.objects.filter(key__in=chosen).delete()
    _all, by_model = DigitalKey.objects.filter(pk__in=chosen).delete()
    return by_model.get(DigitalKey._meta.label, 0)


def counts_of(people: list[UUID]) -> QuerySet[SignInCount]:
    """The counts of wrong tries under the user names of these people."""
    counts = SignInCount.objects.none()
    for name in _user_names(people):
        counts |= wrong_tries.counts_of_name(name)
    return counts


def addresses(people: list[UUID]) -> list[str]:
    """The present and former contact addresses of these people's accounts."""
    changes = HolderChange.objects.filter(holder__applicant__in=people)
    before = changes.exclude(old_email="").values_list("old_email", flat=True)
    holders = KeyHolder.objects.filter(applicant__in=people).exclude(email="")
    return [*holders.values_list("email", flat=True), *before]


def _user_names(people: list[UUID]) -> list[str]:
    holders = KeyHolder.objects.filter(applicant__in=people).exclude(user_name="")
    return list(holders.values_list("user_name", flat=True))


def in_hand(dossiers: list[UUID]) -> set[UUID]:
    """Lock the codes of these dossiers; return the dossiers for which that failed.

    Another transaction has locked a code of those dossiers, so it is using them.
    """
    codes = ActivationCode.objects.filter(dossier__in=dossiers).order_by("pk")
    free = codes.select_for_update(skip_locked=True, of=("self",), no_key=True)
    ours = set(free.values_list("pk", flat=True))
    return {
        dossier
        for code, dossier in codes.values_list("pk", "dossier")
        if code not in ours
    }


def forget_dossiers(dossiers: list[UUID], at: datetime) -> None:
    """Remove the person's data from the codes and keys of these dossiers.

    The rows of activated keys stay. They move to a new empty account of the dossier's
    applicant, which is anonymous already (counter.retention.anonymising), so that no
    key leads back to a person who still has an account.
    """
    AddressChange.objects.filter(dossier__in=dossiers).update(old_email="", nonce=b"")
    codes = ActivationCode.objects.filter(dossier__in=dossiers)
    codes.update(nonce=b"", progress_sealed=b"")
    of_them = DigitalKey.objects.filter(code__dossier__in=dossiers)
    remove_keys(of_them.filter(state=KeyState.PENDING), at)
    keys = list(of_them.select_related("code__dossier"))
    OneTimeCode.objects.filter(key__in=keys).delete()
    SignInActivity.objects.filter(key__in=keys).delete()
    DigitalKey.objects.filter(replaces__in=keys).update(replaces=None)
    nobodys = _nobodys({key.code.dossier.applicant_id for key in keys}, at)
    for key in keys:
        key.holder = nobodys[key.code.dossier.applicant_id]
    DigitalKey.objects.bulk_update(keys, ["holder"])
    of_them.update(name="", replaces=None, anonymised_at=at, **NOTHING_SECRET)


def _nobodys(people: set[UUID], at: datetime) -> dict[UUID, KeyHolder]:
    """A new account for each of these people, to which nobody can sign in."""
    holders = [
        KeyHolder(applicant_id=person, created_at=at, anonymised_at=at, **NO_HOLDER)
        for person in people
    ]
    KeyHolder.objects.bulk_create(holders)
    return {holder.applicant_id: holder for holder in holders}


def forget_people(people: list[UUID], at: datetime) -> None:
    """Empty these people's accounts, so that nobody can sign in to them any more."""
    holders = KeyHolder.objects.filter(applicant__in=people)
    for name in _user_names(people):
        wrong_tries.counts_of_name(name).delete()
        wrong_passwords.noted_under(name).delete()
    holder_ids = list(holders.values_list("pk", flat=True))
    of_holders = Q(holder__in=holder_ids) | Q(key__holder__in=holder_ids)
    OneTimeCode.objects.filter(of_holders).delete()
    SignInActivity.objects.filter(of_holders).delete()
    HolderChange.objects.filter(holder__in=holder_ids).delete()
    KnownBrowser.objects.filter(holder__in=holder_ids).delete()
    RecoveryCode.objects.filter(holder__in=holder_ids).delete()
    DigitalKey.objects.filter(holder__in=holder_ids).update(name="", **NOTHING_SECRET)
    holders.update(
        anonymised_at=at,
        language=Language.NL,
        session_epoch=F("session_epoch") + 1,
        **NO_HOLDER,
    )
