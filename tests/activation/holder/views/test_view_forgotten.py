"""Whoever forgot the user name or password gets in with a mail and a key."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import Purpose
from activation.models import DigitalKey, KeyHolder, OneTimeCode, SignInCount
from activation.one_time.digits import one_time_text
from activation.querysets import SIGN_INS_UNTIL_DISABLED
from tests.activation.helpers import GOOD_PASSWORD, other_digits, text_of, what_is_kept
from tests.activation.holder.helpers import fresh, path, show_password, sign_in

PAGE = path("forgotten")
CODE = path("recovery_code")
KEY = path("recovery_key")
NEW = path("new_password")
PASSWORD = "vijf groene stille paarden"


def the_digits() -> str:
    return one_time_text(OneTimeCode.objects.get(purpose=Purpose.RECOVER))


@pytest.mark.parametrize("name", ["Peter@example.org", "peter.janssens"])
def test_by_mail_and_a_key(client: Client, app: DigitalKey, name: str) -> None:
    SignInCount.objects.all().delete()
    assert client.post(PAGE, {"name": name})["Location"] == CODE
    assert client.get(KEY)["Location"] == PAGE
    assert client.post(CODE, {"digits": the_digits()})["Location"] == KEY
    assert client.get(NEW)["Location"] == PAGE
    response = client.post(KEY, {"key": app.pk, "digits": fresh(app)})
    assert response["Location"] == NEW
    assert "peter.janssens" in client.get(NEW).content.decode()
    form = {"password": PASSWORD, "password_again": PASSWORD}
    assert client.post(NEW, form)["Location"] == path("sign_in")
    assert client.get(NEW)["Location"] == PAGE
    show_password(client, password=PASSWORD)


def test_a_hundred_failures_are_forgiven(client: Client, app: DigitalKey) -> None:
    client.post(path("sign_in"), {"user_name": "peter.janssens", "password": "x"})
    client.post(PAGE, {"name": "peter@example.org"})
    client.post(CODE, {"digits": the_digits()})
    client.post(KEY, {"key": app.pk, "digits": fresh(app)})
    form = {"password": PASSWORD, "password_again": PASSWORD}
    client.post(NEW, form)
    assert not SignInCount.objects.exists()


def test_the_answer_is_the_same_for_nobody(client: Client, app: DigitalKey) -> None:
    nobody = Client()
    pages = []
    for visitor, name in ((client, "peter@example.org"), (nobody, "no@example.org")):
        assert visitor.post(PAGE, {"name": name})["Location"] == CODE
        pages.append(text_of(visitor.get(CODE).content))
        wrong = other_digits(the_digits())
        pages.append(text_of(visitor.post(CODE, {"digits": wrong}).content))
        names = set(what_is_kept(visitor))
    assert pages[:2] == pages[2:]
    assert names == set(what_is_kept(client))
    assert "/holder/mailed_code_id" in names
    assert OneTimeCode.objects.count() == 1


def test_asked_for_too_often_reads_the_same(client: Client, app: DigitalKey) -> None:
    for _turn in range(3):
        assert client.post(PAGE, {"name": "peter@example.org"})["Location"] == CODE
    assert OneTimeCode.objects.count() == 1


def test_the_mailbox_alone_opens_nothing(client: Client, app: DigitalKey) -> None:
    client.post(PAGE, {"name": "peter@example.org"})
    client.post(CODE, {"digits": the_digits()})
    wrong = {"key": app.pk, "digits": other_digits(fresh(app))}
    assert client.post(KEY, wrong).status_code == 422
    for page in (NEW, path("overview")):
        assert client.get(page).status_code == 303


def test_without_a_key_it_is_the_counter(
    client: Client, holder: KeyHolder, app: DigitalKey
) -> None:
    DigitalKey.objects.all().delete()
    client.post(PAGE, {"name": "peter@example.org"})
    client.post(CODE, {"digits": the_digits()})
    assert client.get(KEY)["Location"] == path("no_key")
    page = text_of(client.get(path("no_key")).content)
    assert "Come to the counter" in page
    assert "A new code costs 10" in page
    show_password_leads_there(client)


def show_password_leads_there(client: Client) -> None:
    form = {"user_name": "peter.janssens", "password": GOOD_PASSWORD}
    assert client.post(path("sign_in"), form)["Location"] == path("no_key")


# What a stranger who knows only the name can do


def fail_to_sign_in(times: int) -> None:
    """Count this many failures at the holder's name, as if a stranger caused them."""
    form = {"user_name": "peter.janssens", "password": "a guess of somebody"}
    Client().post(path("sign_in"), form)
    SignInCount.objects.update(
        failures=times, free_from=timezone.now() + timedelta(hours=1)
    )


