"""Whoever types the code again goes on where they were, on this device or another.

Somebody else who has the mail and the paper can do that too, but does not see what was
chosen before, and cannot sign in with it.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind
from activation.journey import times
from activation.models import ActivationCode, DigitalKey, KeyHolder
from tests.activation.helpers import (
    GOOD_PASSWORD,
    MOBILE,
    choose_key,
    digits_of,
    leads_to,
    open_link,
    other_digits,
    path,
    text_of,
)
from tests.activation.journey.going_on import USER_NAME, begun, code_and_text, come
from tests.activation.tabs import Tab

__all__ = ["begun", "code_and_text", "come"]

SHOWN = "You go on where you were"
OTHER_PASSWORD = "zeven kleine groene geiten"
PAGES = ("choose_account", "choose_key", "enter_number", "confirm_key")


def test_a_page_waits_for_an_hour(begun: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        begun.get(path("choose_key"))
        clock.shift(times.PAGE_WAITS - timedelta(seconds=1))
        assert begun.get(path("choose_key")).status_code == 200
        clock.shift(times.PAGE_WAITS)
        assert leads_to(begun.get(path("choose_key"))) == path("enter_code")


@pytest.mark.parametrize("away", [timedelta(minutes=61), timedelta(days=3)])
def test_an_app_that_was_set_up_before_still_counts(
    begun: Client, come: Callable[[], Tab], away: timedelta
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        app = choose_key(begun, KeyKind.APP)
        clock.shift(away)
        tab = come()
        assert SHOWN in tab.text
        tab.send(digits=digits_of(app))
    assert "Your key is active" in tab.text
    assert KeyHolder.objects.get().check_password(GOOD_PASSWORD)


def test_in_the_same_browser_as_well(
    begun: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    _code, text = code_and_text
    with time_machine.travel(timezone.now(), tick=False) as clock:
        app = choose_key(begun, KeyKind.APP)
        clock.shift(times.PAGE_WAITS)
        begun.post(path("confirm_key"), {"key": app.pk, "digits": digits_of(app)})
        tab = Tab(begun).go(path("enter_code")).send(code=text)
        assert SHOWN in tab.text
        assert "Your key is active" in tab.send(digits=digits_of(app)).text


def test_a_number_that_was_typed_before_still_counts(
    begun: Client, come: Callable[[], Tab]
) -> None:
    key = choose_key(begun, KeyKind.SMS)
    tab = come()
    assert SHOWN in tab.text
    assert "Your key is active" in tab.send(digits=digits_of(key)).text


def test_with_an_account_only_the_key_is_next(
    begun: Client, come: Callable[[], Tab]
) -> None:
    assert begun.get(path("choose_key")).status_code == 200
    tab = come()
    assert "Choose your key" in tab.text
    assert SHOWN in tab.text


def test_who_reopens_the_link_in_the_middle_is_led_to_where_they_were(
    begun: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    choose_key(begun, KeyKind.EMAIL)
    open_link(begun, code_and_text[0])
    assert leads_to(begun.get(path("enter_code"))) == path("confirm_key")


def test_after_too_many_wrong_digits_another_key_is_chosen(
    begun: Client, come: Callable[[], Tab]
) -> None:
    key = choose_key(begun, KeyKind.EMAIL)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _code in range(2):
            for _try in range(5):
                wrong = other_digits(digits_of(key))
                begun.post(path("confirm_key"), {"key": key.pk, "digits": wrong})
            clock.shift(timedelta(seconds=31))
            begun.post(path("send_again"), {"key": key.pk})
        tab = come()
    assert "Choose your key" in tab.text
    assert SHOWN in tab.text


def test_nothing_is_kept_once_another_choice_stands(
    begun: Client, come: Callable[[], Tab]
) -> None:
    """The password was changed without this code, so the account is asked for again."""
    assert begun.get(path("choose_key")).status_code == 200
    holder = KeyHolder.objects.get()
    holder.set_password(OTHER_PASSWORD)
    holder.save(update_fields=["password"])
    tab = come()
    assert "Choose a user name and a password" in tab.text
    assert SHOWN not in tab.text


# More time


def test_the_page_says_until_when_and_more_time_can_be_had(begun: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _more in range(10):
            tab = Tab(begun).go(path("choose_key"))
            clock.shift(times.PAGE_WAITS - timedelta(minutes=1))
            form = next(n for n, fields in enumerate(tab.forms) if "page" in fields)
            tab.send(form=form)
            assert tab.address.startswith(path("choose_key"))
        assert tab.status == 200


def test_a_script_asks_for_more_time_without_leaving_the_page(begun: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        begun.get(path("choose_key"))
        clock.shift(timedelta(minutes=59))
        answer = begun.post(path("more_time"), headers={"Accept": "application/json"})
        assert answer.json()["seconds"] == times.PAGE_WAITS.total_seconds()
        clock.shift(timedelta(minutes=59))
        assert begun.get(path("choose_key")).status_code == 200


def test_it_ends_however_often_more_time_is_asked_for(begun: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        start = timezone.now()
        while begun.get(path("choose_key")).status_code == 200:
            clock.shift(times.PAGE_WAITS / 2)
            begun.post(path("more_time"))
        lasted = timezone.now() - start
    assert lasted == times.IN_ALL


# Somebody else with the mail and the paper


def revealed(tab: Tab, key: DigitalKey) -> list[str]:
    """What this browser can see, on any page, of the choice made in the other one."""
    secrets = [USER_NAME, MOBILE, re.sub(r"\D", "", MOBILE)[1:], GOOD_PASSWORD]
    if key.kind == KeyKind.APP:
        secrets += [key.secret, key.secret[:8]]
    seen = [tab.page]
    seen += [tab.browser.get(path(page)).content.decode() for page in PAGES]
    picture = tab.browser.get(path("qr_code", str(key.pk)))
    assert picture.status_code == 404
    return [secret for secret in secrets for page in seen if secret in page]


@pytest.mark.parametrize("kind", list(KeyKind))
def test_what_was_chosen_is_not_told(
    begun: Client, come: Callable[[], Tab], kind: KeyKind
) -> None:
    key = choose_key(begun, kind)
    tab = come()
    assert revealed(tab, key) == []


def test_a_new_picture_has_another_secret_and_no_name(
    begun: Client, come: Callable[[], Tab]
) -> None:
    app = choose_key(begun, KeyKind.APP)
    tab = come()
    form = next(n for n, fields in enumerate(tab.forms) if "kind" in fields)
    tab.send(form=form)
    (new,) = DigitalKey.objects.all()
    assert new.pk != app.pk
    assert new.secret != app.secret
    assert USER_NAME not in tab.page
    # The first device is told that its picture counts no more.
    late = begun.post(path("confirm_key"), {"key": app.pk, "digits": "123456"})
    assert leads_to(late) == path("choose_key")
    assert "no longer counts" in text_of(begun.get(path("choose_key")).content)


def test_who_goes_on_is_not_signed_in_by_another_s_password(
    begun: Client, come: Callable[[], Tab]
) -> None:
    assert begun.get(path("choose_key")).status_code == 200
    tab = come().send(kind="app")
    tab.send(digits=digits_of(DigitalKey.objects.get()))
    assert "Your key is active" in tab.text
    assert "Add a second key now" not in tab.text
    assert USER_NAME not in tab.page
    response = tab.browser.post(path("add_second_key"))
    assert "sign-in" in response["Location"]


def test_what_a_stranger_planted_ends_with_the_next_choice(
    begun: Client, come: Callable[[], Tab]
) -> None:
    planted = choose_key(begun, KeyKind.APP)
    tab = come().click("Choose another one")
    assert USER_NAME not in tab.page
    form = next(n for n, fields in enumerate(tab.forms) if "stands" in fields)
    tab.send(form=form, user_name="peter", password=OTHER_PASSWORD).send(kind="app")
    assert not DigitalKey.objects.filter(pk=planted.pk).exists()
    tab.send(digits=digits_of(DigitalKey.objects.get()))
    assert "Your key is active" in tab.text
    assert not KeyHolder.objects.get().check_password(GOOD_PASSWORD)
