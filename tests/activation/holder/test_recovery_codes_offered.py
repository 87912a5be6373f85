"""Where the sheet with recovery codes is offered, and that each code works once."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from activation.enums import Change, KeyKind, KeyState
from activation.holder.sessions.session import KEY_SHOWN_FOR
from activation.models import DigitalKey, HolderChange, KeyHolder, RecoveryCode
from counter.sign_in import hashing_places
from tests.activation.helpers import text_of, visit_of, wrong
from tests.activation.holder.helpers import make_key, path, show_password
from tests.activation.holder.test_recovery_codes import at_the_key, made
from tests.races import at_once

ADD = path("add_key")
PROVE = path("prove", "add/")
WITH_CODE = path("prove_with_code", "add/")


@pytest.fixture
def sheet(signed_in: Client) -> list[str]:
    """Ten codes, for a session in which the key was shown too long ago."""
    codes = made(signed_in)
    later(signed_in)
    return codes


def later(browser: Client) -> None:
    """Change the session as if the key had been shown six minutes ago."""
    session = visit_of(browser)
    for name, entry in list(session.items()):
        if isinstance(entry, dict) and "key_shown_at" in entry:
            shown = timezone.now() - KEY_SHOWN_FOR - timedelta(minutes=1)
            session[name] = entry | {"key_shown_at": shown.isoformat()}
    session.save()


def test_a_code_shows_who_it_is_where_the_key_is_asked_for_again(
    signed_in: Client, sheet: list[str]
) -> None:
    assert signed_in.get(ADD)["Location"] == PROVE
    page = signed_in.get(PROVE).content.decode()
    assert f'action="{WITH_CODE}"' in page
    assert "Use a recovery code" in text_of(page.encode())
    assert signed_in.post(WITH_CODE).status_code == 200
    response = signed_in.post(WITH_CODE, {"code": sheet[0]})
    assert response["Location"] == ADD
    assert signed_in.get(ADD).status_code == 200
    assert HolderChange.objects.filter(act=Change.CODE_USED).count() == 1


def test_what_was_typed_before_goes_along(signed_in: Client, sheet: list[str]) -> None:
    asked = signed_in.post(ADD, {"kind": "sms"})
    assert asked.status_code == 403
    page = signed_in.post(WITH_CODE, {"kind": "sms"}).content.decode()
    assert '<input type="hidden" name="kind" value="sms">' in page
    response = signed_in.post(WITH_CODE, {"kind": "sms", "code": sheet[0]})
    assert (response.status_code, response["Location"]) == (307, ADD)


def test_a_wrong_code_there_leads_nowhere(signed_in: Client, sheet: list[str]) -> None:
    for typed in (wrong(sheet[0].replace("-", "")), sheet[0][:-1], ""):
        response = signed_in.post(WITH_CODE, {"code": typed})
        assert response.status_code == 422
        assert signed_in.get(ADD)["Location"] == PROVE
    assert signed_in.post(WITH_CODE, {"code": sheet[0]})["Location"] == ADD
    later(signed_in)
    assert signed_in.post(WITH_CODE, {"code": sheet[0]}).status_code == 422


def test_who_guesses_there_waits_as_with_digits(
    signed_in: Client, app: DigitalKey, sheet: list[str]
) -> None:
    """Wrong codes are counted for the session, on all of its pages together."""
    doors = (WITH_CODE, path("revoke_with_code", app.pk))
    bad = {"code": wrong(sheet[0].replace("-", ""))}
    for turn in range(10):
        response = signed_in.post(doors[turn % 2], bad)
        assert "not on your newest sheet" in text_of(response.content)
    for door in doors:
        response = signed_in.post(door, {"code": sheet[0]})
        assert "Too many tries." in text_of(response.content)
    elsewhere = Client()
    show_password(elsewhere)
    response = elsewhere.post(path("sign_in_with_code"), {"code": sheet[0]})
    assert response["Location"] == path("overview")


def test_a_lost_phone_s_key_is_revoked_with_a_code(
    signed_in: Client, app: DigitalKey, sheet: list[str]
) -> None:
    sms = make_key(app.holder, KeyKind.SMS)
    with_code = path("revoke_with_code", app.pk)
    asked = signed_in.get(path("revoke_key", app.pk)).content.decode()
    assert f'href="{with_code}"' in asked
    assert "no longer works. You cannot undo it." in text_of(
        signed_in.get(with_code).content
    )
    bad = {"code": wrong(sheet[0].replace("-", ""))}
    assert signed_in.post(with_code, bad).status_code == 422
    assert DigitalKey.objects.filter(state=KeyState.ACTIVE).count() == 2
    done = signed_in.post(with_code, {"code": sheet[0]}, follow=True)
    assert "The key is revoked. It no longer works." in text_of(done.content)
    assert DigitalKey.objects.get(state=KeyState.ACTIVE) == sms


def test_on_a_busy_moment_no_codes_are_made_and_the_old_ones_stay(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making ten codes takes ten hashes, and now there is no place to hash anything."""
    before = made(signed_in)
    with monkeypatch.context() as busy:
        busy.setattr(hashing_places.HOLDERS, "free", 0)
        response = signed_in.post(path("codes"))
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert "Very many people sign in just now." in text_of(response.content)
    later(signed_in)
    assert signed_in.post(WITH_CODE, {"code": before[0]})["Location"] == ADD


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_at_the_page_of_the_counter_it_is_for_who_is_not_signed_in(
    signed_in: Client, *, is_signed_in: bool
) -> None:
    """Who is signed in would sign in again, and lose the page that asked for a key."""
    browser = signed_in if is_signed_in else Client()
    page = browser.get(path("no_key")).content.decode()
    assert (f'href="{path("sign_in_with_code")}"' in page) is not is_signed_in
    assert ("Back to my keys" in page) is is_signed_in
    assert "Come to the counter" in page


