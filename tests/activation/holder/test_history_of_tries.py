"""The history has the tries that were compared, and no others.

A try that has to wait is not compared, nor is a code with a typing mistake.
"""

import pytest
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, SignInResult
from activation.holder.paper import recovery_codes
from activation.models import DigitalKey, KeyHolder, SignInActivity
from counter.sign_in import hashing_places
from tests.activation.helpers import other_digits, text_of, wrong
from tests.activation.holder.helpers import (
    digits_of,
    make_key,
    path,
    show_password,
)

#: After this many failures the next try has to wait.
UNTIL_THE_WAIT = 10


def results() -> list[str]:
    return list(SignInActivity.objects.order_by("at").values_list("result", flat=True))


@pytest.fixture
def sheet(app: DigitalKey) -> list[str]:
    return recovery_codes.make_codes(holder=app.holder, at=timezone.now())


def test_digits_of_an_app_until_they_have_to_wait(
    client: Client, app: DigitalKey
) -> None:
    show_password(client)
    form = {"key": app.pk, "digits": other_digits(digits_of(app))}
    for _turn in range(2 * UNTIL_THE_WAIT):
        assert client.post(path("show_key"), form).status_code == 422
    assert results() == [SignInResult.WRONG_DIGITS] * UNTIL_THE_WAIT


def test_codes_of_the_sheet_until_they_have_to_wait(
    client: Client, sheet: list[str]
) -> None:
    show_password(client)
    form = {"code": wrong(sheet[0].replace("-", ""))}
    for _turn in range(2 * UNTIL_THE_WAIT):
        assert client.post(path("sign_in_with_code"), form).status_code == 422
    assert results() == [SignInResult.WRONG_CODE] * UNTIL_THE_WAIT


def test_a_typing_slip_in_a_code_is_no_try(client: Client, sheet: list[str]) -> None:
    show_password(client)
    slip = {"code": sheet[0][:-1] + ("0" if sheet[0][-1] != "0" else "1")}
    assert client.post(path("sign_in_with_code"), slip).status_code == 422
    assert not results()


def test_a_right_code_on_a_busy_moment_is_no_wrong_one(
    client: Client, sheet: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    show_password(client)
    form = {"code": sheet[0]}
    with monkeypatch.context() as busy:
        busy.setattr(hashing_places.HOLDERS, "free", 0)
        response = client.post(path("sign_in_with_code"), form)
        assert "Very many people sign in just now." in text_of(response.content)
    assert not results()
    assert client.post(path("sign_in_with_code"), form).status_code == 303


def test_a_code_that_was_used_before_is_a_try(client: Client, sheet: list[str]) -> None:
    show_password(client)
    form = {"code": sheet[0]}
    assert client.post(path("sign_in_with_code"), form).status_code == 303
    browser = Client()
    show_password(browser)
    assert browser.post(path("sign_in_with_code"), form).status_code == 422
    assert results() == [SignInResult.RECOVERY_CODE, SignInResult.WRONG_CODE]


def test_the_last_try_at_a_message_is_told_and_what_comes_after_it_is_not(
    client: Client, holder: KeyHolder
) -> None:
    """After five wrong tries the digits of a message are not compared any more."""
    key = make_key(holder, KeyKind.SMS)
    show_password(client)
    form = {"key": key.pk, "digits": other_digits(digits_of(key))}
    for _turn in range(7):
        assert client.post(path("show_key"), form).status_code == 422
    assert results() == [SignInResult.WRONG_DIGITS] * 5
