"""The account itself: password, contact address, language, and its sessions."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.views.decorators.debug import sensitive_variables

from activation.enums import Change, KeyState, Purpose, SignInResult
from activation.exceptions import OneTimeCodeEndedError
from activation.holder import wrong_tries
from activation.holder.changes import note_change
from activation.holder.exceptions import (
    AddressOfAnotherAccountError,
    WrongPasswordError,
)
from activation.holder.signing_in import Device, note_sign_in
from activation.holder.wrong_tries import Tries
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time import holder_codes, key_kinds, one_time
from activation.one_time.one_time import (
    destination_indexes,
    lock_destination,
)
from counter.email.mail_syntax import comparable
from counter.enums import Language


@transaction.atomic
def sign_out_everywhere(*, holder: KeyHolder) -> None:
    """End every session of the holder; a caller's own goes on with `renew`.

    An app that one of them set up and did not confirm goes too. Whoever was in there
    saw its secret.
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
    """Needs the present password, counted for the session; ends other sessions.

    `new` has passed `passwords.check`. Must not be called inside a transaction.
    Raises WrongPasswordError, SignInWaitError or TriesUsedUpError.
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
    """Compared once more: of two who knew the old one at once, one replaces it."""
    held = KeyHolder.objects.select_for_update().get(pk=holder.pk)
    if held.password != holder.password and not held.check_password(present):
        raise WrongPasswordError
    _set_password(holder, new, at=at)


@transaction.atomic
@sensitive_variables()
def recover(*, holder: KeyHolder, new: str, device: Device, at: datetime) -> None:
    """A new password for who showed the mail and a key; the failures are forgotten."""
    wrong_tries.forget_names(holder.user_name)
    note_sign_in(holder, SignInResult.RECOVERED, device=device, at=at)
    _set_password(holder, new, at=at)


@transaction.atomic
@sensitive_variables()
def _set_password(holder: KeyHolder, new: str, *, at: datetime) -> None:
    holder.set_password(new)
    holder.save(update_fields=["password"])
    sign_out_everywhere(holder=holder)
    note_change(holder, Change.PASSWORD, at=at)


@transaction.atomic
@sensitive_variables()
def ask_for_email(*, holder: KeyHolder, email: str, at: datetime) -> OneTimeCode:
    """Send six digits to the new address; until they come back nothing changes.

    Raises TooManyCodesError; then nothing is written.
    """
    KeyHolder.objects.filter(pk=holder.pk).update(new_email=email)
    holder.new_email = email
    return holder_codes.request_code(holder=holder, purpose=Purpose.EMAIL, at=at)


@sensitive_variables()
def confirm_email(*, holder: KeyHolder, typed: str, at: datetime) -> None:
    """The digits came back: the new address counts, and both are told.

    It ends every session of the holder; a caller's own goes on with `renew`.

    Must not be called inside a transaction. Raises one of OneTimeCodeError, or
    AddressOfAnotherAccountError, and then the address is forgotten.
    """
    tried = holder_codes.compare(
        holder=holder, purpose=Purpose.EMAIL, typed=typed, at=at
    )
    if not _take_new_email(holder, tried, at=at):
        raise AddressOfAnotherAccountError


@transaction.atomic
@sensitive_variables()
def _take_new_email(holder: KeyHolder, tried: OneTimeCode, *, at: datetime) -> bool:
    """Whether it was free; it leads to one account only, or nobody could say whose."""
    held = KeyHolder.objects.select_for_update().get(pk=holder.pk)
    # Behind the lock, so that the address is the one that the digits went to.
    one_time.use_up(tried, at=at)
    under = destination_indexes(held.new_email)
    if bytes(tried.destination_index) not in under:
        raise OneTimeCodeEndedError
    lock_destination(under[0])
    old, new, held.new_email = held.email, held.new_email, ""
    if KeyHolder.objects.at_address(new).exclude(pk=held.pk).exists():
        held.save(update_fields=["new_email"])
        return False
    held.email = new
    held.save(update_fields=["email", "new_email"])
    # Who is on the way in has shown a mailbox that is the account's no more.
    sign_out_everywhere(holder=holder)
    note_change(held, Change.EMAIL, at=at)
    if old and comparable(old) != comparable(held.email):
        note_change(held, Change.OLD_EMAIL, at=at, old_email=old)
    return True


@transaction.atomic
def choose_language(*, holder: KeyHolder, language: Language, at: datetime) -> None:
    """From now on mails to the holder have their translation in `language`.

    They are told of the change by a mail that has it already. The same language again
    is no change: nothing is written and nothing is sent.
    """
    other = KeyHolder.objects.filter(pk=holder.pk).exclude(language=language)
    if other.update(language=language):
        note_change(holder, Change.LANGUAGE, at=at)
