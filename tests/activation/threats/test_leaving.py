"""A sign-out holds, whatever request was under way: the next person is not in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.models import DigitalKey
from activation.web import pages
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    GOOD_PASSWORD,
    choose_account,
    choose_key,
    digits_of,
    leads_to,
    path,
    text_of,
    type_code,
)
from tests.activation.holder.helpers import path as keys_path
from tests.activation.holder.helpers import show_password, sign_in
from tests.activation.journey.test_view_done import finish
from tests.activation.threats.crowd import cookies_of, with_cookies

DESK = reverse("counter_desk:desk")
OVERVIEW = keys_path("overview")
SECOND = path("add_second_key")
NEW_PASSWORD = "vijf groene stille paarden"
MINUTE = timedelta(minutes=1)

type Act = Callable[[Client, DigitalKey], None]


@contextmanager
def before_a_page_is_shown(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]
) -> Iterator[None]:
    """Call `act` once, just before the page of the next request is made."""
    show = pages.show

    def slowly(*args: object, **kwargs: object) -> object:
        monkeypatch.setattr(pages, "show", show)
        act()
        return show(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(pages, "show", slowly)
    yield
    assert pages.show is show


# A sign-out beside a request


def nobody_else(_client: Client, _key: DigitalKey, _els: Clerk) -> None:
    """Only the holder is signed in."""


def a_clerk_too(client: Client, _key: DigitalKey, els: Clerk) -> None:
    staff = {"username": els.username, "password": cast.PASSWORD}
    client.post(reverse("counter_sign_in:sign_in"), staff)
    assert client.get(DESK).status_code == 200


@pytest.mark.parametrize("beside", [nobody_else, a_clerk_too])
@pytest.mark.parametrize("name", ["overview", "activity", "change_password"])
def test_a_page_under_way_does_not_undo_the_sign_out(
    app: DigitalKey,
    els: Clerk,
    monkeypatch: pytest.MonkeyPatch,
    beside: Callable[[Client, DigitalKey, Clerk], None],
    name: str,
) -> None:
    tab = Client()
    sign_in(tab, app)
    beside(tab, app, els)
    other_tab = with_cookies(cookies_of(tab))
    with before_a_page_is_shown(
        monkeypatch, lambda: other_tab.post(keys_path("sign_out"))
    ):
        late = tab.get(keys_path(name))
    seen = [browser.get(OVERVIEW).status_code for browser in (tab, other_tab)]
    print(f"{name} under way: {late.status_code}, afterwards {seen} (bound 303 each)")
    assert seen == [303, 303]
    if beside is a_clerk_too:
        assert other_tab.get(DESK).status_code == 200


def test_after_an_activation_too(
    dossier: Dossier, els: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session remembers that a key was activated, so it does not become empty."""
    tab = Client()
    finish(tab, dossier, els, "app")
    tab.post(SECOND)
    assert tab.get(OVERVIEW).status_code == 200
    other_tab = with_cookies(cookies_of(tab))
    with before_a_page_is_shown(
        monkeypatch, lambda: other_tab.post(keys_path("sign_out"))
    ):
        tab.get(OVERVIEW)
    seen = [browser.get(OVERVIEW).status_code for browser in (tab, other_tab)]
    print(f"after an activation: {seen} (bound 303 each)")
    assert seen == [303, 303]


# The way to a second key, which asks for no password


def leaves(client: Client, key: DigitalKey) -> None:
    sign_in(client, key)
    client.post(keys_path("sign_out"))


def leaves_everywhere(client: Client, key: DigitalKey) -> None:
    sign_in(client, key)
    client.post(keys_path("sign_out_everywhere"))


def leaves_the_second_key(client: Client, _key: DigitalKey) -> None:
    client.post(SECOND)
    client.post(keys_path("sign_out"))


def ends_all_sessions_elsewhere(_client: Client, key: DigitalKey) -> None:
    leaves_everywhere(Client(), key)


def chooses_a_password_elsewhere(_client: Client, key: DigitalKey) -> None:
    elsewhere = Client()
    sign_in(elsewhere, key)
    form = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    elsewhere.post(keys_path("change_password"), {"present": GOOD_PASSWORD} | form)


def shows_the_password_and_goes_away(client: Client, _key: DigitalKey) -> None:
    show_password(client)


@pytest.mark.parametrize(
    "end",
    [
        leaves,
        leaves_everywhere,
        leaves_the_second_key,
        ends_all_sessions_elsewhere,
        chooses_a_password_elsewhere,
        shows_the_password_and_goes_away,
    ],
)
def test_the_next_person_there_gets_no_second_key(
    dossier: Dossier, els: Clerk, end: Act
) -> None:
    client = Client()
    key = finish(client, dossier, els, "app")
    assert "Add a second key now" in text_of(client.get(path("done")).content)
    end(client, key)
    assert "Add a second key now" not in text_of(client.get(path("done")).content)
    answer = client.post(SECOND)
    seen = [client.get(keys_path(page)).status_code for page in ("overview", "add_key")]
    print(f"{end.__name__}: {answer['Location']}, {seen} (bound 303 each)")
    assert answer["Location"] == keys_path("sign_in")
    assert seen == [303, 303]


def test_a_second_key_is_offered_for_a_quarter_of_an_hour(
    dossier: Dossier, els: Clerk
) -> None:
    """The time begins at the activation, however long the steps before it took."""
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        type_code(client, *cast.make_code(dossier, els))
        choose_account(client)
        for _ in range(5):
            clock.shift(10 * MINUTE)
            key = choose_key(client, "app")
        form = {"key": key.pk, "digits": digits_of(key)}
        assert leads_to(client.post(path("confirm_key"), form)) == path("done")
        clock.shift(14 * MINUTE)
        copy = with_cookies(cookies_of(client))
        assert "Add a second key now" in text_of(copy.get(path("done")).content)
        clock.shift(MINUTE)
        shown = text_of(client.get(path("done")).content)
        assert "You activated your key" in shown
        assert "Add a second key now" not in shown
        assert leads_to(client.post(SECOND)).startswith(path("enter_code"))


def test_whom_it_let_in_is_idle_for_a_quarter_of_an_hour_as_well(
    dossier: Dossier, els: Clerk
) -> None:
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        finish(client, dossier, els, "app")
        client.post(SECOND)
        clock.shift(15 * MINUTE - timedelta(seconds=1))
        assert client.get(OVERVIEW).status_code == 200
        clock.shift(15 * MINUTE)
        assert client.get(OVERVIEW)["Location"] == keys_path("sign_in")
        assert client.post(SECOND)["Location"] != keys_path("add_key")
