"""How far somebody came with a code, so that typing it again goes on from there.

The account and the key that were chosen lie where they always do: the password as a
hash, the app's secret and the destination sealed. The code's row keeps, sealed as well,
which of them its way goes on with, until the code ends
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
class KeptWay:
    """What was chosen last with a code."""

    #: The stamp of the account (activation.journey.accounts.stamp).
    account: uuid.UUID
    #: When something was chosen last.
    at: datetime
    #: The key that waits for its first digits.
    key_id: uuid.UUID | None = None


def read(code: ActivationCode) -> KeptWay | None:
    """What was kept with this code; None when nothing was, or it is of no use now."""
    try:
        kept = json.loads(code.way or "null")
    except ValueError:
        return None
    return unpack(KeptWay, kept)


def keep_account(code: ActivationCode, account: uuid.UUID, *, at: datetime) -> None:
    """Keep the account; the chosen key stays. The caller holds the code's lock."""
    before = read(code)
    _keep(code, KeptWay(account, at, before.key_id if before else None))


def keep_key(
    code: ActivationCode, key: DigitalKey, account: uuid.UUID, *, at: datetime
) -> None:
    """Keep the key that is being set up. The caller holds the code's lock."""
    _keep(code, KeptWay(account, at, key.pk))


@transaction.atomic
def forget_key(code_id: uuid.UUID) -> None:
    """Go on with the choice of a key: the last one was tried too often."""
    codes = ActivationCode.objects.select_for_update(of=("self",))
    code = codes.filter(pk=code_id).first()
    if code and (before := read(code)):
        _keep(code, replace(before, key_id=None))


def _keep(code: ActivationCode, way: KeptWay) -> None:
    code.way = json.dumps(pack(way))
    code.save(update_fields=["way_sealed"])


def purge(codes: list[uuid.UUID]) -> None:
    """These codes have ended: forget their ways, and the keys that were never
    confirmed.
    """
    ActivationCode.objects.filter(AnyOf("pk", codes)).exclude(way_sealed=b"").update(
        way_sealed=b""
    )
    never = DigitalKey.objects.filter(
        AnyOf("code", codes), is_first=True, state=KeyState.PENDING
    ).values_list("pk", flat=True)
    remove_unconfirmed(list(never))


def remove_unconfirmed(keys: list[uuid.UUID]) -> None:
    """Delete keys that wait for their first digits; those sent to them work no more.

    What was sent stays, with the account in the key's place: it counts in what a number
    and a person get in a day (activation.one_time.sending), whatever became of the key.
    """
    if not keys:
        return
    sent = OneTimeCode.objects.filter(key__in=keys, key__state=KeyState.PENDING)
    sent.filter(state=OneTimeCodeState.LIVE).update(state=OneTimeCodeState.REPLACED)
    of_key = DigitalKey.objects.filter(pk=OuterRef("key")).values("holder")
    sent.update(holder=Subquery(of_key), key=None)
    DigitalKey.objects.filter(pk__in=keys, state=KeyState.PENDING).delete()
