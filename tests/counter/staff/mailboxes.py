"""Colleagues with a mailbox, and the links that are mailed to them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from counter.enums import Role
from counter.models import Clerk, Office
from notifications.outbox.delivering import deliver_due
from tests import cast
from tests.activation.helpers import text_of
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.mail_server import MailServer

SIGN_IN = reverse("counter_sign_in:sign_in")
FORGOTTEN = reverse("counter_staff:forgot_password")
NEW = "paarse koeien grazen rustig"
TYPED = {"new_password1": NEW, "new_password2": NEW}


@pytest.fixture
def els(els: Clerk) -> Clerk:
    return with_mailbox(els)


@pytest.fixture
def sofie(sofie: Clerk) -> Clerk:
    return with_mailbox(sofie)


def with_mailbox(clerk: Clerk) -> Clerk:
    clerk.email = f"{clerk.username}@stadskantoor.example"
    clerk.save()
    return clerk


def lies_of(office: Office, name: str = "lies") -> Clerk:
    """A second supervisor of the office."""
    lies = cast.make_clerk(name, office, desk="", role=Role.SUPERVISOR)
    return with_mailbox(lies)


def page(name: str, clerk: Clerk) -> str:
    return reverse(f"admin:counter_clerk_{name}", args=[clerk.pk])


def add(client: Client, office: Office, **changes: str) -> Clerk:
    form = clerk_form(office, **changes)
    answer = client.post(reverse("admin:counter_clerk_add"), form)
    assert answer.status_code == 302, text_of(answer.content)
    made: Clerk = Clerk.objects.get(username=form["username"])
    return made


def mailed(server: MailServer, address: str) -> str:
    """The text of the last mail to this address, after sending what is due."""
    deliver_due()
    body = server.to(address)[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(words: str) -> str:
    match = re.search(r"https?://[^/\s]+(/counter/account/\S+)", words)
    assert match, words
    return match[1]


def opens(name: str, password: str) -> bool:
    typed = {"username": name, "password": password}
    return Client().post(SIGN_IN, typed).status_code == 303