def test_who_has_no_paper_is_not_asked_for_it(signed_in: Client) -> None:
    later(signed_in)
    assert "Use a recovery code" not in signed_in.get(PROVE).content.decode()


def test_who_is_not_signed_in_is_led_to_the_sign_in(app: DigitalKey) -> None:
    response = Client().post(WITH_CODE, {"code": "x"}, follow=True)
    assert response.redirect_chain[-1][0] == path("sign_in")


def test_who_has_no_key_any_more_reads_that_a_code_opens_the_account(
    app: DigitalKey, sheet: list[str]
) -> None:
    browser = Client()
    page = text_of(browser.get(path("no_key")).content)
    assert "One of them opens your account in the place of your key" in page
    where = re.compile(r'class="btn" href="([^"]+)">Use a recovery code')
    for begin, leads_to in (
        (show_password, "sign_in_with_code"),
        (at_the_key, "recover_with_code"),
    ):
        browser = Client()
        begin(browser)
        button = where.search(browser.get(path("no_key")).content.decode())
        assert button
        assert button[1] == path(leads_to)
        assert browser.get(button[1]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_one_code_typed_twice_at_once_opens_once(
    holder: KeyHolder, sheet: list[str]
) -> None:
    """In two browsers at the same instant, with each of five codes."""
    for code in sheet[:5]:
        browsers = [Client(), Client()]
        for browser in browsers:
            show_password(browser)
        answers: list[HttpResponseBase] = at_once(
            [
                partial(browser.post, path("sign_in_with_code"), {"code": code})
                for browser in browsers
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [303, 422]
        inside = [browser.get(path("overview")).status_code for browser in browsers]
        assert sorted(inside) == [200, 303]
    assert RecoveryCode.objects.exclude(used_at=None).count() == 5
    assert HolderChange.objects.filter(act=Change.CODE_USED).count() == 5
