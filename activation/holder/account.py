"""Changing an account: password, contact address, language, and ending its sessions."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.views.decorators.debug import sensitive_variables

from activation.enums import Change, KeyState, Purpose, SignInFor, SignInResult
from activation.exceptions import OneTimeCodeEndedError
from activation.holder import changes, wrong_tries
from activation.holder.exceptions import (
    AddressOfAnotherAccountError,
    WrongPasswordError,
)
from activation.holder.signing_in import Device, note_sign_in
from activation.holder.wrong_tries import Tries
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time import holder_codes, key_kinds, one_time
from activation.one_time.destinations import destination_indexes, lock_destination
from counter.email.mail_syntax import comparable
from counter.enums import Language


@transaction.atomic
def sign_out_everywhere(*, holder: KeyHolder) -> None:
    """End every session of the holder.

    A view that wants to stay signed in calls `session.renew` afterwards. Added apps
    that are not confirmed are deleted too, because a person in one of those sessions
    may have seen the app's secret.
    """
    KeyHolder.objects.filter(pk=holder.pk).update(session_epoch=F("session_epoch") + 1)
    holder.refresh_from_db(fields=["session_epoch"])
    DigitalKey.objects.filter(
        holder=holder,
        kind__in=key_kinds.SHOWN,
        state=KeyState.PENDING,
        is_first=False,
    ).delete()


@sensitive_variables()
def change_password(
    *, holder: KeyHolder, present: str, new: str, tries: Tries, at: datetime
) -> None:
    """Change the password if `present` is right, and end every session of the holder.

    A wrong present password is counted in `tries`. `new` has passed `passwords.check`.
    Must not be called inside a transaction. Raises WrongPasswordError, SignInWaitError
    or TriesUsedUpError.
    """
    claimed = wrong_tries.claim(tries, at=at)
    if not holder.check_password(present):
        raise WrongPasswordError
    wrong_tries.give_back(claimed, at=at)
    _replace_password(holder, present, new, at=at)


@transaction.atomic
@sensitive_variables()
def _replace_password(
    holder: KeyHolder, present: str, new: str, *, at: datetime
) -> None:
    """Replace the password if `present` is still right; else WrongPasswordError.

    It is compared again once the account is locked, so that of two concurrent changes
    only one succeeds.
    """
    locked = KeyHolder.objects.select_for_update().get(pk=holder.pk)
    if locked.password != holder.password and not locked.check_password(present):
        raise WrongPasswordError
    _set_password(holder, new, at=at)


@transaction.atomic
@sensitive_variables()
def recover(*, holder: KeyHolder, new: str, device: Device, at: datetime) -> None:
    """Set a new password after a recovery, and delete the counts of failed tries.

    The caller has checked the proof: mailbox and key, or the code and link of a new
    activation.
    """
    wrong_tries.forget_names(holder.user_name)
    note_sign_in(
        holder,
        SignInResult.RECOVERED,
        device=device,
        at=at,
        what_for=SignInFor.RECOVER,
    )
    _set_password(holder, new, at=at)


@transaction.atomic
@sensitive_variables()
def _set_password(holder: KeyHolder, new: str, *, at: datetime) -> None:
    holder.set_password(new)
    holder.save(update_fields=["password"])
    sign_out_everywhere(holder=holder)
    changes.note_change(holder, Change.PASSWORD, at=at)


@transaction.atomic
@sensitive_variables()
def ask_for_email(*, holder: KeyHolder, email: str, at: datetime) -> OneTimeCode:
    """Store a new contact address as unconfirmed, and send six digits to it.

    The account keeps its present address until `confirm_email`. Raises
    TooManyCodesError; then nothing is written.
    """
    KeyHolder.objects.filter(pk=holder.pk).update(new_email=email)
    holder.new_email = email
    return holder_codes.request_code(holder=holder, purpose=Purpose.EMAIL, at=at)


@sensitive_variables()
def confirm_email(*, holder: KeyHolder, typed: str, at: datetime) -> None:
    """Confirm the new address with its six digits; both addresses get a mail.

    This ends every session of the holder; a view that wants to stay signed in calls
    `session.renew`. Must not be called inside a transaction. Raises a OneTimeCodeError,
    or AddressOfAnotherAccountError; after the latter the new address is deleted.
    """
    tried = holder_codes.compare(
        holder=holder, purpose=Purpose.EMAIL, typed=typed, at=at
    )
    if not _take_new_email(holder, tried, at=at):
        raise AddressOfAnotherAccountError


@transaction.atomic
@sensitive_variables()
def _take_new_email(holder: KeyHolder, tried: OneTimeCode, *, at: datetime) -> bool:
    """Make the new address the contact address; False if another account has it.

    Only the desk lets two accounts share an address, after it has asked the person.
    Here nobody is there to ask.
    """
    locked = KeyHolder.objects.select_for_update().get(pk=holder.pk)
    # The account is locked, so `new_email` cannot change between this check and the
    # update: it must be the address to which the digits were sent.
    one_time.use_up(tried, at=at)
    indexes = destination_indexes(locked.new_email)
    if bytes(tried.destination_index) not in indexes:
        raise OneTimeCodeEndedError
    lock_destination(indexes[0])
    old, new, locked.new_email = locked.email, locked.new_email, ""
    if KeyHolder.objects.at_address(new).exclude(pk=locked.pk).exists():
        locked.save(update_fields=["new_email"])
        return False
    locked.email = new
    locked.save(update_fields=["email", "new_email"])
    # Also ends a recovery that began with the old mailbox, which is now no proof.
    sign_out_everywhere(holder=holder)
    changes.note_change(locked, Change.EMAIL, at=at)
    if old and comparable(old) != comparable(locked.email):
        changes.note_change(locked, Change.OLD_EMAIL, at=at, old_email=old)
    return True


@transaction.atomic
def choose_language(*, holder: KeyHolder, language: Language, at: datetime) -> None:
    """Set the language of the translation in the holder's mails.

    A mail tells the holder, in the new language. When the language is the same as
    before, nothing is written and nothing is sent.
    """
    other = KeyHolder.objects.filter(pk=holder.pk).exclude(language=language)
    if other.update(language=language):
        changes.note_change(holder, Change.LANGUAGE, at=at)
