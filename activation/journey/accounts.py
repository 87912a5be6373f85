"""The account that keys belong to: user name and password, chosen by the person."""

import itertools
import uuid
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

from activation.codes import kept_way
from activation.codes.lock_code import lock_code
from activation.exceptions import (
    AccountMovedError,
    HolderHasKeyError,
    KeyGoneError,
    UserNameTakenError,
)
from activation.holder import account
from activation.holder.signing_in import Device
from activation.holder.wrong_tries import forget_names
from activation.journey import passwords, user_names
from activation.models import ActivationCode, DigitalKey, KeyHolder
from counter.exceptions import is_unique_violation
from counter.models import Applicant, Dossier

_TAKEN: Final = "key_holder_user_name_once"
_SUFFIXES: Final = 999
_ASKED_AT_ONCE: Final = 50


def holder_with_key(applicant: Applicant, *, at: datetime) -> KeyHolder | None:
    """The person's account if it is in use, that is, has an active key."""
    holder = KeyHolder.objects.filter(applicant=applicant).first()
    if holder and DigitalKey.objects.active(at).filter(holder=holder).exists():
        return holder
    return None


def standing(applicant: Applicant) -> KeyHolder | None:
    """The account as it stands, in use or not."""
    return KeyHolder.objects.filter(applicant=applicant).first()


def stamp(holder: KeyHolder | None) -> uuid.UUID | None:
    """A value that changes with the user name or the password; None without account.

    A page keeps it to notice a choice that was made elsewhere meanwhile. It is a keyed
    digest, so neither can be read from it.
    """
    if holder is None:
        return None
    both = f"{holder.pk.hex} {holder.user_name} {holder.password}"
    digest = salted_hmac("activation.account", both, algorithm="sha256").digest()
    return uuid.UUID(bytes=digest[:16])


def check_stands(holder: KeyHolder, seen: uuid.UUID | None) -> None:
    """Raise AccountMovedError when the account is not as the page showed it.

    To be called behind the lock on the code, which every choice takes first.
    """
    if stamp(holder) != seen:
        raise AccountMovedError(user_name=holder.user_name)


@sensitive_variables()
def choose_account(
    *,
    code_id: uuid.UUID,
    user_name: str,
    password: str,
    seen: uuid.UUID | None = None,
    at: datetime,
) -> KeyHolder:
    """Make the applicant's account, or change it while no key of it is active.

    `user_name` and `password` have passed `user_names.check` and `passwords.check`.
    `seen` is the stamp of the account that the page showed, None when there was none:
    of two devices with one code the second does not take the place of the first
    unasked. The same choice once more (two clicks) is no other.
    Raises CodeEndedError, HolderHasKeyError, AccountMovedError, or UserNameTakenError
    with a name that is free; then nothing is written.
    """
    hashed = make_password(passwords.normalise(password))
    try:
        with transaction.atomic():
            code = lock_code(code_id=code_id, at=at)
            applicant = code.dossier.applicant
            if holder_with_key(applicant, at=at):
                raise HolderHasKeyError
            holder = standing(applicant)
            if holder is not None and stamp(holder) != seen:
                if _is_choice(holder, user_name, password):
                    return holder
                check_stands(holder, seen)
            # Also for a new account: somebody may have tried this name before it
            # existed.
            forget_names(user_name, *([holder.user_name] if holder else []))
            chosen = _save_choice(holder, applicant, user_name, hashed, at=at)
            keep_going_with(code, chosen, at=at)
            return chosen
    except IntegrityError as error:
        if not is_unique_violation(error) or _TAKEN not in str(error):
            raise
        free = _free(user_name)
        raise UserNameTakenError(user_name=user_name, suggestion=free) from None


@sensitive_variables()
def _save_choice(
    holder: KeyHolder | None,
    applicant: Applicant,
    user_name: str,
    hashed: str,
    *,
    at: datetime,
) -> KeyHolder:
    """Write the choice to the present account, or to a new one."""
    if holder is None:
        holder = KeyHolder(applicant=applicant, created_at=at)
        holder.user_name, holder.password = user_name, hashed
        holder.save(force_insert=True)
        return holder
    holder = KeyHolder.objects.select_for_update().get(pk=holder.pk)
    holder.user_name, holder.password = user_name, hashed
    holder.session_epoch += 1  # whoever was signed in before is signed out
    holder.save(update_fields=["user_name", "password", "session_epoch"])
    return holder


@sensitive_variables()
def _is_choice(holder: KeyHolder, user_name: str, password: str) -> bool:
    chosen = passwords.normalise(password)
    return holder.user_name == user_name and check_password(chosen, holder.password)


def keep_going_with(code: ActivationCode, holder: KeyHolder, *, at: datetime) -> None:
    """Typing this code again goes on with this account as it stands now.

    The caller has locked the code.
    """
    if account := stamp(holder):
        kept_way.keep_account(code, account, at=at)


@transaction.atomic
def go_on_with(*, code_id: uuid.UUID, holder: KeyHolder, at: datetime) -> None:
    """Somebody says to know the account as it stands. Raises CodeEndedError."""
    keep_going_with(lock_code(code_id=code_id, at=at), holder, at=at)


@transaction.atomic
@sensitive_variables()
def renew_password(
    *,
    code_id: uuid.UUID,
    password: str,
    device: Device,
    seen: uuid.UUID | None = None,
    at: datetime,
) -> KeyHolder:
    """A new password for who has an account and forgot its password.

    Code and link are the proof, as they were for the first password: the person was
    at the counter again. The holder is told by mail; other sessions end. `password`
    has passed `passwords.check`, `seen` is as for `choose_account`; None asks nothing.
    Raises CodeEndedError, AccountMovedError, or KeyGoneError when no key of the account
    is active any more: then the account is chosen anew.
    """
    code = lock_code(code_id=code_id, at=at)
    holder = holder_with_key(code.dossier.applicant, at=at)
    if holder is None:
        raise KeyGoneError
    if seen is not None and stamp(holder) != seen:
        if _is_choice(holder, holder.user_name, password):
            return holder
        check_stands(holder, seen)
    account.recover(holder=holder, new=password, device=device, at=at)
    keep_going_with(code, holder, at=at)
    return holder


def suggest_user_name(dossier: Dossier, *, knows_name: bool) -> str:
    """The person's present user name, else a free one made of the name.

    The present one only to who `knows_name`; it passes as free to the others, so that
    the answer does not give it away.
    """
    holder = KeyHolder.objects.filter(applicant=dossier.applicant_id).first()
    if holder and knows_name:
        return holder.user_name
    wanted = user_names.from_name(dossier.first_names, dossier.last_name)
    return _free(wanted, own=holder)


def _free(wanted: str, *, own: KeyHolder | None = None) -> str:
    """`wanted`, or `wanted` with the first free number from 2 behind it.

    Looks up one name at a time, so that it does not read the thousands of names that
    begin alike.
    """
    others = KeyHolder.objects.all()
    if own is not None:
        others = others.exclude(pk=own.pk)
    start = wanted[: user_names.LONGEST - len(str(_SUFFIXES))]
    numbered = (f"{start}{number}" for number in range(2, _SUFFIXES))
    for names in itertools.batched(itertools.chain([wanted], numbered), _ASKED_AT_ONCE):
        folded = [name.lower() for name in names]
        taken = set(
            others.annotate(folded=Lower("user_name"))
            .filter(folded__in=folded)
            .values_list("folded", flat=True)
        )
        for name in names:
            if name.lower() not in taken:
                return name
    return f"{start[:16]}-{uuid.uuid4().hex[:8]}"
