"""Adding, replacing, renaming and revoking a holder's keys.

The counter can revoke keys too.
"""

import uuid
from datetime import datetime
from typing import Final

from django.contrib.humanize.templatetags.humanize import apnumber
from django.db import transaction
from django.utils.timezone import localdate
from django.views.decorators.debug import sensitive_variables

from activation.codes.validity import key_end
from activation.enums import Change, KeyKind, KeyState, Purpose
from activation.exceptions import KeyGoneError, KindSwitchedOffError
from activation.holder import account, changes, key_label
from activation.holder.exceptions import SameKeyError, TooManyKeysError
from activation.holder.paper import recovery_codes
from activation.models import ActivationCode, DigitalKey, KeyHolder
from activation.one_time import app_digits, holder_codes, key_kinds
from activation.one_time.destinations import destination_index, destination_indexes
from activation.querysets import DigitalKeyQuerySet
from counter.dossiers.document_seen import note_document
from counter.enums import ActorKind
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Office
from counter.sign_in import totp

MOST_KEYS: Final = 3


def most_keys() -> str:
    """MOST_KEYS as a word in the active language, for texts: three."""
    return str(apnumber(MOST_KEYS))


def kinds_of(office: Office) -> list[KeyKind]:
    """The kinds of key that an office has not switched off, in their order."""
    return [each.kind for each in key_kinds.offered_by(office)]


def _check_kind(holder: KeyHolder, kind: KeyKind) -> None:
    if kind not in kinds_of(holder.dossier.office):
        raise KindSwitchedOffError


def has_room(applicant: Applicant, *, at: datetime) -> bool:
    """Whether this person may get one more key. For display only: it takes no lock."""
    keys = DigitalKey.objects.active(at).filter(holder__applicant=applicant)
    return keys.count() < MOST_KEYS


def lock_with_room(
    holder: KeyHolder, *, at: datetime, replaces: DigitalKey | None = None
) -> KeyHolder:
    """Lock the holder until the transaction ends, and check that one more key fits.

    The key that the new one `replaces` is not counted. The lock makes concurrent
    changes of a holder's keys run one after the other. Returns the holder as read with
    the lock, for example with a contact address that was confirmed meanwhile. Raises
    TooManyKeysError.
    """
    locked = KeyHolder.objects.select_for_update().get(pk=holder.pk)
    stay = DigitalKey.objects.active(at).filter(holder=holder)
    if replaces is not None:
        stay = stay.exclude(pk=replaces.pk)
    if stay.count() >= MOST_KEYS:
        raise TooManyKeysError(most=most_keys())
    return locked


def _last_code(holder: KeyHolder) -> ActivationCode:
    """The code of the holder's newest key; an added key is filed under this code.

    Raises KeyGoneError when the account never had an active key.
    """
    activated_keys = DigitalKey.objects.filter(
        holder=holder, activated_at__isnull=False
    )
    last = activated_keys.select_related("code").order_by("-activated_at").first()
    if last is None:
        raise KeyGoneError
    return last.code


@transaction.atomic
@sensitive_variables()
def set_up_key(
    *,
    holder: KeyHolder,
    kind: KeyKind,
    destination: str = "",
    replaces: DigitalKey | None = None,
    own: uuid.UUID | None = None,
    at: datetime,
) -> DigitalKey:
    """Set up a key that has to be confirmed; for a message key, send the first digits.

    `destination` is a number in E.164 or a mail address; empty for an app. The key that
    this one `replaces` works until the new one is confirmed. Choosing the same again
    returns the same key, and sends nothing while the first digits still work. An app is
    the same only if its id is `own`: whoever set up another app has its secret. Raises
    TooManyKeysError, SameKeyError, KindSwitchedOffError, TooManyCodesError, or
    KeyGoneError for an account that never had a key.
    """
    _check_kind(holder, kind)
    lock_with_room(holder, at=at, replaces=replaces)
    alike = _alike(holder, kind, destination, own)
    if alike.active(at).exists():
        raise SameKeyError
    new = DigitalKey(
        holder=holder,
        code=_last_code(holder),
        is_first=False,
        replaces=replaces,
        kind=kind,
        created_at=at,
    )
    set_up = alike.being_set_up(at).filter(is_first=False, code=new.code)
    key = set_up.filter(replaces=replaces).first() or _save(new, destination)
    if destination and not key.one_time_codes.working(at).exists():
        holder_codes.request_code(
            holder=holder, key=key, purpose=Purpose.ACTIVATE, at=at
        )
    return key


@sensitive_variables()
def _alike(
    holder: KeyHolder, kind: KeyKind, destination: str, own: uuid.UUID | None
) -> DigitalKeyQuerySet[DigitalKey]:
    """Keys with the same destination, confirmed or not; for an app only `own`."""
    alike = DigitalKey.objects.filter(holder=holder, kind=kind)
    if destination:
        return alike.filter(destination_index__in=destination_indexes(destination))
    return alike.filter(pk=own, state=KeyState.PENDING) if own else alike.none()


