"""Accepting the code from the paper, and activating the key."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F
from django.views.decorators.debug import sensitive_variables

from activation.codes import activation_code, derivation
from activation.codes.suspending import undo_lock
from activation.codes.validity import key_end
from activation.enums import Change, CodeState, KeyKind, KeyState
from activation.exceptions import (
    ActivationError,
    AlreadyActiveError,
    CodeEndedError,
    CodeLockedError,
    KeyGoneError,
    KindSwitchedOffError,
    MistypedCodeError,
    WrongCodeError,
)
from activation.holder import account, changes, own_keys
from activation.holder.paper import recovery_codes
from activation.holder.signing_in import Device, note_activation
from activation.holder.wrong_tries import forget_names
from activation.journey import accounts
from activation.models import ActivationCode, DigitalKey, KeyHolder, OneTimeCode
from activation.one_time import app_digits, one_time
from activation.querysets import TRIES_A_CODE
from activation.signals import codes_ended, key_activated
from counter.database.built_once import SOME_ID, SOME_TIME, Changer
from counter.dossiers.moves import move
from counter.email.mail_syntax import comparable
from counter.enums import ActorKind, DossierState
from counter.exceptions import MoveRefusedError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Dossier

_TRY: Final[Changer[ActivationCode]] = Changer(
    ActivationCode.objects.counting_one, {"code_id": SOME_ID, "at": SOME_TIME}
)


@sensitive_variables()
def accept_code(*, code_id: uuid.UUID, typed: str, at: datetime) -> ActivationCode:
    """Compare a typed code. A code allows five wrong tries, also concurrent ones.

    The try is counted by one conditional UPDATE and committed before the comparison
    (check-then-count let 67 guesses through: docs/security.md#activation-codes). A
    right code gives its try back. Must not be called inside a transaction.

    Raises MistypedCodeError when the check character is wrong, which counts no try;
    WrongCodeError with the number of tries left; CodeLockedError for the try that
    locks the code; CodeEndedError when the code is not usable.
    """
    text = activation_code.normalise(typed)
    if not activation_code.is_well_formed(text):
        raise MistypedCodeError
    with transaction.atomic(durable=True):
        # The row as this try left it: only one request sees the last try.
        counted = _TRY.change(code_id=code_id, at=at)
    if not counted:
        raise _no_try_left(code_id=code_id, at=at)
    [code] = counted
    if _is_right(code, text):
        try:
            _accept(code, at)
        except CodeEndedError:
            _give_back_while_held(code)
            raise
        return code
    left = TRIES_A_CODE - code.attempts
    if left < 1:
        raise _no_try_left(code_id=code_id, at=at)
    raise WrongCodeError(tries_left=left)


def _no_try_left(*, code_id: uuid.UUID, at: datetime) -> ActivationError:
    """Return the error to raise: CodeLockedError if this call has locked the code."""
    if _close_if_spent(code_id=code_id, at=at):
        return CodeLockedError()
    return CodeEndedError()


@sensitive_variables()
def _is_right(code: ActivationCode, text: str) -> bool:
    return derivation.is_right(
        text, kid=code.key_id, expected=lambda: activation_code.code_text(code)
    )


@transaction.atomic
def _close_if_spent(*, code_id: uuid.UUID, at: datetime) -> bool:
    """Lock a code whose tries are used up; True when this call locked it."""
    locked = (
        ActivationCode.objects.usable(at)
        .filter(pk=code_id, attempts__gte=TRIES_A_CODE)
        .update(state=CodeState.LOCKED, locked_at=at)
    )
    if not locked:
        return False
    code = ActivationCode.objects.select_related("dossier__office").get(pk=code_id)
    journal.write(
        Event.CODE_LOCKED,
        {"attempts": code.attempts},
        dossier=code.dossier,
        actor_kind=ActorKind.APPLICANT,
    )
    codes_ended.send(sender=ActivationCode, codes=[code])
    return True


def close_spent_codes(*, at: datetime) -> int:
    """Lock the codes whose tries are used up and that a request failed to lock.

    That happens when its process died. If a right try is being compared at this moment,
    `_accept` undoes the lock. Returns the number of locked codes.
    """
    spent = ActivationCode.objects.usable(at).filter(attempts__gte=TRIES_A_CODE)
    return sum(
        _close_if_spent(code_id=code, at=at)
        for code in list(spent.values_list("pk", flat=True))
    )


@transaction.atomic
def _accept(code: ActivationCode, at: datetime) -> None:
    """Give a right try back and note that the code was accepted.

    When the code is locked by now, a concurrent request (a double click) found no try
    left and locked it. But one of the five counted tries, this one, was right, so there
    were not five wrong ones: the code is unlocked. Raises CodeEndedError when the code
    can no longer be used for another reason.
    """
    counted = ActivationCode.objects.filter(
        pk=code.pk, valid_until__gt=at, attempts__gt=0
    )
    live = counted.filter(state=CodeState.LIVE)
    if not live.update(attempts=F("attempts") - 1):
        undo_lock(counted, at=at)
    journal.write(
        Event.CODE_ACCEPTED, dossier=code.dossier, actor_kind=ActorKind.APPLICANT
    )


def _give_back_while_held(code: ActivationCode) -> None:
    """Give a right try back when the code was put on hold after the try was counted."""
    code_on_hold = ActivationCode.objects.filter(pk=code.pk, state=CodeState.HELD)
    code_on_hold.filter(attempts__gt=0).update(attempts=F("attempts") - 1)


@sensitive_variables()
def activate_key(
    *,
    code_id: uuid.UUID,
    key_id: uuid.UUID,
    typed: str,
    account: uuid.UUID | None = None,
    device: Device | None = None,
    at: datetime,
) -> DigitalKey:
    """Confirm a pending key with six typed digits and make it active, once.

    `account` is the stamp of the account that the person chose or was shown
    (accounts.stamp): if its name or password was changed elsewhere since, nothing is
    activated. None skips this check.

    One transaction marks the code as used, activates the key until `validity.key_end`,
    moves the dossier, and writes the holder's history with the `device` and the
    confirmation mail. Must not be called inside a transaction: tries are committed
    first.

    Raises AlreadyActiveError when another tab was first, CodeEndedError, KeyGoneError,
    AccountMovedError, KindSwitchedOffError, WrongDigitsError (app), a OneTimeCodeError
    (text message, e-mail), or TooManyKeysError; after that the code can still be used.
    """
    code, key = _being_set_up(code_id, key_id, at=at)
    # Checked before a try is counted, and again once the code is locked.
    if account is not None:
        accounts.check_stands(key.holder, account)
    step = right = None
    if not key.kind_record.has_destination:
        step = app_digits.first_step(key, typed, at=at)
    else:
        right = one_time.compare(code_id=code_id, key=key, typed=typed, at=at)
    return _activate(code, key, _Proof(step, right, account, device), at=at)


def _being_set_up(
    code_id: uuid.UUID, key_id: uuid.UUID, *, at: datetime
) -> tuple[ActivationCode, DigitalKey]:
    """Return the code and its pending key, with the errors of `activate_key`."""
    codes = ActivationCode.objects.select_related("dossier__office")
    code = codes.filter(pk=code_id).first()
    if code is None:
        raise CodeEndedError
    if code.state == CodeState.USED:
        raise AlreadyActiveError
    set_up = DigitalKey.objects.being_set_up(at)
    key = set_up.filter(pk=key_id, code=code).first()
    if key is None:
        raise KeyGoneError
    if key.kind not in own_keys.kinds_of(code.dossier.office):
        raise KindSwitchedOffError
    return code, key


@dataclass(frozen=True)
class _Proof:
    """The proof with which a key is activated.

    `step` is the time step of an app's digits, or `one_time_code` is the code that was
    sent. `account` is the stamp of the account, `device` the browser in use.
    """

    step: int | None
    one_time_code: OneTimeCode | None
    account: uuid.UUID | None
    device: Device | None


@transaction.atomic
def _activate(
    code: ActivationCode, key: DigitalKey, proof: _Proof, *, at: datetime
) -> DigitalKey:
    """Activate the key and do everything that belongs to it, in one transaction.

    Every update has the expected state as a condition. The locks are taken in the order
    of docs/concurrency.md#the-order-of-locks.
    """
    _use_code(code, at=at)
    if proof.account is not None:
        key.holder.refresh_from_db()  # the code is locked now
        accounts.check_stands(key.holder, proof.account)
    # Forget failed sign-ins under this name: they may be somebody else's, and this
    # person was just at the counter.
    forget_names(key.holder.user_name)
    # A concurrent request that adds a key to this account waits for this lock.
    holder = own_keys.lock_with_room(key.holder, at=at)
    recovery_codes.delete_outlived(holder, at=at)
    if proof.step is not None:
        app_digits.use_up(key, proof.step)
    if proof.one_time_code is not None:
        one_time.use_up(proof.one_time_code, at=at)
    activated = DigitalKey.objects.filter(pk=key.pk, state=KeyState.PENDING).update(
        state=KeyState.ACTIVE, activated_at=at, valid_until=key_end(at)
    )
    if not activated:
        raise KeyGoneError
    _move_on(code.dossier, KeyKind(key.kind), at=at)
    key.refresh_from_db()
    # The one instance that is changed below, so that its session epoch is the new one.
    key.holder = holder
    note_activation(key, device=proof.device, at=at)
    _write_to(holder, code.dossier, at=at)
    code.refresh_from_db(fields=["state", "used_at"])
    codes_ended.send(sender=ActivationCode, codes=[code])
    key_activated.send(sender=DigitalKey, key=key)
    return key


def _use_code(code: ActivationCode, *, at: datetime) -> None:
    usable = ActivationCode.objects.usable(at).filter(pk=code.pk)
    if not usable.update(state=CodeState.USED, used_at=at):
        code.refresh_from_db(fields=["state"])
        raise AlreadyActiveError if code.state == CodeState.USED else CodeEndedError


def _move_on(dossier: Dossier, kind: KeyKind, *, at: datetime) -> None:
    try:
        move(
            dossier,
            to=DossierState.ACTIVATED,
            at=at,
            event=Event.KEY_ACTIVATED,
            actor_kind=ActorKind.APPLICANT,
            details={"kind": kind},
        )
    except MoveRefusedError:
        # Cancelled at the counter; the error's own sentence is meant for a clerk.
        raise CodeEndedError from None


@sensitive_variables()
def _write_to(holder: KeyHolder, dossier: Dossier, *, at: datetime) -> None:
    """Make the dossier's address the account's contact address; tell the old one."""
    old = holder.email
    holder.email, holder.language = dossier.email, dossier.language
    holder.save(update_fields=["email", "language"])
    if old and comparable(old) != comparable(holder.email):
        # This also ends a recovery that began with the old mailbox (decision 014).
        account.sign_out_everywhere(holder=holder)
        changes.note_change(holder, Change.OLD_EMAIL, at=at, old_email=old)
