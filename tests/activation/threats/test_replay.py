"""Requests, digits and cookies that were good once do nothing when sent again.

An app's digits, a one-time code and a link each count once, and a cookie is worth
nothing after its session ended. All tests send their requests to the pages.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from activation.enums import KeyKind, KeyState, Purpose
from activation.models import DigitalKey, KeyHolder, OneTimeCode, SignInActivity
from activation.one_time.digits import one_time_text
from counter.models import Clerk
from counter.sign_in import totp
from tests.activation.helpers import GOOD_PASSWORD, digits_of, link, path
from tests.activation.holder.helpers import (
    MOBILE,
    USER_NAME,
    fresh,
    make_key,
    show_password,
    sign_in,
)
from tests.activation.holder.helpers import path as keys_path
from tests.activation.journey.traces import all_tables
from tests.activation.threats.crowd import codes, cookies_of, with_cookies

OVERVIEW = keys_path("overview")
NEW_PASSWORD = "vijf groene stille paarden"


@dataclass
class Recorder:
    """A browser that keeps each of its requests, with the cookies of that moment."""

    client: Client = field(default_factory=Client)
    kept: list[tuple[dict[str, str], str, dict[str, Any] | None]] = field(
        default_factory=list
    )

    def get(self, url: str) -> None:
        self.kept.append((cookies_of(self.client), url, None))
        self.client.get(url)

    def post(self, url: str, form: dict[str, Any]) -> None:
        self.kept.append((cookies_of(self.client), url, form))
        assert self.client.post(url, form).status_code == 303

    def send_again(self, number: int, *, as_it_was: bool) -> str:
        """Repeat a request with its old cookies or those of now; returns the answer."""
        cookies, url, form = self.kept[number]
        browser = with_cookies(cookies) if as_it_was else self.client
        response = browser.get(url) if form is None else browser.post(url, form)
        return f"{response.status_code} {response.headers.get('Location', '')}".strip()


def activate(els: Clerk, kind: KeyKind) -> Recorder:
    ((code, text),) = codes(els, 1)
    browser = Recorder()
    browser.get(link(code))
    browser.post(path("enter_code"), {"code": text})
    account = {"user_name": USER_NAME, "password": GOOD_PASSWORD}
    browser.post(path("choose_account"), account)
    browser.post(path("choose_key"), {"kind": kind})
    if kind is KeyKind.SMS:
        browser.post(path("enter_number"), {"mobile": "0470 12 34 56"})
    key = DigitalKey.objects.get()
    browser.post(path("confirm_key"), {"key": key.pk, "digits": digits_of(key)})
    return browser


@pytest.mark.parametrize("kind", list(KeyKind))
@pytest.mark.parametrize("as_it_was", [True, False], ids=["old cookies", "new cookies"])
def test_a_whole_activation_sent_again_changes_nothing(
    els: Clerk, kind: KeyKind, *, as_it_was: bool
) -> None:
    """The link, its cookie, the code, the session and the digits were all used."""
    browser = activate(els, kind)
    before = all_tables()
    requests = range(len(browser.kept))
    answers = [browser.send_again(n, as_it_was=as_it_was) for n in requests]
    after = all_tables()
    moved = {table for table in after if after[table] != before[table]}
    print(
        f"{len(answers)} requests sent again: {answers}; "
        f"moved {sorted(moved) or 'nothing'} (bound nothing)"
    )
    assert not moved
    assert answers[0] == "410"
    assert not {f"303 {path(n)}" for n in ("choose_account", "choose_key")} & {*answers}
    assert DigitalKey.objects.get().state == KeyState.ACTIVE


# Digits


def show_key(client: Client, key: DigitalKey, digits: str) -> str:
    form = {"key": key.pk, "digits": digits}
    response = client.post(keys_path("show_key"), form)
    return f"{response.status_code} {response.headers.get('Location', '')}".strip()


def test_digits_that_activated_an_app_do_not_sign_in(els: Clerk) -> None:
    activate(els, KeyKind.APP)
    key = DigitalKey.objects.get()
    client = Client()
    show_password(client)
    used = totp.digits(key.secret, key.last_step)
    before = totp.digits(key.secret, key.last_step - 1)
    answers = [show_key(client, key, digits) for digits in (used, before)]
    print(f"used digits and those before them: {answers} (bound 422 each)")
    assert answers == ["422", "422"]
    after = totp.digits(key.secret, key.last_step + 1)
    assert show_key(client, key, after) == f"303 {OVERVIEW}"


def test_digits_that_signed_in_confirm_nothing(app: DigitalKey) -> None:
    client = Client()
    sign_in(client, app)
    app.refresh_from_db()
    used = totp.digits(app.secret, app.last_step)
    form = {"key": app.pk, "digits": used}
    response = client.post(keys_path("revoke_key", app.pk), form)
    app.refresh_from_db()
    print(f"used digits revoke: {response.status_code} (bound 422)")
    assert response.status_code == 422
    assert app.state == KeyState.ACTIVE


@pytest.mark.parametrize("kind", [KeyKind.SMS, KeyKind.EMAIL])
def test_a_used_one_time_code_signs_in_nobody_else(
    holder: KeyHolder, kind: KeyKind
) -> None:
    to = "peter@example.org" if kind is KeyKind.EMAIL else MOBILE
    key = make_key(holder, kind, destination=to)
    first, second = Client(), Client()
    show_password(first)
    digits = digits_of(key)
    show_password(second)  # too soon for new digits: those sent are still good
    answers = [show_key(client, key, digits) for client in (first, second)]
    print(f"one code twice: {answers} (bound: one signed in, one 422)")
    assert answers == [f"303 {OVERVIEW}", "422"]
    assert SignInActivity.objects.filter(result="signed_in").count() == 1


def recover(client: Client, app: DigitalKey) -> list[tuple[str, dict[str, Any]]]:
    """Choose a new password; returns each form that was sent, with its address."""
    OneTimeCode.objects.all().delete()
    client.post(keys_path("forgotten"), {"name": USER_NAME})
    digits = one_time_text(OneTimeCode.objects.get(purpose=Purpose.RECOVER))
    sent: list[tuple[str, dict[str, Any]]] = [
        (keys_path("recovery_code"), {"digits": digits}),
        (keys_path("recovery_key"), {"key": app.pk, "digits": fresh(app)}),
        (
            keys_path("new_password"),
            {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD},
        ),
    ]
    for url, form in sent:
        assert client.post(url, form).status_code == 303
    return sent


def test_a_recovery_sent_again_recovers_nothing(
    app: DigitalKey, holder: KeyHolder
) -> None:
    sent = recover(Client(), app)
    holder.refresh_from_db()
    epoch = holder.session_epoch
    thief = Client()
    thief.post(keys_path("forgotten"), {"name": USER_NAME})  # too soon for a new mail
    answers = [thief.post(url, form) for url, form in sent]
    statuses = [response.status_code for response in answers]
    ways = [response.headers.get("Location") for response in answers[1:]]
    print(f"a recovery sent again: {statuses} {ways} (bound 422, then the start)")
    assert statuses[0] == 422
    assert ways == [keys_path("forgotten")] * 2
    holder.refresh_from_db()
    assert holder.session_epoch == epoch


# Cookies


def ends_by_signing_out(client: Client, _app: DigitalKey) -> None:
    client.post(keys_path("sign_out"))


def ends_everywhere(_client: Client, app: DigitalKey) -> None:
    elsewhere = Client()
    sign_in(elsewhere, app)
    elsewhere.post(keys_path("sign_out_everywhere"))


def ends_with_a_new_password(client: Client, _app: DigitalKey) -> None:
    """The owner goes on in this browser, with another cookie."""
    form = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    client.post(keys_path("change_password"), {"present": GOOD_PASSWORD} | form)
    assert client.get(OVERVIEW).status_code == 200


def ends_with_a_recovery(_client: Client, app: DigitalKey) -> None:
    recover(Client(), app)


def ends_with_the_key(client: Client, app: DigitalKey) -> None:
    form = {"key": app.pk, "digits": fresh(app)}
    client.post(keys_path("revoke_key", app.pk), form)


@pytest.mark.parametrize(
    "end",
    [
        ends_by_signing_out,
        ends_everywhere,
        ends_with_a_new_password,
        ends_with_a_recovery,
        ends_with_the_key,
    ],
)
def test_a_stolen_cookie_is_worth_nothing_afterwards(
    app: DigitalKey, end: Callable[[Client, DigitalKey], None]
) -> None:
    client = Client()
    sign_in(client, app)
    stolen = cookies_of(client)
    assert with_cookies(stolen).get(OVERVIEW).status_code == 200
    end(client, app)
    pages = ("overview", "add_key", "change_password", "change_email", "activity_csv")
    ways = [
        with_cookies(stolen).get(keys_path(page)).headers.get("Location")
        for page in pages
    ]
    led_away = ways.count(keys_path("sign_in"))
    print(f"{len(pages)} pages with a stolen cookie: {led_away} led away (bound all)")
    assert led_away == len(pages)


@pytest.mark.parametrize("end", [ends_everywhere, ends_with_a_recovery])
def test_half_a_sign_in_ends_as_well(
    app: DigitalKey, end: Callable[[Client, DigitalKey], None]
) -> None:
    """Whoever typed the old password, but showed no key yet, cannot go on."""
    half = Client()
    show_password(half)
    end(Client(), app)
    answer = show_key(half, app, fresh(app))
    print(f"half a sign-in after that: {answer} (bound: back to the start)")
    assert answer == f"303 {keys_path('sign_in')}"
    assert half.get(OVERVIEW).status_code == 303
