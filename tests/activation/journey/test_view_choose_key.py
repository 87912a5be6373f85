"""Choosing a key, and the number of a text message key."""

import pytest
from django.test import Client

from activation.enums import KeyKind, KeyState
from activation.models import ActivationCode, DigitalKey, OneTimeCode
from counter.models import Clerk, Dossier, Office
from tests import cast
from tests.activation.helpers import (
    MOBILE,
    choose_account,
    choose_key,
    leads_to,
    path,
    text_of,
    type_code,
    visit_of,
)

PAGE = path("choose_key")
NUMBER = path("enter_number")
CONFIRM = path("confirm_key")


@pytest.fixture
def visitor(client: Client, dossier: Dossier, els: Clerk) -> Client:
    """A browser in which the account was chosen."""
    type_code(client, *cast.make_code(dossier, els))
    choose_account(client)
    return client


def test_before_the_code_there_is_nothing_here(client: Client, office: None) -> None:
    for page in (PAGE, NUMBER):
        for response in (client.get(page), client.post(page, {"kind": "app"})):
            assert leads_to(response) == path("enter_code")


def test_before_the_account_it_leads_to_the_account(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    type_code(client, *cast.make_code(dossier, els))
    for page in (PAGE, NUMBER):
        for response in (client.get(page), client.post(page, {"kind": "app"})):
            assert leads_to(response) == path("choose_account")
    assert not DigitalKey.objects.exists()


def test_the_app_comes_first_and_e_mail_last_with_a_warning(visitor: Client) -> None:
    response = visitor.get(PAGE)
    page = text_of(response.content)
    assert "Step 3 of 4" in page
    places = [page.index(name) for name in ("With an app", "By text", "By e-mail")]
    assert places == sorted(places)
    assert "recommended" in page[places[0] : places[1]]
    assert "the weakest key" in page[places[2] :]
    assert "p•••@ex•••.org" in page
    assert "peter@example.org" not in response.content.decode()
    assert response.content.count(b"checked") == 1


def test_an_app_key_has_a_sealed_secret_of_160_bits(visitor: Client) -> None:
    key = choose_key(visitor, "app")
    assert (key.kind, key.state) == (KeyKind.APP, KeyState.PENDING)
    assert len(key.secret) == 32
    assert key.secret.encode() not in bytes(key.secret_sealed)
    assert key.destination == ""
    assert not OneTimeCode.objects.exists()


def test_a_text_message_key_has_a_sealed_number(visitor: Client) -> None:
    key = choose_key(visitor, "sms")
    assert key.kind == KeyKind.SMS
    assert key.destination == "+32470123456"
    assert b"32470123456" not in bytes(key.destination_sealed)
    assert len(bytes(key.destination_index or b"")) == 32
    assert key.secret == ""
    assert OneTimeCode.objects.count() == 1


def test_an_e_mail_key_goes_to_the_dossier_s_address(visitor: Client) -> None:
    key = choose_key(visitor, "email")
    assert key.destination == "peter@example.org"
    assert OneTimeCode.objects.count() == 1


@pytest.mark.parametrize("kind", ["", "itsme", "app\x00"])
def test_anything_else_is_refused(visitor: Client, kind: str) -> None:
    response = visitor.post(PAGE, {"kind": kind})
    assert response.status_code == 422
    assert "Choose one of these" in text_of(response.content)
    assert not DigitalKey.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type your mobile number"),
        ("016 27 27 27", "This is not a mobile number"),
        ("0470 12 34", "This number does not exist"),
        ("hallo", "Type the digits of the number only"),
        ("06 12 34 56 78", "begins with + and the country code, for example +33 6"),
        ("+33 6 12", "This number does not exist. For example: 0470 12 34 56."),
        ("<b>", "Type the digits of the number only"),
    ],
)
def test_a_number_that_will_not_do_is_told_at_the_field(
    visitor: Client, typed: str, sentence: str
) -> None:
    response = visitor.post(NUMBER, {"mobile": typed})
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in text_of(response.content)
    if typed:
        assert f'value="{typed.replace("<", "&lt;").replace(">", "&gt;")}"' in page
    assert not DigitalKey.objects.exists()


def test_the_number_field_brings_up_the_right_keyboard(visitor: Client) -> None:
    page = visitor.get(NUMBER).content.decode()
    assert 'type="tel"' in page
    assert 'autocomplete="tel"' in page


def test_chosen_again_it_is_the_same_key(visitor: Client) -> None:
    """An app that scanned the QR code still works after another kind was tried."""
    first = choose_key(visitor, "app")
    choose_key(visitor, "sms")
    again = choose_key(visitor, "app")
    assert again == first
    assert again.secret == first.secret
    assert DigitalKey.objects.count() == 2


def test_a_corrected_number_is_another_key_and_waits_for_nothing(
    visitor: Client,
) -> None:
    choose_key(visitor, "sms")
    response = visitor.post(NUMBER, {"mobile": "0470 12 34 57"})
    assert leads_to(response) == CONFIRM
    assert DigitalKey.objects.count() == 2
    assert OneTimeCode.objects.count() == 2


def test_neither_does_e_mail_right_after_a_text_message(visitor: Client) -> None:
    choose_key(visitor, "sms")
    assert leads_to(visitor.post(PAGE, {"kind": "email"})) == CONFIRM
    assert OneTimeCode.objects.count() == 2


def test_of_the_sixth_number_in_a_day_it_is_said_when(visitor: Client) -> None:
    for last in range(5):
        visitor.post(NUMBER, {"mobile": f"0470 12 34 5{last}"})
    response = visitor.post(NUMBER, {"mobile": "0470 12 34 57"})
    assert response.status_code == 422
    assert "tomorrow" in text_of(response.content)
    assert b'value="0470 12 34 57"' in response.content
    assert DigitalKey.objects.count() == 5


def test_no_number_and_no_address_in_the_session_or_the_log(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    choose_key(visitor, "sms")
    assert "'en/a/key/number/'" in caplog.text
    kept = str(dict(visit_of(visitor).items())) + caplog.text
    for secret in (MOBILE, "470123456", "peter@example.org"):
        assert secret not in kept


def test_a_used_code_makes_no_further_key(visitor: Client) -> None:
    code = ActivationCode.objects.get()
    ActivationCode.objects.update(state="used", used_at=code.issued_at)
    response = visitor.post(PAGE, {"kind": "app"})
    assert response.status_code == 409
    assert "A key is active already" in text_of(response.content)


OFFERS = {"app": "With an app", "sms": "By text message", "email": "By e-mail"}


@pytest.mark.parametrize("kind", ["app", "sms", "email"])
def test_what_an_office_switched_off_is_neither_offered_nor_taken(
    visitor: Client, office: Office, kind: str
) -> None:
    setattr(office, f"{kind}_keys", False)
    office.save()
    page = visitor.get(PAGE)
    assert OFFERS[kind] not in text_of(page.content)
    assert page.content.count(b'type="radio"') == 2
    assert page.content.count(b"checked") == 1
    answer = visitor.post(PAGE, {"kind": kind})
    assert answer.status_code == 422
    assert "This office does not offer this key" in text_of(answer.content)
    if kind == "sms":
        answer = visitor.post(NUMBER, {"mobile": MOBILE})
        assert leads_to(answer) == PAGE
    assert not DigitalKey.objects.exists()
