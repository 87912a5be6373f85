"""Rate limits for the secrets of staff: who is counted, and how long they have to wait.

Wrong tries make only the person wait who typed them
(docs/decisions/034-who-guesses-waits.md). On the sign-in page, tries from a known
computer count for that computer (by its cookie). All others count for their network
address, and together for the user name. Tries in a session count for that session, and
those of a colleague at a clerk's screen for that clerk. Each has its own `Count`, with
a wait that grows.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.crypto import encryption
from counter.enums import SecretForm, StaffSecret
from counter.models import Clerk, SignInFailure
from counter.querysets import SIGN_IN_FREE
from counter.sign_in import hashing_places, known_devices
from counter.sign_in.hashing_places import Places
from counter.web.visitor_address import network_of
from counter.web.waiting import wait_sentence


class Whose(Enum):
    """What a count is for. The values are part of the digests that find the rows."""

    NAME = "user name at sign-in"
    DEVICE = "computer at sign-in"
    ADDRESS = "address at sign-in"
    SESSION = "session of staff"
    SCREEN = "screen of staff"
    SET_UP = "attempt at setting an app up"
    LINK_ADDRESS = "address that asks for a password link"
    LINK_NAME = "user name that a password link is asked for"


@dataclass(frozen=True)
class Rule:
    """The limits of one kind of count: after `free` failures there is a wait, and after
    `window` the count begins at zero.

    With `is_forgotten`, a right secret removes the count, because the failures were of
    the same person. Otherwise they may be of others, and only the right try itself is
    taken off the count.
    """

    sentence: Promise
    free: int = SIGN_IN_FREE
    window: timedelta = timedelta(days=1)
    is_forgotten: bool = True


RULES: Final = {
    Whose.NAME: Rule(
        _(
            "Too many tries under this name. At a computer where you signed in before "
            "you need not wait."
        )
    ),
    Whose.DEVICE: Rule(_("Too many tries at this computer.")),
    Whose.ADDRESS: Rule(
        _(
            "Too many tries from this network. At a computer where you signed in "
            "before you need not wait."
        ),
        free=30,
        window=timedelta(hours=1),
        is_forgotten=False,
    ),
    Whose.SESSION: Rule(_("Too many tries at this screen.")),
    Whose.SCREEN: Rule(_("Too many tries at this screen."), is_forgotten=False),
    Whose.SET_UP: Rule(_("Too many tries at this computer.")),
    Whose.LINK_ADDRESS: Rule(
        _("Too many mails were asked for from this network."),
        free=20,
        window=timedelta(hours=1),
    ),
    Whose.LINK_NAME: Rule(_("Too many mails were asked for this name.")),
}


class NotComparedError(ValidationError):
    """Nothing was compared or counted. Try again in `seconds`."""

    status: int
    seconds: int


class StaffWaitError(NotComparedError):
    """There were too many failures, so this person has to wait."""

    status = 429

    def __init__(self, whose: Whose, wait: timedelta) -> None:
        self.seconds = int(wait.total_seconds()) + 1
        sentence = f"{RULES[whose].sentence} {wait_sentence(self.seconds)}"
        super().__init__(sentence, code="wait")


@dataclass(frozen=True)
class Count:
    """The failed tries of one name, computer, address, session, screen or attempt.

    Passwords and digits have separate counts, so that a right password does not reset
    the count of wrong digits; `secret` is None when both count together. `of` may be a
    password that was typed in the field of the user name, so the repr leaves it out.
    """

    whose: Whose
    of: str = field(repr=False)
    secret: StaffSecret | None

    @property
    def rule(self) -> Rule:
        return RULES[self.whose]

    @property
    def index(self) -> bytes:
        purpose = f"{self.whose.value} {self.secret.value if self.secret else ''}"
        kid = next(iter(settings.INDEX_KEYS))
        return encryption.index(self.of, purpose=purpose, kid=kid)


@dataclass(frozen=True)
class Claimed:
    """A try that was counted as failed before the secret is compared."""

    count: Count
    failures: int
    since: datetime
    free_from: datetime


@dataclass(frozen=True)
class Door:
    """Where which kind of secret is typed, and in which counts the try is counted.

    `screen_of` is the clerk on whose screen somebody else types. `network` is the
    network of the visitor, on pages that are open to everybody; there `places` limits
    how many passwords are compared at once (counter.sign_in.hashing_places).
    """

    form: SecretForm
    secret: StaffSecret
    counts: tuple[Count, ...]
    screen_of: Clerk | None = None
    network: str | None = None
    places: Places | None = None


@sensitive_variables()
def at_sign_in_page(request: HttpRequest, user_name: str, secret: StaffSecret) -> Door:
    """The door of the sign-in page, for a known computer or for a stranger.

    For a stranger the network address is checked before the user name: when the address
    has to wait, nothing is counted for the name.
    """
    network = network_of(request)
    if device := known_devices.find(request, user_name):
        places = hashing_places.KNOWN_COMPUTERS
        counts: tuple[Count, ...] = (Count(Whose.DEVICE, device, secret),)
    else:
        places = hashing_places.STRANGERS
        counts = (
            Count(Whose.ADDRESS, network, None),
            Count(Whose.NAME, user_name, secret),
        )
    return Door(
        SecretForm.SIGN_IN,
        secret,
        counts,
        network=network,
        places=places if secret is StaffSecret.PASSWORD else None,
    )


def at_city_sign_on(request: HttpRequest) -> Door:
    """The door of the city's sign-on, for a computer known to any account, or for a
    network address. The account is not known before the city's answer is read.
    """
    secret, network = StaffSecret.CITY, network_of(request)
    if device := known_devices.find_any(request):
        counts: tuple[Count, ...] = (Count(Whose.DEVICE, device, secret),)
    else:
        counts = (Count(Whose.ADDRESS, network, None),)
    places = hashing_places.CITY_SIGN_ON
    return Door(SecretForm.SIGN_IN, secret, counts, network=network, places=places)


def while_setting_up(request: HttpRequest, attempt: uuid.UUID) -> Door:
    """The door of one attempt at setting up an app, where the secret is on the screen.

    There is nothing to guess, so the count is separate: earlier wrong digits of the
    account cause no wait.
    """
    secret = StaffSecret.DIGITS
    counts = (Count(Whose.SET_UP, attempt.hex, secret),)
    network = network_of(request)
    return Door(SecretForm.SET_UP_APP, secret, counts, network=network)


@sensitive_variables()
def asking_for_a_link(request: HttpRequest, user_name: str) -> tuple[Count, ...]:
    """The counts for asking for a password link on the sign-in page.

    Each request counts, because none is ever "right". The network address comes first,
    as in `at_sign_in_page`.
    """
    return (
        Count(Whose.LINK_ADDRESS, network_of(request), None),
        Count(Whose.LINK_NAME, user_name, None),
    )


def in_session(
    clerk: Clerk, form: SecretForm, secret: StaffSecret = StaffSecret.PASSWORD
) -> Door:
    """The door for the clerk's own secret, typed in the clerk's present session
    (counter.sign_in.single_session).
    """
    session = f"{clerk.pk} {clerk.sign_in.session_epoch}"
    counts = (Count(Whose.SESSION, session, secret),)
    return Door(form, secret, counts)


def at_screen_of(clerk: Clerk, form: SecretForm, secret: StaffSecret) -> Door:
    """The door for somebody else's secret typed on this clerk's screen.

    It counts for this clerk only, so the other person's account is never blocked. It
    does not depend on the session, so signing in again does not reset the count.
    """
    counts = (Count(Whose.SCREEN, str(clerk.pk), secret),)
    return Door(form, secret, counts, screen_of=clerk)


@sensitive_variables()
def check_waiting(counts: Sequence[Count], *, at: datetime) -> None:
    """Raise StaffWaitError while one of the counts has to wait; nothing is written."""
    for count in counts:
        row = SignInFailure.objects.filter(whose_index=count.index).first()
        if row is not None and row.free_from > at:
            raise StaffWaitError(count.whose, row.free_from - at)


@sensitive_variables()
def claim(counts: Sequence[Count], *, at: datetime) -> tuple[Claimed, ...]:
    """Count this try as failed, and commit that before the secret is compared.

    It is counted in all of `counts`; when one of them has to wait, it is counted in
    none and StaffWaitError is raised. The fixed order of the rows prevents deadlocks.
    """
    with transaction.atomic(durable=True):
        return tuple(_claim(count, at) for count in counts)


def _claim(count: Count, at: datetime) -> Claimed:
    rule = count.rule
    row = SignInFailure.objects.filter(whose_index=count.index)
    while not row.claim_try(at, free=rule.free, window=rule.window):
        blocked = row.first()
        if blocked is not None and blocked.free_from > at:
            raise StaffWaitError(count.whose, blocked.free_from - at)
        # There is no row, or it was just deleted. Create it with no failures, so that
        # the update above counts each of several simultaneous first tries.
        long_ago = at - rule.window
        new = SignInFailure(whose_index=count.index, since=at, free_from=long_ago)
        SignInFailure.objects.bulk_create([new], ignore_conflicts=True)
    # The update holds the row lock, so no other try is in these values.
    failed = row.get()
    return Claimed(count, failed.failures, failed.since, failed.free_from)


@sensitive_variables()
def was_right(claimed: Sequence[Claimed], *, at: datetime) -> None:
    """Take back the claimed failures of a right secret; those of others stay."""
    for one in claimed:
        row = SignInFailure.objects.filter(whose_index=one.count.index, since=one.since)
        own = one.failures if one.count.rule.is_forgotten else 1
        if not row.filter(failures=own).delete()[0]:
            row.give_back(at, earned=one.free_from)


@sensitive_variables()
def forgive_name(user_name: str, secret: StaffSecret) -> None:
    """Remove the count of this user name, because the account gets a new secret."""
    count = Count(Whose.NAME, user_name, secret)
    SignInFailure.objects.filter(whose_index=count.index).delete()
