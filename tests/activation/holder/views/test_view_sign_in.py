"""Signing in: user name and password, then a key."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import Change, KeyKind, KeyState, OneTimeCodeState, SignInResult
from activation.models import (
    DigitalKey,
    HolderChange,
    KeyHolder,
    OneTimeCode,
    SignInActivity,
    SignInCount,
)
from counter.models import Clerk
from tests.activation.helpers import GOOD_PASSWORD, other_digits, text_of, visit_of
from tests.activation.holder.helpers import (
    MOBILE,
    USER_NAME,
    digits_of,
    fresh,
    make_anna,
    make_key,
    path,
    show_password,
    sign_in,
)
from tests.races import at_once

PAGE = path("sign_in")
KEY_PAGE = path("show_key")
SENTENCE = "This user name and this password do not belong together."


def post(client: Client, user_name: str, password: str) -> tuple[int, str]:
    response = client.post(PAGE, {"user_name": user_name, "password": password})
    return response.status_code, text_of(response.content)


def test_a_stranger_gets_the_sign_in_page(client: Client, db: None) -> None:
    for name in ("overview", "add_key", "change_password", "activity", "activity_csv"):
        assert client.get(path(name))["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


@pytest.mark.usefixtures("office")
def test_the_page_says_what_it_is_for_and_leads_everybody_on(client: Client) -> None:
    """Somebody here for the first time, who lost something, or who has no key yet."""
    page = client.get(PAGE).content.decode()
    text = text_of(page.encode())
    assert "Here you add a key, replace or revoke one, or change your password." in text
    assert "You need your user name, your password and one of your keys" in text
    assert "or with a recovery code from your sheet" in text
    assert "Then open the link in our e-mail first" in text
    main = page[page.index("<main") : page.index("</main>")]
    for address in (path("forgotten"), path("no_key"), "/en/"):
        assert f'href="{address}"' in main
        assert client.get(address).status_code == 200


def test_password_then_the_app(client: Client, app: DigitalKey) -> None:
    show_password(client, user_name="Peter.Janssens")
    assert "Open the app" in text_of(client.get(KEY_PAGE).content)
    response = client.post(KEY_PAGE, {"key": app.pk, "digits": digits_of(app)})
    assert response["Location"] == path("overview")
    assert "My keys" in text_of(client.get(path("overview")).content)
    app.refresh_from_db()
    assert app.last_used_at
    activity = SignInActivity.objects.get()
    assert (activity.result, activity.kind) == (SignInResult.SIGNED_IN, KeyKind.APP)
    assert not SignInCount.objects.exists()


@pytest.mark.parametrize(
    ("kind", "to"), [(KeyKind.SMS, MOBILE), (KeyKind.EMAIL, "peter@example.org")]
)
def test_password_then_a_message(
    client: Client, holder: KeyHolder, kind: KeyKind, to: str
) -> None:
    key = make_key(holder, kind, destination=to)
    show_password(client)
    assert OneTimeCode.objects.get().key == key
    client.get(KEY_PAGE)
    assert OneTimeCode.objects.count() == 1
    response = client.post(KEY_PAGE, {"key": key.pk, "digits": digits_of(key)})
    assert response["Location"] == path("overview")
    assert OneTimeCode.objects.get().state == OneTimeCodeState.USED


def test_another_key_can_be_chosen(
    client: Client, holder: KeyHolder, app: DigitalKey
) -> None:
    sms = make_key(holder, KeyKind.SMS)
    show_password(client)
    assert not OneTimeCode.objects.exists()
    client.post(path("send_digits"), {"key": sms.pk})
    assert "We sent a text message" in text_of(client.get(KEY_PAGE).content)
    response = client.post(KEY_PAGE, {"key": sms.pk, "digits": digits_of(sms)})
    assert response["Location"] == path("overview")


def test_unknown_name_and_wrong_password_read_the_same(
    client: Client, app: DigitalKey
) -> None:
    known = post(client, USER_NAME, "wrong, and long enough")
    unknown = post(client, "nobody", "wrong, and long enough")
    assert known == unknown
    assert known[0] == 422
    assert SENTENCE in known[1]


@pytest.mark.parametrize("name", [USER_NAME, "nobody"])
def test_after_ten_failures_the_wait_grows(
    client: Client, app: DigitalKey, name: str
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _try in range(10):
            assert SENTENCE in post(client, name, "wrong, and long enough")[1]
        assert "Wait 30 seconds" in post(client, name, GOOD_PASSWORD)[1]
        clock.shift(timedelta(seconds=30))
        assert SENTENCE in post(client, name, "wrong, and long enough")[1]
        assert "Wait 60 seconds" in post(client, name, GOOD_PASSWORD)[1]


@pytest.mark.parametrize("name", [USER_NAME, "nobody"])
def test_after_a_hundred_it_is_over(client: Client, app: DigitalKey, name: str) -> None:
    post(client, name, "wrong, and long enough")
    SignInCount.objects.update(failures=99)
    assert SENTENCE in post(client, name, "wrong, and long enough")[1]
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        assert "You can press “Go on”" in post(client, name, GOOD_PASSWORD)[1]
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert SENTENCE in post(client, name, "wrong, and long enough")[1]
    assert SignInCount.objects.get().failures == 1


def test_a_right_password_forgets_no_wrong_digits(
    client: Client, app: DigitalKey
) -> None:
    """Otherwise somebody who knows the password could guess digits for ever."""
    for _turn in range(5):
        show_password(client)
        wrong = other_digits(digits_of(app))
        client.post(KEY_PAGE, {"key": app.pk, "digits": wrong})
    assert SignInCount.objects.get(failures__gt=0).failures == 5
    sign_in(client, app)
    assert not SignInCount.objects.exists()


def test_digits_of_an_app_sign_in_once(client: Client, app: DigitalKey) -> None:
    sign_in(client, app)
    digits = digits_of(app)
    other = Client()
    show_password(other)
    response = other.post(KEY_PAGE, {"key": app.pk, "digits": digits})
    assert response.status_code == 422
    assert "You have used these digits already" in text_of(response.content)


def test_digits_sent_for_something_else_do_not_sign_in(
    client: Client, holder: KeyHolder
) -> None:
    key = make_key(holder, KeyKind.SMS)
    show_password(client)
    OneTimeCode.objects.update(purpose="confirm")
    response = client.post(KEY_PAGE, {"key": key.pk, "digits": digits_of(key)})
    assert response.status_code == 422


def test_a_key_of_another_person_does_not_sign_in(
    client: Client, app: DigitalKey, els: Clerk
) -> None:
    theirs = make_key(make_anna(els, email="anna@example.org"), KeyKind.APP)
    show_password(client)
    client.post(KEY_PAGE, {"key": theirs.pk, "digits": digits_of(theirs)})
    assert client.get(path("overview")).status_code == 303
    assert not SignInActivity.objects.filter(result=SignInResult.SIGNED_IN).exists()


def test_a_key_that_was_revoked_does_not_sign_in(
    client: Client, app: DigitalKey
) -> None:
    show_password(client)
    DigitalKey.objects.update(state=KeyState.REVOKED, revoked_at=timezone.now())
    response = client.post(KEY_PAGE, {"key": app.pk, "digits": digits_of(app)})
    assert response["Location"] == path("no_key")


def test_the_session_has_a_new_key_and_holds_ids_only(
    client: Client, app: DigitalKey
) -> None:
    show_password(client)
    before = visit_of(client).session_key
    digits = fresh(app)
    client.post(KEY_PAGE, {"key": app.pk, "digits": digits})
    assert visit_of(client).session_key != before
    kept = str(dict(visit_of(client).items()))
    # Without quotes the six digits could also be the microseconds of a time.
    quoted = f"'{digits}'"
    for secret in (quoted, USER_NAME, GOOD_PASSWORD, "peter@example.org", app.secret):
        assert secret not in kept


@pytest.mark.parametrize(("minutes", "times"), [(15, 1), (14, 5)])
def test_idle_and_in_all(app: DigitalKey, minutes: int, times: int) -> None:
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, app)
        for _turn in range(times):
            clock.shift(timedelta(minutes=minutes))
            response = client.get(path("overview"))
    assert response["Location"] == PAGE
    assert "You were signed out" in text_of(client.get(PAGE).content)


def test_a_mail_tells_of_a_new_device_once(client: Client, app: DigitalKey) -> None:
    sign_in(client, app)
    client.post(path("sign_out"))
    sign_in(client, app)
    assert HolderChange.objects.filter(act=Change.NEW_DEVICE).count() == 1
    sign_in(Client(), app)
    assert HolderChange.objects.filter(act=Change.NEW_DEVICE).count() == 2


def test_sign_out_everywhere(signed_in: Client, app: DigitalKey) -> None:
    other = Client()
    sign_in(other, app)
    response = other.post(path("sign_out_everywhere"), follow=True)
    assert "You are signed out everywhere" in text_of(response.content)
    for client in (signed_in, other):
        assert client.get(path("overview"))["Location"] == PAGE


def test_too_much_from_one_network(client: Client, app: DigitalKey) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(60):
            post(client, f"nobody{number}", "x")
        answer = client.post(PAGE, {"user_name": USER_NAME, "password": GOOD_PASSWORD})
        assert answer.status_code == 429
        assert 1 <= int(answer["Retry-After"]) <= 60
        assert f'value="{USER_NAME}"' in answer.text
        assert GOOD_PASSWORD not in answer.text


@pytest.mark.django_db
def test_too_much_where_no_office_is_set_up_yet(client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(60):
            post(client, f"nobody{number}", "x")
        form = {"user_name": "nobody", "password": "x"}
        answer = client.post(PAGE, form)
    assert answer.status_code == 429
    assert "very many questions from your network" in text_of(answer.content)


@pytest.mark.django_db(transaction=True)
def test_of_many_tries_at_once_each_is_counted(app: DigitalKey) -> None:
    def attempt() -> int:
        form = {"user_name": USER_NAME, "password": "wrong, and long enough"}
        return int(Client().post(PAGE, form).status_code)

    at_once([attempt] * 14)
    assert SignInCount.objects.get().failures == 10


@pytest.mark.django_db(transaction=True)
def test_of_many_tabs_one_uses_the_digits(app: DigitalKey) -> None:
    clients = [Client() for _ in range(4)]
    for client in clients:
        show_password(client)
    digits = fresh(app)

    def attempt(client: Client) -> int:
        form = {"key": app.pk, "digits": digits}
        return int(client.post(KEY_PAGE, form).status_code)

    answers = at_once([partial(attempt, client) for client in clients])
    assert sorted(answers) == [303, 422, 422, 422]
