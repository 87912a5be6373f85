"""Signing in on the holder's own page: user name and password, then a key.

Failures in a row are counted by user name, known or unknown, in one conditional
UPDATE that is committed before anything is compared: a growing wait from the tenth,
disabled at a hundred (SECURITY.md, section 1). A right password gives its own try
back; only a whole sign-in, or a new password, forgets the others. Whether a name is
known is never said, and an unknown one costs the same hash.

The keys that are shown for a forgotten password have a count of their own, with the
same limits. Everybody can fail to sign in under a name; only who reads the holder's
mail gets as far as a key.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.views.decorators.debug import sensitive_variables

from activation import passwords
from activation.enums import Change, SignInResult
from activation.holder_exceptions import (
    RecoveryDisabledError,
    SignInDisabledError,
    SignInWaitError,
    WrongSignInError,
)
from activation.models import DigitalKey, KeyHolder, SignInActivity, SignInCount
from activation.querysets import SIGN_INS_UNTIL_DISABLED, SignInCountQuerySet
from activation.services.holder_changes import note_change
from counter import journal
from counter.encryption import index
from counter.enums import ActorKind, Event

# A request that came at the same time may have a clock that is a little behind.
_AT_ONCE: Final = timedelta(minutes=1)
#: What tries are counted as. The words are in the digests that rows are found by.
SIGN_IN: Final = "user name of a holder"
RECOVERY: Final = "recovery of a holder"


@dataclass(frozen=True)
class Device:
    """What is kept of where somebody signs in from (activation.devices)."""

    device: str
    browser: str
    is_new: bool


@sensitive_variables()
def _count(user_name: str, counted: str) -> SignInCountQuerySet[SignInCount]:
    return SignInCount.objects.filter(name_index=_index(user_name, counted))


@sensitive_variables()
def _index(user_name: str, counted: str) -> bytes:
    kid = next(iter(settings.INDEX_KEYS))
    return index(user_name.strip(), purpose=counted, kid=kid)


@transaction.atomic(durable=True)
@sensitive_variables()
def claim_try(user_name: str, *, at: datetime, counted: str = SIGN_IN) -> None:
    """Count a try as failed, and commit that, before anything is compared.

    Raises SignInWaitError, SignInDisabledError or, `counted` as RECOVERY,
    RecoveryDisabledError; then nothing is counted.
    """
    count = _count(user_name, counted)
    if count.claim_try(at):
        return
    new = SignInCount(
        name_index=_index(user_name, counted), last_at=at, free_from=at - _AT_ONCE
    )
    SignInCount.objects.bulk_create([new], ignore_conflicts=True)
    if count.claim_try(at):
        return
    blocked = count.first()
    if blocked is not None and blocked.failures >= SIGN_INS_UNTIL_DISABLED:
        raise SignInDisabledError if counted == SIGN_IN else RecoveryDisabledError
    raise SignInWaitError(free_at=blocked.free_from if blocked else at, at=at)


@sensitive_variables()
def give_back(user_name: str, *, at: datetime, counted: str = SIGN_IN) -> None:
    """The claimed try was right: it counts no more, and nobody waits for it."""
    _count(user_name, counted).filter(failures__gt=0).update(
        failures=F("failures") - 1, free_from=at - _AT_ONCE
    )


@sensitive_variables()
def forget_tries(*user_names: str) -> None:
    """A new password: both counts of these names start anew.

    In the caller's transaction, and before it writes to a holder or to what hangs on
    one: that is the order of `complete`, which would wait in a circle otherwise
    (docs/architecture.md). The rows among themselves go by their ids.
    """
    wanted = [
        _index(name, counted) for name in user_names for counted in (SIGN_IN, RECOVERY)
    ]
    counts = SignInCount.objects.filter(name_index__in=wanted)
    in_order = counts.select_for_update().order_by("pk").values_list("pk", flat=True)
    SignInCount.objects.filter(pk__in=list(in_order)).delete()


@sensitive_variables()
def find(user_name: str) -> KeyHolder | None:
    return (
        KeyHolder.objects.select_related("applicant")
        .annotate(folded=Lower("user_name"))
        .filter(folded=user_name.strip().lower())
        .first()
    )


@sensitive_variables()
def check_password(
    *, user_name: str, password: str, device: Device, at: datetime
) -> KeyHolder:
    """The holder, when name and password belong together; not signed in yet.

    Must not be called inside a transaction. Raises WrongSignInError,
    SignInWaitError or SignInDisabledError.
    """
    claim_try(user_name, at=at)
    holder = find(user_name)
    if holder is None:
        make_password(passwords.normalise(password))  # the same work for no one
        raise WrongSignInError
    if not holder.check_password(password):
        note_sign_in(holder, SignInResult.WRONG_PASSWORD, device=device, at=at)
        raise WrongSignInError
    give_back(user_name, at=at)
    return holder


def note_sign_in(
    holder: KeyHolder,
    result: SignInResult,
    *,
    device: Device,
    at: datetime,
    key: DigitalKey | None = None,
) -> None:
    SignInActivity.objects.create(
        holder=holder,
        at=at,
        key=key,
        kind=key.kind if key else "",
        device=device.device,
        browser=device.browser,
        result=result,
    )


@transaction.atomic
def complete(
    *, holder: KeyHolder, key: DigitalKey, device: Device, at: datetime
) -> None:
    """Password and key were right: keep that, and tell of a device that is new.

    The count first, then what hangs on the holder: the order of `forget_tries`.
    What somebody tried with the holder's mail is not forgotten for it.
    """
    _count(holder.user_name, SIGN_IN).delete()
    note_sign_in(holder, SignInResult.SIGNED_IN, device=device, at=at, key=key)
    journal.write(
        Event.HOLDER_SIGNED_IN,
        dossier=holder.dossier,
        actor_kind=ActorKind.APPLICANT,
    )
    if device.is_new:
        note_change(holder, Change.NEW_DEVICE, at=at, kind=key.kind)
