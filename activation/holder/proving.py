"""Showing a key: to sign in, or to confirm what matters."""

import uuid
from datetime import datetime

from django.db.models.functions import Greatest
from django.views.decorators.debug import sensitive_variables

from activation.addresses.mailboxes import mailbox_of
from activation.enums import Purpose
from activation.exceptions import (
    DigitsOfAnotherTimeError,
    KeyGoneError,
    UsedDigitsError,
    WrongDigitsError,
)
from activation.holder import wrong_tries
from activation.holder.wrong_tries import Tries
from activation.models import DigitalKey, KeyHolder
from activation.one_time import holder_codes
from activation.querysets import DigitalKeyQuerySet
from counter.sign_in import totp


def keys_of(holder: KeyHolder, *, at: datetime) -> DigitalKeyQuerySet[DigitalKey]:
    """The holder's active keys, the one used or added last first.

    Who has just moved to another phone has the new app at hand, used or not.
    """
    return _active_keys(at).filter(holder=holder)


def _active_keys(at: datetime) -> DigitalKeyQuerySet[DigitalKey]:
    return (
        DigitalKey.objects.active(at)
        .select_related("holder", "code__dossier__office")
        .order_by(Greatest("last_used_at", "activated_at").desc())
    )


@sensitive_variables()
def keys_for(holder: KeyHolder, purpose: Purpose, *, at: datetime) -> list[DigitalKey]:
    """The keys that may be shown for this.

    Who has forgotten a password has shown the mailbox of the account. A key whose
    digits come to that mailbox shows nothing more, so it is not among them. When
    several accounts have this contact address, the keys of all are, the holder's own
    first: the key that is shown tells whose account it is.
    """
    if purpose != Purpose.RECOVER:
        return list(keys_of(holder, at=at))
    if not holder.email:
        return []
    shown = mailbox_of(holder.email)
    holders = KeyHolder.objects.at_address(holder.email)
    keys = [
        key
        for key in _active_keys(at).filter(holder__in=holders)
        if not key.kind_record.goes_by_mail or mailbox_of(key.destination) != shown
    ]
    return sorted(keys, key=lambda key: key.holder_id != holder.pk)


def preferred(keys: list[DigitalKey]) -> DigitalKey | None:
    """The key to propose: an app when there is one, because nothing has to be sent.

    Of several accounts only the first one's keys are considered.
    """
    own = [key for key in keys if key.holder_id == keys[0].holder_id]
    apps = [key for key in own if not key.kind_record.has_destination]
    return next(iter(apps or own), None)


@sensitive_variables()
def prove(
    *,
    holder: KeyHolder,
    key_id: uuid.UUID,
    typed: str,
    purpose: Purpose,
    tries: Tries,
    at: datetime,
) -> DigitalKey:
    """Return the key when `typed` are its present six digits, which then are used up.

    Each try counts as failed, in `tries`, until it is right, so that an app's digits
    cannot be guessed either. Must not be called inside a transaction. Raises
    SignInWaitError, TriesUsedUpError, KeyGoneError, WrongDigitsError (app) or one of
    OneTimeCodeError.
    """
    claimed = wrong_tries.claim(tries, at=at)
    keys = keys_for(holder, purpose, at=at)
    key = next((key for key in keys if key.pk == key_id), None)
    if key is None:
        raise KeyGoneError
    if not key.kind_record.has_destination:
        _take_step(key, typed, at)
    else:
        holder_codes.use_code(
            holder=holder, key=key, purpose=purpose, typed=typed, at=at
        )
    wrong_tries.give_back(claimed, at=at)
    DigitalKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return key


@sensitive_variables()
def _take_step(key: DigitalKey, typed: str, at: datetime) -> None:
    """Use up a time step of an app, so that it counts once: one conditional UPDATE."""
    step = totp.matching_step(key.secret, typed, at=at)
    unused = DigitalKey.objects.active(at).filter(pk=key.pk)
    if step is None:
        raise _not_of_now(key, typed, at)
    if not unused.filter(last_step__lt=step).update(last_step=step):
        raise UsedDigitsError if unused.exists() else KeyGoneError


@sensitive_variables()
def _not_of_now(key: DigitalKey, typed: str, at: datetime) -> WrongDigitsError:
    distance = totp.steps_off(key.secret, typed, at=at)
    if distance is None:
        return WrongDigitsError("")
    step = totp.step_at(at) + distance
    return DigitsOfAnotherTimeError(step=step, distance=distance)
