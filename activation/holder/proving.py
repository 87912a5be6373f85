"""Checking the six digits of a key, for a sign-in, a recovery or a confirmation."""

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
from activation.querysets import DigitalKeyQuerySet, KeyHolderQuerySet
from counter.sign_in import totp


def keys_of(holder: KeyHolder, *, at: datetime) -> DigitalKeyQuerySet[DigitalKey]:
    """The holder's active keys, ordered by the last use or activation, newest first.

    Activation counts too, because after moving to another phone a person has the new
    app at hand, which was not used yet.
    """
    return _active_keys(at).filter(holder=holder)


def _active_keys(at: datetime) -> DigitalKeyQuerySet[DigitalKey]:
    return (
        DigitalKey.objects.active(at)
        .select_related("holder", "code__dossier__office")
        .order_by(Greatest("last_used_at", "activated_at").desc())
    )


@sensitive_variables()
def sharing_mailbox(holder: KeyHolder) -> KeyHolderQuerySet[KeyHolder]:
    """The accounts that a recovery may be about: those with the address of this one."""
    if not holder.email:
        return KeyHolder.objects.none()
    return KeyHolder.objects.at_address(holder.email)


@sensitive_variables()
def keys_for(holder: KeyHolder, purpose: Purpose, *, at: datetime) -> list[DigitalKey]:
    """The keys that the person may use for this purpose.

    In a recovery the person has already proved access to the account's mailbox. A key
    whose digits are mailed to that mailbox would prove nothing more, so it is left out.
    When several accounts have the same contact address, the keys of all of them are
    returned, the holder's own first: the key that is used decides which account it is.
    """
    if purpose != Purpose.RECOVER:
        return list(keys_of(holder, at=at))
    proved_mailbox = mailbox_of(holder.email)
    keys = [
        key
        for key in _active_keys(at).filter(holder__in=sharing_mailbox(holder))
        if not key.kind_record.goes_by_mail
        or mailbox_of(key.destination) != proved_mailbox
    ]
    return sorted(keys, key=lambda key: key.holder_id != holder.pk)


def preferred(keys: list[DigitalKey]) -> DigitalKey | None:
    """The key to propose: an app if there is one, because nothing has to be sent.

    When `keys` belong to several accounts, only those of the first are considered.
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
    """Return the key if `typed` are its present six digits, and use those up.

    The try is counted as failed in `tries` before the comparison and given back when it
    is right; this limits guesses of an app's digits too. Must not be called inside a
    transaction. Raises SignInWaitError, TriesUsedUpError, KeyGoneError,
    WrongDigitsError (app) or a OneTimeCodeError (text message, e-mail).
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
    """Mark the time step of an app's digits as used, with one conditional UPDATE.

    Raises WrongDigitsError, UsedDigitsError or KeyGoneError.
    """
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
