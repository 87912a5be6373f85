"""Whose a holder's wrong try is, and when the next one is too many.

A wrong try closes whoever typed it and nobody else
(docs/decisions/037-a-stranger-uses-up-nothing-of-a-holder.md). Passwords count by the
user name, known or unknown, and from a browser that the account knows by that browser;
the digits of a key count apart from passwords, because only who has the password (or
the mailbox) gets as far as a key; what is typed in a session counts for the session.

Each count is one conditional UPDATE that is committed before anything is compared: a
growing wait from the tenth failure, and at a hundred an end for a day. A right secret
gives its own try back; only a whole sign-in, or a new password, forgets the others.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.views.decorators.debug import sensitive_variables

from activation.exceptions import ActivationError
from activation.holder.exceptions import (
    SignInDisabledError,
    SignInWaitError,
    TriesUsedUpError,
)
from activation.models import SignInCount
from activation.querysets import (
    DISABLED_FOR,
    SIGN_INS_UNTIL_DISABLED,
    SignInCountQuerySet,
)
from counter.crypto.encryption import index, indexes

# A request that came at the same time may have a clock that is a little behind.
_AT_ONCE: Final = timedelta(minutes=1)


class CountOf(Enum):
    """What a count is of. The values go into the rows' digests: never reword them."""

    NAME = "user name of a holder"
    BROWSER = "browser of a holder"
    KEY = "key of a holder after the password"
    RECOVERY = "recovery of a holder"
    SESSION = "session of a holder"


@dataclass(frozen=True)
class Tries:
    """The failed tries of one name, browser or session."""

    whose: CountOf
    of: str = field(repr=False)

    @property
    def index(self) -> bytes:
        kid = next(iter(settings.INDEX_KEYS))
        return index(self.of.strip(), purpose=self.whose.value, kid=kid)

    @property
    def row(self) -> SignInCountQuerySet[SignInCount]:
        return SignInCount.objects.filter(name_index=self.index)


@sensitive_variables()
def of_password(user_name: str, browser: str = "") -> Tries:
    """Under a name; `browser` is the id of one that the account knows."""
    if browser:
        return Tries(CountOf.BROWSER, browser)
    return Tries(CountOf.NAME, user_name)


@dataclass(frozen=True)
class ClaimedTry:
    """A try that was counted as failed, and until when it has the next one wait."""

    tries: Tries
    free_from: datetime


@transaction.atomic(durable=True)
@sensitive_variables()
def claim(tries: Tries, *, at: datetime) -> ClaimedTry:
    """Count a try as failed, and commit that, before anything is compared.

    Raises SignInWaitError, SignInDisabledError or (not at the password)
    TriesUsedUpError; then nothing is counted.
    """
    while not tries.row.claim_try(at):
        if refusal := _refusal(tries, at=at):
            raise refusal
        # There is no row yet, or it was deleted a moment ago.
        new = SignInCount(name_index=tries.index, last_at=at, free_from=at - _AT_ONCE)
        SignInCount.objects.bulk_create([new], ignore_conflicts=True)
    # Read behind the update's lock, so that nobody else's try is in it.
    return ClaimedTry(tries, tries.row.get().free_from)


@sensitive_variables()
def _refusal(tries: Tries, *, at: datetime) -> ActivationError | None:
    blocked = tries.row.first()
    if blocked is None:
        return None
    if blocked.failures >= SIGN_INS_UNTIL_DISABLED:
        free_at = blocked.last_at + DISABLED_FOR
        if tries.whose in (CountOf.NAME, CountOf.BROWSER):
            return SignInDisabledError(free_at=free_at, at=at)
        return TriesUsedUpError(free_at=free_at, at=at)
    if blocked.free_from <= at:
        return None
    return SignInWaitError(free_at=blocked.free_from, at=at)


@sensitive_variables()
def give_back(claimed: ClaimedTry, *, at: datetime) -> None:
    """Give a claimed try back because it was right: it counts no more.

    A wait that somebody else's try earned meanwhile stays. One conditional UPDATE.
    """
    own = When(free_from=claimed.free_from, then=Value(at - _AT_ONCE))
    claimed.tries.row.filter(failures__gt=0).update(
        failures=F("failures") - 1, free_from=Case(own, default=F("free_from"))
    )


@sensitive_variables()
def forget(*counts: Tries) -> None:
    """Delete these counts, in the caller's transaction.

    Call it before writing to a holder or to rows that refer to one: everybody locks in
    that order, or two transactions could deadlock (docs/architecture.md). For the same
    reason the rows are locked in the order of their ids.
    """
    rows = SignInCount.objects.filter(name_index__in=[count.index for count in counts])
    in_order = rows.select_for_update().order_by("pk").values_list("pk", flat=True)
    SignInCount.objects.filter(pk__in=list(in_order)).delete()


@sensitive_variables()
def counts_of_name(user_name: str) -> SignInCountQuerySet[SignInCount]:
    """What is counted under a name, whichever index key it was counted with.

    Counts of a browser or a session stand under neither name nor holder.
    """
    digests = [
        digest
        for whose in (CountOf.NAME, CountOf.KEY, CountOf.RECOVERY)
        for digest in indexes(user_name.strip(), purpose=whose.value).values()
    ]
    return SignInCount.objects.filter(name_index__in=digests)


@sensitive_variables()
def forget_names(*user_names: str) -> None:
    """After a new password: delete the counts of these names.

    Those of known browsers end with the sessions (activation.holder.sessions.device).
    """
    kinds = (CountOf.NAME, CountOf.KEY, CountOf.RECOVERY)
    forget(*(Tries(whose, name) for name in user_names for whose in kinds))
