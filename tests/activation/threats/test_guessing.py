"""Guessing codes and passwords, from many addresses at once.

No guess is accepted, each code is compared exactly 5 times, and flushing the broker
resets nothing. `make soak` has 100,000 guesses. `make test` has 1,000, and adds most of
the wrong passwords to the count without sending them.
"""

import uuid
from collections import Counter
from datetime import timedelta

import pytest
import redis
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.utils import timezone

from activation.codes import activation_code
from activation.enums import CodeState
from activation.models import ActivationCode, DigitalKey, KeyHolder, SignInCount
from activation.querysets import SIGN_INS_UNTIL_DISABLED, TRIES_A_CODE
from activation.web.throttling import A_MINUTE
from counter.models import Clerk
from tests.activation.helpers import GOOD_PASSWORD, path, text_of
from tests.activation.holder.helpers import USER_NAME
from tests.activation.holder.helpers import path as keys_path
from tests.activation.threats.crowd import (
    address,
    codes,
    guess,
    in_threads,
    opened,
    with_cookies,
)
from tests.size import SEED, SOAK

pytestmark = pytest.mark.django_db(transaction=True)

LINKS, GUESSES, THREADS = (1000, 100, 32) if SOAK else (50, 20, 16)
#: How many wrong passwords are added to the count without being sent.
MADE_UP = 0 if SOAK else 75
#: The turns before that, each a quarter of an hour: the waits have begun by then.
FREE_TURNS = 10
PAGE = path("enter_code")


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """A list to which each comparison with a code adds the id of that code."""
    seen: list[uuid.UUID] = []
    code_text = activation_code.code_text

    def counting(code: ActivationCode) -> str:
        seen.append(code.pk)
        return code_text(code)

    monkeypatch.setattr(activation_code, "code_text", counting)
    return seen


def flush_what_is_not_the_database() -> None:
    redis.Redis.from_url(settings.CELERY_BROKER_URL).flushall()
    cache.clear()


def test_codes_of_many_links_guessed_at_once(
    els: Clerk, compared: list[uuid.UUID]
) -> None:
    """Each guess has an address of its own; the broker is flushed now and then."""
    pairs = codes(els, LINKS)
    cookies = [opened(code) for code, _text in pairs]
    total = LINKS * GUESSES

    def attempt(number: int) -> int:
        if number % (total // 5) == total // 10:
            flush_what_is_not_the_database()
        browser = with_cookies(
            {"activation": cookies[number % LINKS]}, at=address(number)
        )
        return browser.post(PAGE, {"code": guess(number)}).status_code

    statuses = Counter(in_threads(THREADS, attempt, range(total)))
    flush_what_is_not_the_database()
    print(
        f"{total} guesses (seed {SEED}) at {LINKS} links from {THREADS} threads: "
        f"{statuses[303]} accepted (bound 0), {len(compared)} compared "
        f"(bound {TRIES_A_CODE} a link: {LINKS * TRIES_A_CODE})"
    )
    assert set(statuses) == {410, 422}, statuses
    assert set(Counter(compared).values()) == {TRIES_A_CODE}
    assert len(set(compared)) == LINKS
    rows = ActivationCode.objects.values_list("state", "attempts")
    assert set(rows) == {(CodeState.LOCKED, TRIES_A_CODE)}
    assert not Session.objects.exists()


def test_the_right_code_comes_too_late_after_five_guesses(
    els: Clerk, compared: list[uuid.UUID]
) -> None:
    """Neither the person nor the guesser gets in: the person needs a new code."""
    ((code, text),) = codes(els, 1)
    cookies = {"activation": opened(code)}
    for number in range(TRIES_A_CODE):
        browser = with_cookies(cookies, at=address(number))
        browser.post(PAGE, {"code": guess(number)})
    flush_what_is_not_the_database()
    for browser in (with_cookies(cookies), with_cookies(cookies, at=address(9))):
        assert browser.post(PAGE, {"code": text}).status_code == 410
    print(f"{len(compared)} compared (bound {TRIES_A_CODE}), right one: 410")
    assert len(compared) == TRIES_A_CODE


def test_one_address_gets_sixty_guesses_a_minute(
    els: Clerk, compared: list[uuid.UUID]
) -> None:
    """However many links it tries, and whatever its X-Forwarded-For says.

    There are enough links that no code gets locked, since a dead link is not counted.
    """
    addresses, each, links = 2, 66, 44
    cookies = [opened(code) for code, _text in codes(els, links)]

    def attempt(number: int) -> tuple[str, int]:
        at = address(number % addresses)
        browser = with_cookies({"activation": cookies[number % links]}, at=at)
        headers = {"x-forwarded-for": address(1000 + number)}
        response = browser.post(PAGE, {"code": guess(number)}, headers=headers)
        return at, response.status_code

    now = timezone.now().replace(second=10, microsecond=0)
    with time_machine.travel(now, tick=False) as clock:
        answers = in_threads(8, attempt, range(addresses * each))
        flush_what_is_not_the_database()
        after_the_flush = attempt(0)[1]
        clock.shift(timedelta(seconds=50))
        next_minute = attempt(0)[1]
    through = Counter(at for at, status in answers if status != 429)
    print(
        f"{each} guesses a minute from each of {addresses} addresses: "
        f"{sorted(through.values())} let through (bound {A_MINUTE} each)"
    )
    assert set(through.values()) == {A_MINUTE}
    assert after_the_flush == 429
    assert next_minute != 429
    assert len(compared) == addresses * A_MINUTE + 1
    assert max(Counter(compared).values()) < TRIES_A_CODE


def test_a_password_is_compared_a_hundred_times_at_most(
    app: DigitalKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A guesser with many addresses waits as asked: 30 hours, 11 in `make test`."""
    tried: list[str] = []
    compare = KeyHolder.check_password

    def counting(self: KeyHolder, password: str) -> bool:
        tried.append(password)
        return compare(self, password)

    monkeypatch.setattr(KeyHolder, "check_password", counting)

    def attempt(number: int) -> int:
        client = Client(REMOTE_ADDR=address(number))
        form = {"user_name": USER_NAME, "password": f"geraden wachtwoord {number}"}
        return client.post(keys_path("sign_in"), form).status_code

    accepted, number = 0, 0
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for turn in range(SIGN_INS_UNTIL_DISABLED - MADE_UP + 20):
            if turn == FREE_TURNS:
                SignInCount.objects.update(failures=F("failures") + MADE_UP)
            answers = in_threads(2, attempt, range(number, number + 2))
            number += len(answers)
            accepted += answers.count(303)
            clock.shift(timedelta(minutes=15))
        form = {"user_name": USER_NAME, "password": GOOD_PASSWORD}
        late = Client().post(keys_path("sign_in"), form)
    print(
        f"{number} guesses at one account: {accepted} accepted (bound 0), "
        f"{len(tried)} compared (bound {SIGN_INS_UNTIL_DISABLED} less {MADE_UP})"
    )
    assert accepted == 0
    assert len(tried) == SIGN_INS_UNTIL_DISABLED - MADE_UP
    assert late.status_code == 422
    assert "You can press “Go on”" in text_of(late.content)
