"""Whose a try at a secret of staff is, and how long that one has to wait.

A wrong try closes whoever typed it and nobody else
(docs/decisions/034-who-guesses-waits.md). At the sign-in page that is a computer that
the account has signed in at, by its cookie; every other one by its network address, and
all of those together by the user name. What is typed in a session counts for that
session, and what a colleague types at a clerk's screen for that clerk. Each has a count
and a growing wait of its own (`Count`).
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
    """What a count belongs to. The values are part of the digests that find its row."""

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
    """How many failures are free, and after how long they are counted from none again.

    `is_forgotten`: a right secret proves that the same person failed before, so the
    count is removed. Otherwise the failures may be somebody else's, and only the right
    try is taken out of the count.
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
    """Too many failures: this person has to wait."""

    status = 429

    def __init__(self, whose: Whose, wait: timedelta) -> None:
        self.seconds = int(wait.total_seconds()) + 1
        sentence = f"{RULES[whose].sentence} {wait_sentence(self.seconds)}"
        super().__init__(sentence, code="wait")


@dataclass(frozen=True)
class Count:
    """The failed tries of one name, computer, address, session, screen or attempt.

    Passwords are counted apart from digits, so that who unlocks a screen does not
    forgive another's wrong digits. `secret` is None where both count together. Of a
    name it may be a password that was typed in the wrong field: nothing prints it.
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
    """A try that was counted as failed before it was compared."""

    count: Count
    failures: int
    since: datetime
    free_from: datetime


@dataclass(frozen=True)
class Door:
    """Where a secret is typed, what it should be, and whose tries it counts as.

    `screen_of` is the clerk at whose screen somebody else types, `network` where the
    sign-in page was asked from. `places` are where a password is compared that anybody
    can send (counter.sign_in.hashing_places).
    """

    form: SecretForm
    secret: StaffSecret
    counts: tuple[Count, ...]
    screen_of: Clerk | None = None
    network: str | None = None
    places: Places | None = None


@sensitive_variables()
def at_sign_in_page(request: HttpRequest, user_name: str, secret: StaffSecret) -> Door:
    """The door for a computer that the account knows, or for a stranger.

    A stranger counts by network address first: who has to wait there closes no name.
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
    """Of a computer that anybody signed in at before, or of a stranger's address: who
    it is said to be nobody knows before the answer is looked at.
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

    Nobody has to guess there, so digits that were wrong before the app was reset make
    nobody wait.
    """
    secret = StaffSecret.DIGITS
    counts = (Count(Whose.SET_UP, attempt.hex, secret),)
    network = network_of(request)
    return Door(SecretForm.SET_UP_APP, secret, counts, network=network)


@sensitive_variables()
def asking_for_a_link(request: HttpRequest, user_name: str) -> tuple[Count, ...]:
    """The counts of asking at the sign-in page for a link to a new password.

    No try is right, so each counts. The address comes first, as above.
    """
    return (
        Count(Whose.LINK_ADDRESS, network_of(request), None),
        Count(Whose.LINK_NAME, user_name, None),
    )


def in_session(
    clerk: Clerk, form: SecretForm, secret: StaffSecret = StaffSecret.PASSWORD
) -> Door:
    """The door of one's own secret in one's only session
    (counter.sign_in.single_session).
    """
    session = f"{clerk.pk} {clerk.sign_in.session_epoch}"
    counts = (Count(Whose.SESSION, session, secret),)
    return Door(form, secret, counts)


def at_screen_of(clerk: Clerk, form: SecretForm, secret: StaffSecret) -> Door:
    """The door of somebody else's secret at this clerk's screen; it counts for this
    clerk.

    Whose secret it is makes no difference, so no account is closed, and neither does
    the session: signing in again is no way around it.
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
    """Count this try as failed, committed before what was typed is compared.

    It counts in all of `counts`, or in none and raises StaffWaitError when one of them
    has to wait. They are taken in their order, so that two never wait for each other.
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
        # There is no row, or it was just deleted. It is made without a failure, so that
        # of several first tries at once each is counted by the update below.
        long_ago = at - rule.window
        new = SignInFailure(whose_index=count.index, since=at, free_from=long_ago)
        SignInFailure.objects.bulk_create([new], ignore_conflicts=True)
    # Behind the update's lock: nobody else's try is in it.
    failed = row.get()
    return Claimed(count, failed.failures, failed.since, failed.free_from)


@sensitive_variables()
def was_right(claimed: Sequence[Claimed], *, at: datetime) -> None:
    """Take back a claimed failure, since it was right; the failures of others stay."""
    for one in claimed:
        row = SignInFailure.objects.filter(whose_index=one.count.index, since=one.since)
        own = one.failures if one.count.rule.is_forgotten else 1
        if not row.filter(failures=own).delete()[0]:
            row.give_back(at, earned=one.free_from)


@sensitive_variables()
def forgive_name(user_name: str, secret: StaffSecret) -> None:
    """Remove the failures under this name, because it is to get a new secret."""
    count = Count(Whose.NAME, user_name, secret)
    SignInFailure.objects.filter(whose_index=count.index).delete()
