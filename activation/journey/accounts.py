"""Choosing the user name and password of the account to which the keys belong."""

import itertools
import uuid
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

from activation.codes import saved_progress
from activation.codes.lock_code import lock_code
from activation.codes.saved_progress import SavedProgress
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
    """The applicant's account if it has an active key; otherwise None."""
    holder = KeyHolder.objects.filter(applicant=applicant).first()
    if holder and DigitalKey.objects.active(at).filter(holder=holder).exists():
        return holder
    return None


def account_of(applicant: Applicant) -> KeyHolder | None:
    """The applicant's account, with or without an active key; None without account."""
    return KeyHolder.objects.filter(applicant=applicant).first()


def stamp(holder: KeyHolder | None) -> uuid.UUID | None:
    """A value that changes with the user name or the password; None without account.

    A page keeps it, to detect that the account was changed elsewhere meanwhile. It is a
    keyed digest, so that it reveals neither the name nor the password.
    """
    if holder is None:
        return None
    both = f"{holder.pk.hex} {holder.user_name} {holder.password}"
    digest = salted_hmac("activation.account", both, algorithm="sha256").digest()
    return uuid.UUID(bytes=digest[:16])


def check_stands(holder: KeyHolder, seen: uuid.UUID | None) -> None:
    """Raise AccountMovedError when the account's stamp is no longer `seen`.

    Call it while the code is locked: every change of the account from these pages locks
    the code first.
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
    `seen` is the stamp of the account that the page showed, None when there was none.
    So a second device with the same code cannot overwrite the choice of the first
    without showing it. Sending the same choice again (two clicks) returns the account.
    Raises CodeEndedError, HolderHasKeyError, AccountMovedError, or UserNameTakenError
    with a free name to suggest; then nothing is written.
    """
    hashed = make_password(passwords.normalise(password))
    try:
        with transaction.atomic():
            code = lock_code(code_id=code_id, at=at)
            applicant = code.dossier.applicant
            if holder_with_key(applicant, at=at):
                raise HolderHasKeyError
            holder = account_of(applicant)
            if holder is not None and stamp(holder) != seen:
                if _is_choice(holder, user_name, password):
                    return holder
                check_stands(holder, seen)
            # For a new account too: somebody may have typed wrong passwords for this
            # name before it existed, and they must not block its holder.
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
    """Write the choice to the present account, or to a new one.

    A contact address that somebody asked for in the account as it was is forgotten.
    """
    if holder is None:
        holder = KeyHolder(applicant=applicant, created_at=at)
        holder.user_name, holder.password = user_name, hashed
        holder.save(force_insert=True)
        return holder
    holder = KeyHolder.objects.select_for_update().get(pk=holder.pk)
    holder.user_name, holder.password = user_name, hashed
    holder.session_epoch += 1  # whoever was signed in before is signed out
    holder.new_email = ""
    holder.save(update_fields=["user_name", "password", "session_epoch", "new_email"])
    return holder


@sensitive_variables()
def _is_choice(holder: KeyHolder, user_name: str, password: str) -> bool:
    chosen = passwords.normalise(password)
    return holder.user_name == user_name and check_password(chosen, holder.password)


def keep_going_with(code: ActivationCode, holder: KeyHolder, *, at: datetime) -> None:
    """Store with the code that typing it again continues with this account.

    The stored stamp is the present one, so this no longer holds when the account is
    changed. The caller has locked the code.
    """
    if account := stamp(holder):
        saved_progress.keep_account(code, account, at=at)


def standing_progress(
    code: ActivationCode, holder: KeyHolder | None
) -> SavedProgress | None:
    """What was chosen with this code, if the account is as it was chosen; or None.

    It is read anew, after the account was read: if somebody chooses between the two,
    the account that the caller has is an older one, which is refused.
    """
    code.refresh_from_db(fields=["progress_sealed"])
    progress = saved_progress.read(code)
    return progress if progress and progress.account == stamp(holder) else None


@transaction.atomic
def go_on_with(*, code_id: uuid.UUID, holder: KeyHolder, at: datetime) -> None:
    """Store that the person chose to continue with the account as it is now.

    Raises CodeEndedError.
    """
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
    """Set a new password for an account with an active key whose password is forgotten.

    The code and the link are the proof, as for the first password, because the person
    was at the counter again. The holder gets a mail, and all sessions end. `password`
    has passed `passwords.check`. `seen` is as for `choose_account`; None skips that
    check. Raises CodeEndedError, AccountMovedError, or KeyGoneError when no key of the
    account is active any more: then the person has to choose the account anew.
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
    """The person's present user name, or a free one made from their name.

    The present one is returned only when `knows_name`, because somebody else may be
    typing the code. Otherwise it counts as free, so that the suggestion does not reveal
    that it exists.
    """
    holder = KeyHolder.objects.filter(applicant=dossier.applicant_id).first()
    if holder and knows_name:
        return holder.user_name
    wanted = user_names.from_name(dossier.first_names, dossier.last_name)
    return _free(wanted, own=holder)


def _free(wanted: str, *, own: KeyHolder | None = None) -> str:
    """Return `wanted`, or else `wanted` followed by the first free number from 2 on.

    It asks for _ASKED_AT_ONCE exact names in each query, instead of reading all names
    that begin with `wanted`, which can be thousands.
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