@pytest.mark.parametrize("failures", [50, SIGN_INS_UNTIL_DISABLED])
def test_a_blocked_name_is_recovered_all_the_same(
    client: Client, app: DigitalKey, failures: int
) -> None:
    fail_to_sign_in(failures)
    client.post(PAGE, {"name": "peter.janssens"})
    client.post(CODE, {"digits": the_digits()})
    response = client.post(KEY, {"key": app.pk, "digits": fresh(app)})
    assert response.headers.get("Location") == NEW, text_of(response.content)
    client.post(NEW, {"password": PASSWORD, "password_again": PASSWORD})
    assert not SignInCount.objects.exists()
    show_password(client, password=PASSWORD)


def show_wrong_digits(client: Client, app: DigitalKey) -> str:
    wrong = {"key": app.pk, "digits": other_digits(fresh(app))}
    return text_of(client.post(KEY, wrong).content)


def test_the_digits_of_a_key_are_guessed_no_more_often_here(
    client: Client, app: DigitalKey
) -> None:
    """The reader of the mail has ten tries, and then waits longer after each.

    After a hundred there is no other try until the next day.
    """
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post(PAGE, {"name": "peter.janssens"})
        client.post(CODE, {"digits": the_digits()})
        for _turn in range(10):
            assert "not the current digits" in show_wrong_digits(client, app)
        assert "Wait 30 seconds" in show_wrong_digits(client, app)
        show_password(Client())  # signing in is counted apart
        clock.shift(timedelta(seconds=30))
        assert "not the current digits" in show_wrong_digits(client, app)
        assert "Wait 60 seconds" in show_wrong_digits(client, app)
        SignInCount.objects.filter(failures=11).update(
            failures=SIGN_INS_UNTIL_DISABLED, free_from=timezone.now()
        )
        assert "You can press “Go on”" in show_wrong_digits(client, app)
        clock.shift(timedelta(days=1))
        client.post(PAGE, {"name": "peter.janssens"})
        newest = OneTimeCode.objects.latest("requested_at")
        client.post(CODE, {"digits": one_time_text(newest)})
        assert "not the current digits" in show_wrong_digits(client, app)


def test_signing_in_forgives_no_guesses_made_here(
    client: Client, app: DigitalKey
) -> None:
    """Otherwise each sign-in of the holder would give a hundred more guesses."""
    client.post(PAGE, {"name": "peter.janssens"})
    client.post(CODE, {"digits": the_digits()})
    show_wrong_digits(client, app)
    sign_in(Client(), app)
    assert SignInCount.objects.get().failures == 1


# Wrong digits of the mail


def test_it_says_how_often_digits_can_still_be_tried(
    client: Client, app: DigitalKey
) -> None:
    client.post(PAGE, {"name": "peter.janssens"})
    wrong = {"digits": other_digits(the_digits())}
    for left in (4, 3, 2):
        text = text_of(client.post(CODE, wrong).content)
        assert f"You can try {left} more times" in text
        assert "Start again" not in text
    assert "You can try one more time" in text_of(client.post(CODE, wrong).content)
    response = client.post(CODE, {"digits": the_digits()})
    assert response["Location"] == KEY


def test_after_five_it_says_what_to_do(client: Client, app: DigitalKey) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post(PAGE, {"name": "peter.janssens"})
        wrong = {"digits": other_digits(the_digits())}
        for _turn in range(5):
            text = text_of(client.post(CODE, wrong).content)
        assert "Ask for new digits below" in text
        right = {"digits": the_digits()}
        assert client.post(CODE, right).status_code == 422
        clock.shift(timedelta(seconds=31))
        client.post(PAGE, {"name": "peter.janssens"})
        newest = OneTimeCode.objects.latest("requested_at")
        response = client.post(CODE, {"digits": one_time_text(newest)})
    assert response["Location"] == KEY


@pytest.mark.parametrize("used_up", [False, True])
def test_the_countdown_is_the_same_for_nobody(
    app: DigitalKey, *, used_up: bool
) -> None:
    """Also after somebody else has typed wrong digits for the account."""
    pages = []
    if used_up:
        stranger = Client()
        stranger.post(PAGE, {"name": "peter@example.org"})
        for _turn in range(5):
            stranger.post(CODE, {"digits": other_digits(the_digits())})
    for name in ("peter@example.org", "no@example.org"):
        visitor = Client()
        visitor.post(PAGE, {"name": name})
        wrong = {"digits": other_digits(the_digits())}
        pages.append([text_of(visitor.post(CODE, wrong).content) for _turn in range(7)])
    assert pages[0] == pages[1]
