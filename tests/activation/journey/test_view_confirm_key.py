"""Confirming a key: the right six digits make it active."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from activation.codes.activation_code import code_text
from activation.enums import CodeState, KeyState
from activation.models import ActivationCode, DigitalKey, OneTimeCode
from activation.one_time.digits import one_time_text
from counter.models import Clerk, Dossier
from counter.sign_in import totp
from tests import cast
from tests.activation.helpers import (
    choose_account,
    choose_key,
    digits_of,
    leads_to,
    other_digits,
    path,
    text_of,
    type_code,
    visit_of,
)
from tests.activation.journey.confirming import visitor

__all__ = ["visitor"]


PAGE = path("confirm_key")
AGAIN = path("send_again")
NO_KEY = "00000000-0000-4000-8000-000000000000"
ISSUED = datetime.fromisoformat("2026-03-20T10:00:00+01:00")


def test_before_the_code_there_is_nothing_here(client: Client, office: None) -> None:
    for response in (
        client.get(PAGE),
        client.post(PAGE, {"digits": "123456"}),
        client.post(AGAIN),
        client.get(path("qr_code", NO_KEY)),
    ):
        assert leads_to(response) == path("enter_code")


def test_before_a_key_was_chosen_it_leads_to_the_choice(visitor: Client) -> None:
    for response in (
        visitor.get(PAGE),
        visitor.post(PAGE, {"digits": "123456"}),
        visitor.post(AGAIN),
    ):
        assert leads_to(response) == path("choose_key")
    assert visitor.get(path("qr_code", NO_KEY)).status_code == 404


@pytest.mark.parametrize("kind", ["app", "sms", "email"])
def test_the_right_digits_activate_the_key(visitor: Client, kind: str) -> None:
    key = choose_key(visitor, kind)
    page = visitor.get(PAGE).content.decode()
    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page
    response = visitor.post(PAGE, {"key": key.pk, "digits": digits_of(key)})
    assert response.status_code == 303
    assert leads_to(response) == path("done")
    key.refresh_from_db()
    assert key.state == KeyState.ACTIVE
    assert ActivationCode.objects.get().state == CodeState.USED


@pytest.mark.parametrize(
    "write",
    [
        lambda digits: f"{digits[:3]} {digits[3:]}",
        lambda digits: f" {digits[:3]}-{digits[3:]}\t",
        lambda digits: "".join(chr(0x0660 + int(digit)) for digit in digits),
        lambda digits: "".join(chr(0xFF10 + int(digit)) for digit in digits),
    ],
    ids=["spaced", "dashed", "Arabic", "full width"],
)
def test_digits_may_be_written_in_any_way(
    visitor: Client, write: Callable[[str], str]
) -> None:
    key = choose_key(visitor, "sms")
    response = visitor.post(PAGE, {"key": key.pk, "digits": write(digits_of(key))})
    assert leads_to(response) == path("done")


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12 34", "1\x00"])
def test_what_is_not_six_digits_costs_no_try(visitor: Client, typed: str) -> None:
    key = choose_key(visitor, "sms")
    response = visitor.post(PAGE, {"key": key.pk, "digits": typed})
    assert response.status_code == 422
    assert OneTimeCode.objects.get().attempts == 0


def test_the_digits_are_never_shown_again(visitor: Client) -> None:
    key = choose_key(visitor, "sms")
    typed = other_digits(digits_of(key))
    response = visitor.post(PAGE, {"key": key.pk, "digits": typed})
    page = response.content.decode()
    assert response.status_code == 422
    assert "You can try 4 more times" in page
    assert typed not in page
    assert digits_of(key) not in page


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("+32470123456", "0470 12 34 56."),
        ("+33 6 12 34 56 78", "06 12 34 56 78 (France)"),
        ("0031 6 12345678", "06 12345678 (Netherlands)"),
    ],
)
def test_the_number_is_shown_as_its_owner_writes_it(
    visitor: Client, typed: str, shown: str
) -> None:
    """The number is shown whole, so that its owner sees a typing mistake."""
    visitor.post(path("enter_number"), {"mobile": typed})
    assert shown in text_of(visitor.get(PAGE).content)


def test_a_mistyped_number_is_there_to_be_put_right(visitor: Client) -> None:
    first = choose_key(visitor, "sms")
    page = visitor.get(path("enter_number")).content.decode()
    assert 'value="0470 12 34 56"' in page
    with time_machine.travel(datetime.now().astimezone() + timedelta(seconds=31)):
        visitor.post(path("enter_number"), {"mobile": "0470 12 34 57"})
        assert "0470 12 34 57" in text_of(visitor.get(PAGE).content)
    assert first.one_time_codes.get().state == "replaced"


# The app


def test_the_secret_is_there_in_three_ways(visitor: Client) -> None:
    key = choose_key(visitor, "app")
    response = visitor.get(PAGE)
    page = unescape(response.content.decode())
    assert totp.grouped(key.secret) in page
    uri = re.search(r'href="(otpauth://[^"]+)"', page)
    assert uri
    assert f"secret={key.secret}" in uri[1]
    assert "issuer=Stad%20Leuven" in uri[1]
    assert "peter.janssens" in uri[1]
    assert f'src="{path("qr_code", str(key.pk))}?link=' in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (60, "about 1 minute fast"),
        (4 * 60, "about 4 minutes fast"),
        (60 * 60, "about 60 minutes fast"),
        (-5 * 60, "about 5 minutes slow"),
        (-62 * 60, "about 62 minutes slow"),
        (-60, "not the current digits"),  # probably typed late; no slow clock
        (-90 * 60, "not the current digits"),
    ],
)
def test_a_wrong_clock_is_told_with_the_right_time(
    client: Client, dossier: Dossier, els: Clerk, seconds: int, sentence: str
) -> None:
    with time_machine.travel(ISSUED, tick=False):
        type_code(client, *cast.make_code(dossier, els))
        choose_account(client)
        key = choose_key(client, "app")
        typed = totp.digits(key.secret, totp.step_at(ISSUED) + seconds // 30)
        page = text_of(client.post(PAGE, {"digits": typed}).content)
    assert sentence in page
    assert "ere it is 10.00" in page
    is_advised = "Set the clock of your phone right: choose in its settings" in page
    assert is_advised == ("about" in sentence)
    assert not DigitalKey.objects.filter(state=KeyState.ACTIVE).exists()


def test_wrong_digits_of_an_app_get_advice(visitor: Client) -> None:
    key = choose_key(visitor, "app")
    typed = other_digits(digits_of(key))
    response = visitor.post(PAGE, {"key": key.pk, "digits": typed})
    page = text_of(response.content)
    assert response.status_code == 422
    assert "These are not the current digits" in page
    assert "Does your phone show another time?" in page


def test_digits_of_an_app_are_used_once(visitor: Client) -> None:
    key = choose_key(visitor, "app")
    digits = digits_of(key)
    DigitalKey.objects.update(last_step=2**40)
    response = visitor.post(PAGE, {"key": key.pk, "digits": digits})
    assert response.status_code == 422
    key.refresh_from_db()
    assert key.state == KeyState.PENDING


# Tabs


def test_the_form_names_its_key_whatever_another_tab_chose(visitor: Client) -> None:
    app = choose_key(visitor, "app")
    choose_key(visitor, "sms")
    response = visitor.post(PAGE, {"key": app.pk, "digits": digits_of(app)})
    assert leads_to(response) == path("done")
    assert DigitalKey.objects.get(state=KeyState.ACTIVE) == app


def test_a_key_that_is_not_this_person_s_is_not_confirmed(
    visitor: Client, els: Clerk
) -> None:
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    theirs = cast.make_dossier(anna, els, email="anna@example.org")
    other = Client()
    type_code(other, *cast.make_code(theirs, els))
    choose_account(other, "anna")
    key = choose_key(other, "app")
    for key_id in (key.pk, uuid.uuid4()):
        response = visitor.post(PAGE, {"key": key_id, "digits": digits_of(key)})
        assert leads_to(response) == path("choose_key")
    key.refresh_from_db()
    assert key.state == KeyState.PENDING


def test_the_second_of_two_tabs_gets_a_clean_answer(
    visitor: Client, dossier: Dossier
) -> None:
    key = choose_key(visitor, "app")
    elsewhere = Client()
    code = ActivationCode.objects.get()
    type_code(elsewhere, code, code_text(code))
    form = {"key": key.pk, "digits": digits_of(key)}
    assert leads_to(visitor.post(PAGE, form)) == path("done")
    response = elsewhere.post(PAGE, form)
    assert response.status_code == 409
    page = text_of(response.content)
    assert "A key is active already" in page
    assert "Was it not you? Call us at once: 016 27 27 27" in page


def test_no_secret_in_the_session_or_the_log(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    app = choose_key(visitor, "app")
    sms = choose_key(visitor, "sms")
    digits = one_time_text(OneTimeCode.objects.get())
    visitor.post(PAGE, {"key": sms.pk, "digits": digits})
    assert "'en/a/key/confirm/'" in caplog.text
    kept = str(dict(visit_of(visitor).items())) + caplog.text
    assert app.secret not in kept
    assert f'"{digits}"' not in kept
    assert f"'{digits}'" not in kept