@sensitive_variables()
def _save(new: DigitalKey, destination: str) -> DigitalKey:
    new.name = key_label.own_name(new.replaces)
    if destination:
        new.destination = destination
        new.destination_index = destination_index(destination)
    else:
        new.secret = totp.new_secret()
        new.name = new.name or key_label.app_name(new.holder)
    new.save()
    return new


def pending(
    holder: KeyHolder, key_id: uuid.UUID | None, *, at: datetime
) -> DigitalKey | None:
    """The added key with this id that waits to be confirmed; None without one."""
    if key_id is None:
        return None
    return (
        DigitalKey.objects.being_set_up(at)
        .select_related("holder", "code__dossier__office", "replaces")
        .filter(holder=holder, pk=key_id, is_first=False)
        .first()
    )


@sensitive_variables()
def add_key(
    *, holder: KeyHolder, key_id: uuid.UUID, typed: str, at: datetime
) -> DigitalKey:
    """Confirm an added key with its six digits; it is active for ten years from `at`.

    When it replaces another key, that key is revoked, the new one takes over the name
    that the holder gave, and every session ends; a view that wants to stay signed in
    calls `session.renew`. Must not be called inside a transaction. Raises KeyGoneError,
    WrongDigitsError (app), a OneTimeCodeError (text message, e-mail), TooManyKeysError,
    or KindSwitchedOffError.
    """
    key = pending(holder, key_id, at=at)
    if key is None:
        raise KeyGoneError
    _check_kind(holder, KeyKind(key.kind))
    step = key.last_step
    if not key.kind_record.has_destination:
        step = app_digits.first_step(key, typed, at=at)
    else:
        holder_codes.use_code(
            holder=holder, key=key, purpose=Purpose.ACTIVATE, typed=typed, at=at
        )
    return _add(holder, key, step=step, at=at)


@transaction.atomic
def _add(holder: KeyHolder, key: DigitalKey, *, step: int, at: datetime) -> DigitalKey:
    """Activate the key and end the one it replaces; KeyGoneError when that is gone."""
    lock_with_room(holder, at=at, replaces=key.replaces)
    recovery_codes.delete_outlived(holder, at=at)
    name = key.name
    if key.replaces is not None:
        _end(key.replaces, at=at)
        key.replaces.refresh_from_db(fields=["name"])  # it may have been renamed since
        name = key_label.own_name(key.replaces) or name
    added = DigitalKey.objects.filter(pk=key.pk, state=KeyState.PENDING).update(
        state=KeyState.ACTIVE,
        activated_at=at,
        valid_until=key_end(at),
        last_step=step,
        name=name,
    )
    if not added:
        raise KeyGoneError
    if key.replaces is not None:
        # Only now: this deletes unconfirmed apps, and the key was one until now.
        account.sign_out_everywhere(holder=holder)
    key.refresh_from_db()
    journal.write(
        Event.KEY_ADDED,
        {"kind": KeyKind(key.kind), "date": f"{localdate(key_end(at))}"},
        dossier=key.code.dossier,
        actor_kind=ActorKind.APPLICANT,
    )
    change = Change.KEY_REPLACED if key.replaces else Change.KEY_ADDED
    changes.note_change(holder, change, at=at, kind=key.kind)
    return key


@transaction.atomic
def rename_key(*, key: DigitalKey, name: str, at: datetime) -> None:
    """Rename a key; the same name again changes and announces nothing."""
    KeyHolder.objects.select_for_update().get(pk=key.holder_id)  # first, as elsewhere
    if DigitalKey.objects.filter(pk=key.pk).exclude(name=name).update(name=name):
        changes.note_change(key.holder, Change.KEY_RENAMED, at=at, kind=key.kind)


@transaction.atomic
def revoke_key(
    *,
    key: DigitalKey,
    at: datetime,
    clerk: Clerk | None = None,
    document_seen: bool = False,
    in_absence: bool = False,
) -> None:
    """Revoke a key, and end every session of its holder.

    Without `clerk` the holder does it, who has shown a key. A `clerk` does it at the
    counter after checking the person's identity document (`document_seen`). With
    `in_absence` the clerk is a supervisor who does it without the person and has given
    a reason (docs/decisions/064-acts-of-a-supervisor.md). Raises KeyGoneError when the
    key is not active, and DocumentNotSeenError when the clerk did not look.
    """
    if clerk is not None and not in_absence:
        note_document(seen=document_seen, dossier=key.code.dossier, clerk=clerk)
    KeyHolder.objects.select_for_update().get(pk=key.holder_id)  # first, as elsewhere
    _end(key, at=at, clerk=clerk)
    account.sign_out_everywhere(holder=key.holder)
    changes.note_change(key.holder, Change.KEY_REVOKED, at=at, kind=key.kind)


def _end(key: DigitalKey, *, at: datetime, clerk: Clerk | None = None) -> None:
    """Revoke the key; of several concurrent calls all but one raise KeyGoneError."""
    revoked = DigitalKey.objects.active(at).filter(pk=key.pk)
    if not revoked.update(state=KeyState.REVOKED, revoked_at=at):
        raise KeyGoneError
    journal.write(
        Event.KEY_REVOKED,
        {"kind": KeyKind(key.kind)},
        dossier=key.code.dossier,
        clerk=clerk,
        actor_kind=None if clerk else ActorKind.APPLICANT,
    )
