"""Whoever reads somebody's mail has one proof, not two, and cannot open the account.

The mailbox that gets the digits for a forgotten password is no second proof, in
whatever way its address is written.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, Purpose
from activation.holder.account import ask_for_email, confirm_email
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time.digits import one_time_text
from counter.models import Office, OpeningHours
from tests.activation.helpers import text_of
from tests.activation.holder.helpers import digits_of, fresh, make_key, path, sign_in

FORGOTTEN = path("forgotten")
CODE = path("recovery_code")
KEY = path("recovery_key")
SEND = path("recovery_send")
NEW = path("new_password")
YESTERDAY = timezone.now() - timedelta(days=1)
LATER = timezone.now() + timedelta(minutes=2)
SAME = (
    "peter@example.org",
    "Peter@Example.ORG",
    "peter+keys@example.org",
    "pe.ter@example.org",
)


def mailed_digits() -> str:
    sent = OneTimeCode.objects.filter(key=None, purpose=Purpose.RECOVER)
    return one_time_text(sent.latest("requested_at"))


def show_mailbox(client: Client) -> None:
    client.post(FORGOTTEN, {"name": "peter@example.org"})
    assert client.post(CODE, {"digits": mailed_digits()})["Location"] == KEY


@pytest.mark.parametrize("same", SAME)
def test_a_key_in_the_same_mailbox_is_no_second_proof(
    client: Client, holder: KeyHolder, same: str
) -> None:
    key = make_key(holder, KeyKind.EMAIL, destination=same)
    show_mailbox(client)
    OneTimeCode.objects.update(requested_at=YESTERDAY)  # new digits may be sent at once
    client.post(SEND, {"key": key.pk})
    assert not OneTimeCode.objects.filter(key=key).exists()
    assert client.get(NEW).status_code == 303


@pytest.mark.parametrize("same", SAME)
def test_it_is_not_offered_beside_another_and_not_taken_by_its_id(
    client: Client, holder: KeyHolder, app: DigitalKey, same: str
) -> None:
    key = make_key(holder, KeyKind.EMAIL, destination=same)
    sign_in(Client(), key)
    OneTimeCode.objects.update(requested_at=YESTERDAY)
    show_mailbox(client)
    page = client.get(KEY).content.decode()
    assert "Open the app" in page
    assert str(key.pk) not in page
    client.post(SEND, {"key": key.pk})
    # Not even if digits had been sent to that key:
    OneTimeCode.objects.filter(key=key).update(state="live", purpose=Purpose.RECOVER)
    form = {"key": key.pk, "digits": digits_of(key)}
    assert client.post(KEY, form).status_code == 422
    assert client.get(NEW)["Location"] == FORGOTTEN
    form = {"key": app.pk, "digits": fresh(app)}
    assert client.post(KEY, form)["Location"] == NEW


def test_a_key_in_another_mailbox_is_one(client: Client, holder: KeyHolder) -> None:
    key = make_key(holder, KeyKind.EMAIL, destination="peter@example.net")
    show_mailbox(client)
    OneTimeCode.objects.update(requested_at=YESTERDAY)
    client.post(SEND, {"key": key.pk})
    form = {"key": key.pk, "digits": digits_of(key)}
    assert client.post(KEY, form)["Location"] == NEW


def test_without_another_key_it_is_the_counter(
    client: Client, holder: KeyHolder, office: Office
) -> None:
    OpeningHours.objects.create(office=office, weekday=1, opens="09:00", closes="16:30")
    make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    show_mailbox(client)
    assert client.get(KEY)["Location"] == path("no_key")
    page = text_of(client.get(path("no_key")).content)
    assert "Come to the counter" in page
    assert "Opening hours" in page
    assert "The same mailbox does not count twice" in page
    assert "peter" not in page


def test_a_mailbox_that_was_the_contact_address_is_no_second_proof(
    client: Client, holder: KeyHolder
) -> None:
    """The mailbox was proved as the contact address, which the holder then changed."""
    make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    show_mailbox(client)
    ask_for_email(holder=holder, email="peter@example.net", at=LATER)
    sent = holder.one_time_codes.get(purpose=Purpose.EMAIL)
    confirm_email(holder=holder, typed=one_time_text(sent), at=LATER)
    assert client.get(KEY)["Location"] == FORGOTTEN


def test_digits_of_an_old_contact_address_are_worth_nothing(
    client: Client, app: DigitalKey, holder: KeyHolder
) -> None:
    client.post(FORGOTTEN, {"name": "peter.janssens"})
    digits = mailed_digits()
    ask_for_email(holder=holder, email="peter@example.net", at=LATER)
    sent = holder.one_time_codes.get(purpose=Purpose.EMAIL)
    confirm_email(holder=holder, typed=one_time_text(sent), at=LATER)
    other = Client()
    other.post(FORGOTTEN, {"name": "peter.janssens"})  # too soon for new digits
    for browser in (client, other):
        assert browser.post(CODE, {"digits": digits}).status_code == 422


def test_the_page_says_which_key_helps(client: Client, db: None) -> None:
    page = text_of(client.get(FORGOTTEN).content)
    assert "a key that does not go to that mailbox" in page
