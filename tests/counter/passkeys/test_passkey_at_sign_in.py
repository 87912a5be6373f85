"""After the password, a passkey can replace the digits; wrong passkeys are refused."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from counter.enums import StaffSecret
from counter.models import (
    Clerk,
    FailedSignIns,
    Passkey,
    PasskeyChallenge,
    SecondFactor,
)
from counter.sign_in import sign_in_app
from counter.tasks import purge_sessions
from tests.cast import PASSWORD
from tests.counter.app import CODE, after_the_password, digits, set_up
from tests.counter.app import SIGN_IN as PASSWORD_PAGE
from tests.counter.passkeys.authenticator import Device
from tests.counter.passkeys.steps import (
    SIGN_IN,
    SITE,
    URL,
    proved,
    question,
    send_new,
    send_signed,
)

DESK = reverse("counter_desk:desk")
BUTTON = b"Passkey gebruiken"


def assert_refused(client: Client, answer: str) -> None:
    """Nobody is signed in, and the digits are asked on the same page."""
    response = send_signed(client, answer)
    assert response.status_code == 422
    assert b"is niet aanvaard" in response.content
    assert b'name="digits"' in response.content
    assert "_auth_user_id" not in client.session


def test_els_signs_in_with_her_passkey(els: Clerk, device: Device) -> None:
    client = after_the_password(els)
    assert BUTTON in client.get(CODE).content
    asked = question(client, "question")
    assert (asked["rpId"], asked["userVerification"]) == (SITE, "required")
    before = client.session.session_key
    answer = send_signed(client, device.sign(asked))
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    assert client.get(DESK).status_code == 200
    assert client.session.session_key != before
    passkey = Passkey.objects.get()
    assert passkey.sign_count == device.sign_count
    assert passkey.last_used_at is not None
    assert not PasskeyChallenge.objects.exists()


def test_the_digits_do_as_well(els: Clerk, device: Device) -> None:
    client = after_the_password(els)
    SecondFactor.objects.update(last_step=1)
    assert client.post(CODE, {"digits": digits(els)}).status_code == 303
    assert client.get(DESK).status_code == 200


def test_who_has_none_is_not_asked(els_with_app: Clerk) -> None:
    client = after_the_password(els_with_app)
    assert BUTTON not in client.get(CODE).content
    assert client.post(reverse("counter_passkeys:question")).status_code == 404
    assert client.post(SIGN_IN, {"answer": "{}"}).status_code == 404


def test_without_the_password_nothing_is_asked(device: Device) -> None:
    client = Client()
    asked = client.post(reverse("counter_passkeys:question"))
    assert asked.headers["Location"].startswith("/counter/sign-in/?")
    sent = client.post(SIGN_IN, {"answer": "{}"})
    assert sent.headers["Location"].startswith("/counter/sign-in/?")
    assert not PasskeyChallenge.objects.exists()


def test_an_answer_counts_once(els: Clerk, device: Device) -> None:
    """Also when somebody puts the session back as it was before the answer."""
    device.sign_count = 0
    Passkey.objects.update(sign_count=0)
    client = after_the_password(els)
    answer = device.sign(question(client, "question"))
    kept = dict(client.session.items())
    assert send_signed(client, answer).status_code == 303
    other = after_the_password(els)
    assert_refused(other, answer)
    session = other.session
    session.update(kept)
    session.save()
    assert_refused(other, answer)


def test_a_wrong_answer_uses_the_challenge_up(els: Clerk, device: Device) -> None:
    client = after_the_password(els)
    asked = question(client, "question")
    assert_refused(client, "{}")
    assert_refused(client, device.sign(asked))


def test_it_is_of_the_session_that_was_asked(els: Clerk, device: Device) -> None:
    asked = question(after_the_password(els), "question")
    elsewhere = after_the_password(els)
    question(elsewhere, "question")
    assert_refused(elsewhere, device.sign(asked))


def test_after_five_minutes_it_is_too_late(els: Clerk, device: Device) -> None:
    """Typing the password again does not make the answer valid for longer."""
    client = after_the_password(els)
    answer = device.sign(question(client, "question"))
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        both = {"username": "els", "password": PASSWORD}
        assert client.post(PASSWORD_PAGE, both).status_code == 303
        assert_refused(client, answer)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://loket.example.evil.example"},
        {"origin": "http://loket.example"},
        {"site": "evil.example"},
        {"is_verified": False},
        {"key": Device("", "").key},
        {"credential_id": b"another"},
    ],
    ids=["origin", "scheme", "site", "not verified", "key", "id"],
)
def test_what_was_made_elsewhere_is_refused(
    els: Clerk, device: Device, wrong: dict[str, object]
) -> None:
    for name, value in wrong.items():
        setattr(device, name, value)
    client = after_the_password(els)
    assert_refused(client, device.sign(question(client, "question")))


def test_another_colleagues_passkey_is_refused(
    els: Clerk, device: Device, sofie: Clerk
) -> None:
    set_up(sofie)
    hers, client = Device(SITE, URL), proved(sofie)
    send_new(client, hers.make(question(client, "question_to_add")))
    assert_refused(client_of_els := after_the_password(els), "{}")
    assert_refused(client_of_els, hers.sign(question(client_of_els, "question")))
    # It is refused too when somebody gives the row to Els in the database.
    Passkey.objects.filter(clerk=sofie).update(clerk=els)
    assert_refused(client_of_els, hers.sign(question(client_of_els, "question")))


def test_a_copy_that_counts_behind_is_refused(els: Clerk, device: Device) -> None:
    copy = Device(SITE, URL, device.sign_count, device.credential_id, device.key)
    client = after_the_password(els)
    first = send_signed(client, device.sign(question(client, "question")))
    assert (first.status_code, first.headers["Location"]) == (303, DESK)
    again = after_the_password(els)
    assert_refused(again, copy.sign(question(again, "question")))


def test_a_removed_passkey_is_refused(els: Clerk, device: Device) -> None:
    client = after_the_password(els)
    answer = device.sign(question(client, "question"))
    Passkey.objects.all().delete()
    assert send_signed(client, answer).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_reset_takes_the_passkeys_too(
    els: Clerk, device: Device, sofie: Clerk, lies: Clerk
) -> None:
    client = after_the_password(els)
    answer = device.sign(question(client, "question"))
    sign_in_app.reset(clerk=els, by=sofie, agreed=lies, at=timezone.now())
    assert not Passkey.objects.exists()
    send_signed(client, answer)
    assert "_auth_user_id" not in client.session


def test_wrong_ones_are_counted_as_digits_are(els: Clerk, device: Device) -> None:
    client = after_the_password(els)
    for _ in range(10):
        assert send_signed(client, "{}").status_code == 422
    answer = send_signed(client, device.sign(question(client, "question")))
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session
    counted = FailedSignIns.objects.get(secret=StaffSecret.PASSKEY)
    assert counted.count == 10


@pytest.mark.parametrize("name", ["clientDataJSON", "authenticatorData", "signature"])
@pytest.mark.parametrize("value", ["", "é", "A", "AAAA", None, [], "e30", "_____"])
def test_an_altered_answer_is_refused_without_a_fault(
    els: Clerk, device: Device, name: str, value: object
) -> None:
    client = after_the_password(els)
    answer = json.loads(device.sign(question(client, "question")))
    answer["response"][name] = value
    answer["response"]["userHandle"] = "AAAAA" if name == "signature" else None
    assert_refused(client, json.dumps(answer))


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://[::1]:8000"])
def test_at_a_bare_address_none_is_asked(
    els: Clerk, device: Device, settings: Settings, address: str
) -> None:
    settings.SITE_URL = address
    client = after_the_password(els)
    assert BUTTON not in client.get(CODE).content
    assert send_signed(client, "{}").status_code == 404


def test_questions_that_nobody_answered_go(els: Clerk, device: Device) -> None:
    question(after_the_password(els), "question")
    purge_sessions()
    assert PasskeyChallenge.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        purge_sessions()
    assert not PasskeyChallenge.objects.exists()
