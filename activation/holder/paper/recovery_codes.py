"""Ten recovery codes on paper, which the holder makes; each works once.

A code replaces a key that the holder does not have at hand: with the password at
sign-in, or with the mailbox after a forgotten password. It is never enough alone. Wrong
codes are counted together with the wrong digits of the key that they replace
(docs/decisions/013-recovery-counts-apart.md). A code works only as long as the account
has an active key, so that no paper outlives the ten years, nor an intruder's sheet the
visit to the counter that ended all keys.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.views.decorators.debug import sensitive_variables

from activation.codes import activation_code
from activation.enums import Change
from activation.exceptions import KeyGoneError, MistypedCodeError
from activation.holder import changes, proving, wrong_tries
from activation.holder.exceptions import (
    SignInBusyError,
    UsedRecoveryCodeError,
    WrongRecoveryCodeError,
)
from activation.holder.wrong_tries import Tries
from activation.models import DigitalKey, KeyHolder, RecoveryCode
from activation.querysets import KeyHolderQuerySet
from counter.sign_in import hashing_places

HOW_MANY: Final = 10
_MARK: Final = 4
#: A code has 65 bits, of which the mark shows 20. NIST SP 800-63B-4 asks for 64 bits,
#: and for the hash of a password when there are fewer than 112.
_RANDOM_BYTES: Final = 9


@dataclass(frozen=True)
class Sheet:
    """How many codes of the newest sheet are left, and when it was made."""

    left: int
    made_at: datetime | None


def sheet_of(holder: KeyHolder) -> Sheet:
    codes = list(RecoveryCode.objects.filter(holder=holder))
    unused = [code for code in codes if code.used_at is None]
    return Sheet(len(unused), max((code.made_at for code in codes), default=None))


def has_code_left(holders: KeyHolderQuerySet[KeyHolder]) -> bool:
    """Whether somebody of these has an unused code."""
    return RecoveryCode.objects.filter(holder__in=holders, used_at=None).exists()


@sensitive_variables()
def find_holder(typed: str, *, among: KeyHolderQuerySet[KeyHolder]) -> KeyHolder | None:
    """The account on whose sheet the code is, by its mark; None when it is on none.

    Nothing is proved by that: the code itself is compared by `use_code`.
    """
    mark = activation_code.normalise(typed)[:_MARK]
    codes = RecoveryCode.objects.filter(holder__in=among, mark=mark)
    code = codes.select_related("holder__applicant").first()
    return code.holder if code else None


@sensitive_variables()
def make_codes(*, holder: KeyHolder, at: datetime) -> list[str]:
    """Make ten new codes and return them as text, which cannot be read again later.

    Codes made before stop working, and the holder gets a mail. Raises SignInBusyError.
    """
    texts: dict[str, str] = {}
    while len(texts) < HOW_MANY:
        text = activation_code.from_bytes(secrets.token_bytes(_RANDOM_BYTES))
        texts.setdefault(text[:_MARK], text)
    try:
        with hashing_places.HOLDERS.take():
            hashed = {mark: make_password(text) for mark, text in texts.items()}
    except hashing_places.NoPlaceError:
        raise SignInBusyError(at=at) from None
    _replace(holder, hashed, at=at)
    return [activation_code.grouped(text) for text in texts.values()]


@transaction.atomic
@sensitive_variables()
def _replace(holder: KeyHolder, hashed: dict[str, str], *, at: datetime) -> None:
    KeyHolder.objects.select_for_update().get(pk=holder.pk)
    RecoveryCode.objects.filter(holder=holder).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(holder=holder, mark=mark, hashed=each, made_at=at)
        for mark, each in hashed.items()
    )
    changes.note_change(holder, Change.CODES_MADE, at=at)


def delete_outlived(holder: KeyHolder, *, at: datetime) -> None:
    """Delete the codes if no key is active any more: a later key must not revive them.

    Call it before that key is active; the caller has locked the holder.
    """
    keys = DigitalKey.objects.active(at).filter(holder=OuterRef("holder"))
    RecoveryCode.objects.filter(~Exists(keys), holder=holder).delete()


@sensitive_variables()
def use_code(*, holder: KeyHolder, typed: str, tries: Tries, at: datetime) -> None:
    """Use a code instead of a key. It cannot be used again; the holder gets a mail.

    Must not be called inside a transaction. Raises MistypedCodeError when the check
    character is wrong, which counts no try; SignInWaitError; TriesUsedUpError;
    SignInBusyError; KeyGoneError when the account has no active key;
    WrongRecoveryCodeError; or UsedRecoveryCodeError.
    """
    text = activation_code.normalise(typed)
    if not activation_code.is_well_formed(text):
        raise MistypedCodeError
    if not proving.keys_of(holder, at=at).exists():
        raise KeyGoneError
    try:
        with hashing_places.HOLDERS.take():
            claimed = wrong_tries.claim(tries, at=at)
            code = _right_one(holder, text)
    except hashing_places.NoPlaceError:
        raise SignInBusyError(at=at) from None
    if code is None:
        raise WrongRecoveryCodeError
    _use_up(code, at=at)
    wrong_tries.give_back(claimed, at=at)


@sensitive_variables()
def _right_one(holder: KeyHolder, text: str) -> RecoveryCode | None:
    codes = RecoveryCode.objects.filter(holder=holder, mark=text[:_MARK])
    code = codes.select_related("holder").first()
    if code is None:
        make_password(text)  # the same work
        return None
    return code if check_password(text, code.hashed) else None


@transaction.atomic
def _use_up(code: RecoveryCode, *, at: datetime) -> None:
    """Mark the code as used; UsedRecoveryCodeError when it was used before."""
    # Before the code: the change that is noted below refers to the holder.
    KeyHolder.objects.select_for_update().get(pk=code.holder_id)
    unused = RecoveryCode.objects.filter(pk=code.pk, used_at=None)
    if not unused.update(used_at=at):
        raise UsedRecoveryCodeError
    changes.note_change(code.holder, Change.CODE_USED, at=at)
