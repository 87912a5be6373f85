"""The progress of an activation, so that typing the code again continues there.

The chosen account and key are in their own tables: the password hashed, the app's
secret and the destination encrypted. The code's row stores, encrypted too, which
account and which key the person had chosen. It is deleted when the code ends
(docs/decisions/068-typing-the-code-again-goes-on.md).
"""

import json
import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from activation.enums import KeyState, OneTimeCodeState
from activation.models import ActivationCode, DigitalKey, OneTimeCode
from activation.web.session_entry import pack, unpack
from counter.database.any_of import AnyOf


@dataclass(frozen=True)
class SavedProgress:
    """The account and the key that were chosen last with a code."""

    #: The stamp of the account (activation.journey.accounts.stamp).
    account: uuid.UUID
    #: When something was chosen last.
    at: datetime
    #: The key that waits for its first digits.
    key_id: uuid.UUID | None = None


def read(code: ActivationCode) -> SavedProgress | None:
    """The progress stored with this code; None when there is none it can read."""
    try:
        stored = json.loads(code.progress or "null")
    except ValueError:
        return None
    return unpack(SavedProgress, stored)


def keep_account(code: ActivationCode, account: uuid.UUID, *, at: datetime) -> None:
    """Store the account and keep the stored key. The caller has locked the code."""
    before = read(code)
    _keep(code, SavedProgress(account, at, before.key_id if before else None))


def keep_key(
    code: ActivationCode, key: DigitalKey, account: uuid.UUID, *, at: datetime
) -> None:
    """Store the key that is being set up. The caller has locked the code."""
    _keep(code, SavedProgress(account, at, key.pk))


@transaction.atomic
def forget_key(code_id: uuid.UUID) -> None:
    """Forget the stored key after too many wrong digits, so that one is chosen anew."""
    codes = ActivationCode.objects.select_for_update(of=("self",))
    code = codes.filter(pk=code_id).first()
    if code and (before := read(code)):
        _keep(code, replace(before, key_id=None))


def _keep(code: ActivationCode, progress: SavedProgress) -> None:
    code.progress = json.dumps(pack(progress))
    code.save(update_fields=["progress_sealed"])


def purge(codes: list[uuid.UUID]) -> None:
    """Delete the progress of codes that have ended, and their unconfirmed keys."""
    ActivationCode.objects.filter(AnyOf("pk", codes)).exclude(
        progress_sealed=b""
    ).update(progress_sealed=b"")
    never = DigitalKey.objects.filter(
        AnyOf("code", codes), is_first=True, state=KeyState.PENDING
    ).values_list("pk", flat=True)
    remove_unconfirmed(list(never))


def remove_unconfirmed(keys: list[uuid.UUID]) -> None:
    """Delete keys that wait for their first digits; digits sent to them stop working.

    The rows of the sent one-time codes stay and refer to the account instead of the
    key, because they still count in the limits of messages for a number and a person
    (activation.one_time.sending).
    """
    if not keys:
        return
    sent = OneTimeCode.objects.filter(key__in=keys, key__state=KeyState.PENDING)
    sent.filter(state=OneTimeCodeState.LIVE).update(state=OneTimeCodeState.REPLACED)
    of_key = DigitalKey.objects.filter(pk=OuterRef("key")).values("holder")
    sent.update(holder=Subquery(of_key), key=None)
    DigitalKey.objects.filter(pk__in=keys, state=KeyState.PENDING).delete()
