"""When a row of the outbox is sent: to which address, and whether it still is."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from activation.enums import KeyKind
from activation.models import ActivationCode, OneTimeCode
from activation.one_time.digits import one_time_text
from counter.models import Clerk, Dossier
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.mail_server import MailServer
from tests.notifications.acts import (
    make_key,
    make_visits,
    request_digits,
    state_of,
    text_of,
)


def test_a_link_is_not_sent_when_its_two_weeks_are_over(
    waiting: Delivery, code: ActivationCode, mail_server: MailServer
) -> None:
    with time_machine.travel(code.valid_until, tick=False):
        deliver_due()

    assert state_of(waiting) == DeliveryState.DROPPED


@pytest.mark.parametrize(
    "address",
    [
        "peter@example.org, other@example.org",
        "peter@example.org\r\nBcc: other@example.org",
        "péter@example.org",
        "peter@",
        "<>",
    ],
)
def test_what_is_not_one_plain_address_is_refused_in_words_of_ours(
    waiting: Delivery, mail_server: MailServer, address: str
) -> None:
    Dossier.objects.update(email=address)

    deliver_due()

    assert state_of(waiting) == DeliveryState.REFUSED
    assert "@" not in waiting.answer
    assert mail_server.messages == []


def test_an_address_in_another_script_is_written_as_machines_do(
    waiting: Delivery, mail_server: MailServer
) -> None:
    Dossier.objects.update(email="peter@büro.example")

    deliver_due()

    assert mail_server.recipients == ["peter@xn--bro-hoa.example"]


def test_a_name_with_line_breaks_adds_no_header(
    waiting: Delivery, dossier: Dossier, mail_server: MailServer
) -> None:
    dossier.first_names = "Peter\r\nBcc: other@example.org\r\n\r\nHallo"
    dossier.save(update_fields=["first_names"])
    dossier.office.name = "Stad\nBcc: other@example.org"
    dossier.office.save(update_fields=["name"])

    deliver_due()

    (mail,) = mail_server.messages
    assert mail["Bcc"] is None
    assert mail_server.recipients == ["peter@example.org"]


def test_six_digits_by_mail_go_to_the_keys_own_address(
    dossier: Dossier, els: Clerk, mail_server: MailServer
) -> None:
    key = make_key(dossier, els, KeyKind.EMAIL, destination="peter.new@example.org")
    digits = one_time_text(request_digits(key))

    deliver_due()

    (mail,) = mail_server.messages
    assert mail["To"] == "peter.new@example.org"
    assert digits in text_of(mail)
    assert digits not in mail["Subject"]


def test_six_digits_are_not_sent_after_their_ten_minutes(
    dossier: Dossier, els: Clerk, mail_server: MailServer
) -> None:
    key = make_key(dossier, els, KeyKind.EMAIL, destination="peter@example.org")
    request_digits(key)
    with time_machine.travel(
        timezone.now() + datetime.timedelta(minutes=10), tick=False
    ):
        done = deliver_due()

    assert done.outcomes == {SendingOutcome.DROPPED: 1}
    assert mail_server.messages == []


def test_six_digits_that_were_tried_five_times_are_not_sent(
    dossier: Dossier, els: Clerk, mail_server: MailServer
) -> None:
    key = make_key(dossier, els, KeyKind.EMAIL, destination="peter@example.org")
    code = request_digits(key)
    OneTimeCode.objects.filter(pk=code.pk).update(attempts=5)

    done = deliver_due()

    assert done.outcomes == {SendingOutcome.DROPPED: 1}
    assert mail_server.messages == []


def test_the_digits_of_somebody_who_waits_go_before_a_thousand_reminders(
    els: Clerk, dossier: Dossier, mail_server: MailServer
) -> None:
    make_visits(5, els)
    Delivery.objects.update(kind=Kind.REMINDER_WEEK)
    key = make_key(dossier, els, KeyKind.EMAIL, destination="peter@example.org")
    request_digits(key)

    deliver_due(stop=lambda: bool(mail_server.messages))

    assert mail_server.recipients == ["peter@example.org"]
