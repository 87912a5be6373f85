"""Signing in on the holder's own page: user name and password, then a key.

Each try is counted before anything is compared (activation.holder.wrong_tries). No
answer reveals whether a user name exists; for an unknown one a hash is computed too, so
that it takes the same time.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Lower
from django.views.decorators.debug import sensitive_variables

from activation.enums import Change, SignInFor, SignInResult
from activation.holder import changes, wrong_passwords, wrong_tries
from activation.holder.exceptions import SignInBusyError, WrongSignInError
from activation.holder.wrong_tries import CountOf, Tries
from activation.journey import passwords
from activation.models import DigitalKey, KeyHolder, SignInActivity
from activation.querysets import KeyHolderQuerySet
from counter.enums import ActorKind
from counter.journal import journal
from counter.journal.events import Event
from counter.sign_in import hashing_places


@dataclass(frozen=True)
class Device:
    """The device and browser of a sign-in, by name (activation.holder.devices).

    `is_new`: this browser had not signed in to the account before.
    """

    device: str
    browser: str
    is_new: bool


@sensitive_variables()
def find(user_name: str) -> KeyHolder | None:
    return _named(user_name).select_related("applicant").first()


@sensitive_variables()
def _named(user_name: str) -> KeyHolderQuerySet[KeyHolder]:
    named: KeyHolderQuerySet[Any] = KeyHolder.objects.annotate(
        folded=Lower("user_name")
    )
    return named.filter(folded=user_name.strip().lower())


@sensitive_variables()
def check_password(
    *, user_name: str, password: str, device: Device, at: datetime, browser: str = ""
) -> KeyHolder:
    """Return the holder if the password is right. This signs nobody in yet.

    `browser` is the id of a browser that the account knows, or "". The tries of a known
    browser are counted separately, and some places for hashing are reserved for known
    browsers. Must not be called inside a transaction. Raises WrongSignInError,
    SignInWaitError, SignInDisabledError, or SignInBusyError when too many passwords are
    being compared.
    """
    tries = wrong_tries.of_password(user_name, browser)
    try:
        kept = [hashing_places.KNOWN_BROWSERS] if browser else []
        with hashing_places.take_first_of(hashing_places.HOLDERS, *kept):
            claimed = wrong_tries.claim(tries, at=at)
            # Read only what the comparison needs: a whole account would take measurably
            # longer.
            holder = _named(user_name).only("password").first()
            if holder is None or not holder.check_password(password):
                if holder is None:
                    make_password(passwords.normalise(password))  # the same work
                wrong_passwords.note(
                    user_name=user_name,
                    device=device.device,
                    browser=device.browser,
                    at=at,
                )
                raise WrongSignInError
    except hashing_places.NoPlaceError:
        raise SignInBusyError(at=at) from None
    wrong_tries.give_back(claimed, at=at)
    whole = KeyHolder.objects.select_related("applicant").get(pk=holder.pk)
    if whole.password != holder.password:  # changed between the two readings
        raise WrongSignInError
    return whole


def note_sign_in(
    holder: KeyHolder,
    result: SignInResult,
    *,
    device: Device,
    at: datetime,
    key: DigitalKey | None = None,
    what_for: SignInFor = SignInFor.SIGN_IN,
) -> None:
    """Add a successful or failed sign-in, or other proof, to the holder's history."""
    SignInActivity.objects.create(
        holder=holder,
        at=at,
        key=key,
        kind=key.kind if key else "",
        device=device.device,
        browser=device.browser,
        is_new_device=device.is_new,
        what_for=what_for,
        result=result,
    )


@sensitive_variables()
def note_activation(key: DigitalKey, *, device: Device | None, at: datetime) -> None:
    """Add the activation of a key to the history, in the transaction of the activation.

    `device` is None when no browser was involved. A new device gets no mail of its own,
    because the activation is confirmed by mail anyway. For the first key of an account
    no device counts as new.
    """
    where = device or Device("", "", is_new=False)
    others = DigitalKey.objects.filter(holder=key.holder, activated_at__isnull=False)
    is_new = where.is_new and others.exclude(pk=key.pk).exists()
    note_sign_in(
        key.holder,
        SignInResult.ACTIVATED,
        device=replace(where, is_new=is_new),
        at=at,
        key=key,
        what_for=SignInFor.ACTIVATE,
    )


@transaction.atomic
def complete(
    *,
    holder: KeyHolder,
    key: DigitalKey | None,
    device: Device,
    at: datetime,
    browser: str = "",
) -> None:
    """Record a complete sign-in, and tell the holder by mail of a new device.

    `key` is None when a recovery code was used instead of a key; the holder got a mail
    about that already. The failed tries of this name or browser and of its keys are
    forgotten, but not those of other browsers or of a recovery. The rows of the counts
    are locked before rows that refer to the holder, as everywhere.
    """
    wrong_tries.forget(
        wrong_tries.of_password(holder.user_name, browser),
        Tries(CountOf.KEY, holder.user_name),
    )
    wrong_passwords.file_under(holder)
    result = SignInResult.SIGNED_IN if key else SignInResult.RECOVERY_CODE
    note_sign_in(holder, result, device=device, at=at, key=key)
    journal.write(
        Event.HOLDER_SIGNED_IN,
        dossier=holder.dossier,
        actor_kind=ActorKind.APPLICANT,
    )
    if device.is_new and key:
        changes.note_change(holder, Change.NEW_DEVICE, at=at, kind=key.kind)
