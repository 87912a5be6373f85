"""Choosing the key: it is set up as pending, and active once it is confirmed."""

import uuid
from datetime import datetime
from typing import assert_never

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from activation.codes import saved_progress
from activation.codes.lock_code import lock_code
from activation.enums import KeyKind
from activation.exceptions import KeyGoneError, KindSwitchedOffError
from activation.holder.exceptions import SameKeyError
from activation.holder.key_label import app_name
from activation.holder.own_keys import kinds_of
from activation.journey import accounts
from activation.models import ActivationCode, DigitalKey, KeyHolder
from activation.one_time import key_kinds, one_time
from activation.one_time.destinations import destination_index, destination_indexes
from activation.one_time.key_kinds import SentBy
from counter.sign_in import totp


@transaction.atomic
@sensitive_variables()
def choose_key(
    *,
    code_id: uuid.UUID,
    kind: KeyKind,
    mobile: str = "",
    own: uuid.UUID | None = None,
    at: datetime,
) -> DigitalKey:
    """Set up a key of this kind; for a message key, send the first one-time code.

    `mobile` is a number in E.164, for a text message key only; an e-mail key goes to
    the dossier's address. Choosing the same again (back button, second tab) returns the
    same key, and sends nothing while the first digits still work. An app is the same
    only if its id is `own`, the app of this visit: whoever set up another app has its
    secret, so that app is deleted and a new secret is made. The code stores the choice.

    Raises CodeEndedError, KindSwitchedOffError, SameKeyError when the account has this
    key already, KeyGoneError without an account, or TooManyCodesError. Then nothing is
    written.
    """
    code = lock_code(code_id=code_id, at=at)
    if kind not in kinds_of(code.dossier.office):
        raise KindSwitchedOffError
    holder = _locked_holder(code)
    destination = _destination(kind, code, mobile)
    alike = DigitalKey.objects.active(at).filter(holder=holder, kind=kind)
    under = destination_indexes(destination)
    if destination and alike.filter(destination_index__in=under).exists():
        raise SameKeyError
    key = _pending(code, holder, kind, destination, own, at)
    if key is None:
        key = _set_up(code, holder, kind, destination, at)
    if account := accounts.stamp(holder):
        saved_progress.keep_key(code, key, account, at=at)
    if destination and not key.one_time_codes.working(at).exists():
        one_time.request_code(code_id=code.pk, key_id=key.pk, at=at)
    return key


def _locked_holder(code: ActivationCode) -> KeyHolder:
    """Lock the applicant's account and return it.

    Like every service this locks the account before it writes rows that refer to it.
    Raises KeyGoneError without an account.
    """
    holders = KeyHolder.objects.filter(applicant=code.dossier.applicant)
    holder = holders.select_for_update().first()
    if holder is None:
        raise KeyGoneError
    return holder


@sensitive_variables()
def _destination(kind: KeyKind, code: ActivationCode, mobile: str) -> str:
    message = key_kinds.record(kind).message
    if message is None:
        return ""
    match message.by:
        case SentBy.TEXT_MESSAGE:
            return mobile
        case SentBy.MAIL:
            return code.dossier.email
        case _:
            assert_never(message.by)


@sensitive_variables()
def _pending(
    code: ActivationCode,
    holder: KeyHolder,
    kind: KeyKind,
    destination: str,
    own: uuid.UUID | None,
    at: datetime,
) -> DigitalKey | None:
    """The pending key that was set up with this code and the same choice, or None."""
    set_up = DigitalKey.objects.being_set_up(at)
    keys = set_up.filter(code=code, holder=holder, kind=kind)
    if destination:
        keys = keys.filter(destination_index__in=destination_indexes(destination))
        return keys.first()
    return keys.filter(pk=own).first() if own else None


@sensitive_variables()
def _set_up(
    code: ActivationCode,
    holder: KeyHolder,
    kind: KeyKind,
    destination: str,
    at: datetime,
) -> DigitalKey:
    key = DigitalKey(code=code, holder=holder, kind=kind, created_at=at)
    if destination:
        key.destination = destination
        key.destination_index = destination_index(destination)
    else:
        pictures = DigitalKey.objects.filter(
            code=code, is_first=True, kind__in=key_kinds.SHOWN
        )
        saved_progress.remove_unconfirmed(list(pictures.values_list("pk", flat=True)))
        key.secret = totp.new_secret()
        key.name = app_name(holder)
    key.save()
    return key
