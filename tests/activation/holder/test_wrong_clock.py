"""A phone whose clock is wrong, at the pages that ask a holder for a key.

The page must not help somebody who guesses: from one guess nobody learns whether these
digits would be right at another time.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import SignInResult
from activation.models import DigitalKey, KeyHolder, SignInActivity, SignInCount
from activation.one_time.digits import one_time_text
from counter.sign_in import totp
from tests.activation.helpers import text_of, what_is_kept
from tests.activation.holder.helpers import (
    USER_NAME,
    digits_of,
    fresh,
    path,
    show_password,
    sign_in,
)

PAGE = path("show_key")
NOW = datetime.fromisoformat("2026-03-20T10:00:00+01:00")
FAST = "The clock of your phone is about 10 minutes fast. Here it is 10."
NOT_OF_NOW = "These are not the current digits."


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def ahead(key: DigitalKey, minutes: int = 10) -> str:
    """The digits of the app on a phone whose clock is this many minutes fast."""
    at = timezone.now() + timedelta(minutes=minutes)
    return totp.digits(key.secret, totp.step_at(at))


def refusal(client: Client, page: str, key: DigitalKey, digits: str) -> str:
    """The text of the page that refuses these digits."""
    answer = client.post(page, {"key": key.pk, "digits": digits})
    assert answer.status_code == 422
    return text_of(answer.content)


def at_sign_in(client: Client, app: DigitalKey) -> str:
    show_password(client)
    return PAGE


def at_revoking(client: Client, app: DigitalKey) -> str:
    sign_in(client, app)
    return path("revoke_key", app.pk)


def before_what_matters(client: Client, app: DigitalKey) -> str:
    sign_in(client, app)
    return path("prove", "email/")


def at_recovering(client: Client, app: DigitalKey) -> str:
    client.post(path("forgotten"), {"name": USER_NAME})
    digits = one_time_text(app.holder.one_time_codes.get())
    client.post(path("recovery_code"), {"digits": digits})
    return path("recovery_key")


@pytest.mark.parametrize(
    "come_to", [at_sign_in, at_revoking, before_what_matters, at_recovering]
)
def test_a_wrong_clock_is_told_once_it_is_sure(
    client: Client,
    app: DigitalKey,
    clock: time_machine.Traveller,
    come_to: Callable[[Client, DigitalKey], str],
) -> None:
    page = come_to(client, app)
    text = refusal(client, page, app, ahead(app))
    assert NOT_OF_NOW in text
    assert "Here it is 10.00. Does your phone show another time?" in text
    clock.shift(timedelta(seconds=40))
    text = refusal(client, page, app, ahead(app))
    assert FAST in text
    assert "Set the clock of your phone right" in text
    clock.shift(timedelta(seconds=40))
    assert (
        client.post(page, {"key": app.pk, "digits": digits_of(app)}).status_code < 400
    )


def most_failures() -> int:
    """The failures counted for the key's digits; the other count is for passwords."""
    return max(SignInCount.objects.values_list("failures", flat=True))


def test_one_right_guess_of_a_later_moment_tells_nothing(
    client: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    """Not when typed again, nor beside a worse guess; the session keeps no digits."""
    show_password(client)
    digits = ahead(app)
    for wait in (0, 30, 30):
        clock.shift(timedelta(seconds=wait))
        text = refusal(client, PAGE, app, digits)
        assert NOT_OF_NOW in text
        assert "clock of your phone is" not in text
    assert "clock of your phone is" not in refusal(client, PAGE, app, ahead(app, 20))
    assert "clock of your phone is" not in refusal(client, PAGE, app, "000000")
    assert "clock of your phone is" not in refusal(client, PAGE, app, ahead(app, 20))
    assert most_failures() == 6
    kept = what_is_kept(client)
    assert kept["/holder/clock/key_id"] == str(app.pk)
    assert not any(digits in str(value) for value in kept.values())


def test_digits_of_the_app_just_used_are_no_wrong_ones(
    client: Client, app: DigitalKey, holder: KeyHolder, clock: time_machine.Traveller
) -> None:
    digits = fresh(app)
    DigitalKey.objects.filter(pk=app.pk).update(last_step=totp.step_at(timezone.now()))
    show_password(client)
    text = refusal(client, PAGE, app, digits)
    assert "You have used these digits already. Wait until the app shows new" in text
    assert NOT_OF_NOW not in text
    assert SignInActivity.objects.latest("at").result == SignInResult.USED_DIGITS
    assert most_failures() == 1  # used digits are counted too
    clock.shift(timedelta(seconds=30))
    sign_in(client, app)
    page = text_of(client.get(path("activity")).content)
    assert "Signing in: digits that were used already" in page
    assert "wrong digits" not in page
