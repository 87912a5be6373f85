"""Who forgot a password asks for a link; strangers learn nothing and flood nobody."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from counter.models import AccountChange, Clerk, PasswordLink
from counter.staff import password_links
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from tests import cast
from tests.activation.helpers import text_of
from tests.counter.staff.mailboxes import (
    FORGOTTEN,
    NEW,
    SIGN_IN,
    TYPED,
    els,
    link_in,
    mailed,
    opens,
    page,
    sofie,
)
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.litany import signed_in
from tests.mail_server import MailServer
from tests.notifications.conftest import mail_server

__all__ = ["els", "mail_server", "sofie"]


def test_she_asks_for_it_herself(
    client: Client, els: Clerk, mail_server: MailServer
) -> None:
    assert FORGOTTEN in client.get(SIGN_IN).content.decode()
    answer = client.post(FORGOTTEN, {"user_name": "els"})
    assert answer.status_code == 303
    link = link_in(mailed(mail_server, els.email))
    client.post(link, TYPED)
    assert opens("els", NEW)
    assert not AccountChange.objects.by_others().exists()
    made = PasswordLink.objects.get()
    with time_machine.travel(made.asked_at + timedelta(hours=1)):
        assert Client().get(link).status_code == 410


def test_the_same_answer_and_rows_for_known_and_unknown_names(
    els: Clerk, sofie: Clerk, mail_server: MailServer
) -> None:
    Clerk.objects.filter(pk=sofie.pk).update(is_active=False)
    bart = cast.make_clerk("bart", els.office, desk="")  # without a mailbox
    answers = set()
    for name in ("els", "nobody", "sofie", bart.username):
        answer = Client().post(FORGOTTEN, {"user_name": name}, follow=True)
        answers.add((answer.status_code, text_of(answer.content)))
    assert len(answers) == 1
    assert PasswordLink.objects.count() == Delivery.objects.count() == 4
    deliver_due()
    assert mail_server.recipients == [els.email]
    dropped = Delivery.objects.filter(state=DeliveryState.DROPPED)
    assert dropped.count() == 3


def test_a_mailbox_is_not_filled_by_a_stranger(
    els: Clerk, mail_server: MailServer
) -> None:
    answers = [Client().post(FORGOTTEN, {"user_name": "els"}) for _ in range(12)]
    deliver_due()
    assert mail_server.recipients == [els.email] * password_links.OWN_RESETS_AT_ONCE
    assert [answer.status_code for answer in answers[-2:]] == [429, 429]
    assert 'value="els"' in answers[-1].content.decode()  # what was typed stays
    # Its owner can use what the stranger asked for, and an hour later ask herself.
    assert client_opens(link_in(mailed(mail_server, els.email)))
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        Client().post(FORGOTTEN, {"user_name": "els"})
        deliver_due()
    assert len(mail_server.recipients) == password_links.OWN_RESETS_AT_ONCE + 1


def test_what_was_used_or_ended_keeps_nobody_from_asking(
    els: Clerk, sofie: Clerk
) -> None:
    """She forgets each new password too; then she gets another mailbox."""
    for word in ("een", "twee", "drie"):
        Client().post(FORGOTTEN, {"user_name": "els"})
        typed = dict.fromkeys(TYPED, f"{NEW} {word}")
        link = PasswordLink.objects.get(clerk=els, used_at=None)
        Client().post(password_links.url(link), typed)
        assert opens("els", f"{NEW} {word}")
    for _twice in range(2):
        Client().post(FORGOTTEN, {"user_name": "els"})
    assert els.office is not None
    form = clerk_form(els.office, username="els", email="new@stadskantoor.example")
    signed_in(sofie).post(page("change", els), form)
    Client().post(FORGOTTEN, {"user_name": "els"})
    link = PasswordLink.objects.get(email="new@stadskantoor.example")
    assert client_opens(password_links.url(link))


def client_opens(link: str) -> bool:
    return Client().get(link).status_code == 200


@pytest.mark.django_db
def test_nor_are_the_mailboxes_of_a_whole_office() -> None:
    """One network address is stopped, whatever names it types; another one is not."""
    for number in range(20):
        answer = Client().post(FORGOTTEN, {"user_name": f"name{number}"})
        assert answer.status_code == 303
    for number in range(20, 22):
        answer = Client().post(FORGOTTEN, {"user_name": f"name{number}"})
    assert answer.status_code == 429
    assert "Retry-After" in answer.headers
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.post(FORGOTTEN, {"user_name": "name1"}).status_code == 303
