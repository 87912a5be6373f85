"""Counting the wrong tries at a holder's secrets, and limiting them.

Wrong tries block the person who typed them and nobody else
(docs/decisions/037-a-stranger-uses-up-nothing-of-a-holder.md). So they are counted
separately (`CountOf`): passwords under the typed user name, known or unknown, or under
the browser if the account knows it; the digits of a key apart from passwords, because
only a person with the password or the mailbox gets that far; and what is typed while
signed in under the session.

A try is counted by one conditional UPDATE, committed before anything is compared. From
the tenth failure on the next try has to wait, longer each time; after a hundred no try
is accepted for a day. A right secret gives its own try back. Only a complete sign-in or
a new password deletes the count.
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

# A concurrent request may be handled on a server whose clock is a little behind.
_AT_ONCE: Final = timedelta(minutes=1)


class CountOf(Enum):
    """The kinds of counts. The values are part of stored digests: never change them."""

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
    """The count for a password: of the browser if the account knows it, else the name.

    `browser` is the id of a known browser, or "".
    """
    if browser:
        return Tries(CountOf.BROWSER, browser)
    return Tries(CountOf.NAME, user_name)


@dataclass(frozen=True)
class ClaimedTry:
    """A try that was counted as failed. The next one has to wait until `free_from`."""

    tries: Tries
    free_from: datetime


@transaction.atomic(durable=True)
@sensitive_variables()
def claim(tries: Tries, *, at: datetime) -> ClaimedTry:
    """Count a try as failed, and commit that. Call it before comparing anything.

    Raises SignInWaitError; or, after a hundred failures, SignInDisabledError for the
    password of a sign-in and TriesUsedUpError for the rest. Then nothing is counted.
    """
    while not tries.row.claim_try(at):
        if refusal := _refusal(tries, at=at):
            raise refusal
        # There is no row yet, or it was deleted a moment ago.
        new = SignInCount(name_index=tries.index, last_at=at, free_from=at - _AT_ONCE)
        SignInCount.objects.bulk_create([new], ignore_conflicts=True)
    # The update has locked the row, so no concurrent try can have changed it.
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
    """Give a claimed try back because it was right, with one conditional UPDATE.

    A wait that a concurrent wrong try has caused meanwhile stays.
    """
    own = When(free_from=claimed.free_from, then=Value(at - _AT_ONCE))
    claimed.tries.row.filter(failures__gt=0).update(
        failures=F("failures") - 1, free_from=Case(own, default=F("free_from"))
    )


@sensitive_variables()
def forget(*counts: Tries) -> None:
    """Delete these counts, in the caller's transaction.

    Call it before writing to a holder or to rows that refer to one: everybody locks in
    that order, or two transactions could deadlock
    (docs/concurrency.md#the-order-of-locks). For the same reason the rows are locked in
    the order of their ids.
    """
    rows = SignInCount.objects.filter(name_index__in=[count.index for count in counts])
    in_order = rows.select_for_update().order_by("pk").values_list("pk", flat=True)
    SignInCount.objects.filter(pk__in=list(in_order)).delete()


@sensitive_variables()
def counts_of_name(user_name: str) -> SignInCountQuerySet[SignInCount]:
    """The counts under a user name, with the digests of every index key.

    Counts of a browser or a session are not included: they do not refer to a name.
    """
    digests = [
        digest
        for whose in (CountOf.NAME, CountOf.KEY, CountOf.RECOVERY)
        for digest in indexes(user_name.strip(), purpose=whose.value).values()
    ]
    return SignInCount.objects.filter(name_index__in=digests)


@sensitive_variables()
def forget_names(*user_names: str) -> None:
    """Delete the counts of these user names. Call it when a new password is set.

    The counts of known browsers need no deletion: they include the session epoch, which
    a new password changes (activation.holder.sessions.device).
    """
    kinds = (CountOf.NAME, CountOf.KEY, CountOf.RECOVERY)
    forget(*(Tries(whose, name) for name in user_names for whose in kinds))
