"""A wrong password is noted for any user name, and shown to the holder of that name."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from activation.enums import SignInResult
from activation.holder import wrong_passwords
from activation.models import (
    DigitalKey,
    KeyHolder,
    SignInActivity,
    SignInCount,
    WrongPassword,
)
from activation.tasks import file_wrong_passwords
from counter.sign_in.hashing_places import HOLDERS
from tests.activation.helpers import text_of
from tests.activation.holder.helpers import USER_NAME, path, sign_in
from tests.cast import PASSWORD
from tests.races import at_once

WRONG = "verkeerd en lang genoeg"


def guess(name: str, client: Client | None = None) -> int:
    form = {"user_name": name, "password": WRONG}
    browser = client or Client(headers={"User-Agent": "Mozilla Firefox/140 Windows"})
    return browser.post(path("sign_in"), form).status_code


def test_it_is_with_the_holders_activity_after_the_sign_in(
    client: Client, app: DigitalKey, holder: KeyHolder
) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=3)):
        guess(USER_NAME.upper())
    guess("niemand")
    sign_in(client, app)
    newest, wrong = SignInActivity.objects.filter(holder=holder).order_by("-at")
    assert newest.result == SignInResult.SIGNED_IN
    assert wrong.result == SignInResult.WRONG_PASSWORD
    assert (wrong.device, wrong.browser) == ("Windows", "Firefox")
    assert newest.at - wrong.at > timedelta(minutes=2)
    assert "ong password" in text_of(client.get(path("activity")).content)


def test_the_schedule_files_it_once_and_forgets_what_is_nobodys(
    holder: KeyHolder,
) -> None:
    for name in (USER_NAME, f" {USER_NAME} ", "niemand"):
        guess(name)
    assert WrongPassword.objects.count() == 3
    assert not SignInActivity.objects.exists()
    file_wrong_passwords()
    file_wrong_passwords()
    assert SignInActivity.objects.filter(holder=holder).count() == 2
    assert not WrongPassword.objects.exists()


def test_what_lay_longer_than_a_holder_is_shown_goes_unfiled(
    holder: KeyHolder,
) -> None:
    """The clock is set as if the schedule had not run for half a year."""
    guess(USER_NAME)
    guess("niemand")
    with time_machine.travel(timezone.now() + timedelta(days=183)):
        guess(USER_NAME)
        file_wrong_passwords()
    assert SignInActivity.objects.filter(holder=holder).count() == 1
    assert not WrongPassword.objects.exists()


def test_those_of_a_name_are_found_by_an_index(holder: KeyHolder) -> None:
    """Very many guesses at other names do not make a sign-in slow."""
    now = timezone.now()
    WrongPassword.objects.bulk_create(
        WrongPassword(name_index=number.to_bytes(32), at=now)
        for number in range(10_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE activation_wrongpassword")
    mine = WrongPassword.objects.filter(name_index__in=[bytes(32), b"x" * 32])
    assert "wrong_password_of_name" in mine.explain()


def test_it_is_filed_under_a_new_index_key(
    holder: KeyHolder, settings: Settings
) -> None:
    guess(USER_NAME)
    settings.INDEX_KEYS = {"b": b"a new index key, 32 bytes long.."} | dict(
        settings.INDEX_KEYS
    )
    file_wrong_passwords()
    assert SignInActivity.objects.filter(holder=holder).count() == 1


@pytest.mark.django_db(transaction=True)
def test_filed_by_several_at_once_it_is_there_once(holder: KeyHolder) -> None:
    for _ in range(3):
        guess(USER_NAME)
    at_once([lambda: wrong_passwords.file_under(holder)] * 4)
    assert SignInActivity.objects.count() == 3


def test_the_name_is_not_in_the_row(holder: KeyHolder) -> None:
    guess("geheim en lang")
    assert "geheim" not in str(list(WrongPassword.objects.values()))


def test_in_a_flood_a_holder_is_asked_to_come_back(
    holder: KeyHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No password was compared, nothing was counted, and the name stays on the page."""
    monkeypatch.setattr(HOLDERS, "free", 0)
    form = {"user_name": USER_NAME, "password": PASSWORD}
    answer = Client().post(path("sign_in"), form)
    monkeypatch.undo()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Very many people" in text_of(answer.content)
    assert f'value="{USER_NAME}"' in answer.text
    assert not SignInCount.objects.exists()
    assert not WrongPassword.objects.exists()
    assert guess(USER_NAME) == 422
