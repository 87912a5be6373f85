"""Who gave an account its mailbox can use its links, whoever asked for them."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from counter.enums import AccountAct
from counter.models import AccountChange, Clerk, Office, PasswordLink
from counter.staff import password_links, same_hands
from tests.counter.staff.mailboxes import (
    FORGOTTEN,
    NEW,
    TYPED,
    add,
    els,
    lies_of,
    page,
    sofie,
)
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.litany import signed_in

__all__ = ["els", "sofie"]

DAY = timedelta(days=1)


@pytest.fixture
def begun(sofie: Clerk) -> datetime:
    return timezone.now()


def gives_her_mailbox(by: Clerk, office: Office) -> None:
    """The supervisor `by` makes her own mailbox that of the account els."""
    form = clerk_form(office, username="els", email="mine@example.org")
    els = Clerk.objects.get(username="els")
    assert signed_in(by).post(page("change", els), form).status_code == 302


def asks_as_a_stranger_and_chooses() -> None:
    """Ask at the sign-in page, where nobody says who asks, and choose a password."""
    Client().post(FORGOTTEN, {"user_name": "els"})
    link = PasswordLink.objects.get(used_at=None, ended_at=None)
    answer = Client().post(password_links.url(link), TYPED)
    assert answer.status_code == 303


def is_one(first: Clerk, second: Clerk) -> bool:
    return bool(same_hands.why_not(first, second, at=timezone.now()))


@pytest.mark.parametrize("later", [6 * DAY, 60 * DAY])
def test_the_week_begins_with_the_password_that_went_to_her_mailbox(
    office: Office, els: Clerk, sofie: Clerk, begun: datetime, later: timedelta
) -> None:
    gives_her_mailbox(sofie, office)
    with time_machine.travel(begun + later):
        asks_as_a_stranger_and_chooses()
    with time_machine.travel(begun + later + 6 * DAY):
        assert is_one(els, sofie)
        assert is_one(sofie, els)
    with time_machine.travel(begun + later + 8 * DAY):
        assert not is_one(els, sofie)


def test_after_that_password_a_reset_is_the_owners_own(
    office: Office, els: Clerk, sofie: Clerk, begun: datetime
) -> None:
    gives_her_mailbox(sofie, office)
    asks_as_a_stranger_and_chooses()
    with time_machine.travel(begun + 30 * DAY):
        asks_as_a_stranger_and_chooses()
        assert not is_one(els, sofie)


def test_an_invitation_that_was_never_used_is_still_hers(
    office: Office, sofie: Clerk, begun: datetime
) -> None:
    nora = add(signed_in(sofie), office)
    with time_machine.travel(begun + 20 * DAY):
        # A link that she asks for herself does not prolong the 48 hours.
        Client().post(FORGOTTEN, {"user_name": "nora"})
        assert PasswordLink.objects.latest("asked_at").clerk is None
        password_links.invite(clerk=nora, by=sofie, at=timezone.now())
        link = PasswordLink.objects.filter(clerk=nora).latest("asked_at")
        password_links.choose_password(link_id=link.pk, password=NEW, at=timezone.now())
        assert is_one(nora, sofie)


def test_a_colleague_who_has_the_link_sent_takes_nobodys_hand_away(
    office: Office, els: Clerk, sofie: Clerk, begun: datetime
) -> None:
    lies = lies_of(office)
    gives_her_mailbox(sofie, office)
    els.refresh_from_db()
    with time_machine.travel(begun + 6 * DAY):
        password_links.ask_reset(clerk=els, by=lies, at=timezone.now())
        link = PasswordLink.objects.get(used_at=None, ended_at=None)
        password_links.choose_password(link_id=link.pk, password=NEW, at=timezone.now())
    with time_machine.travel(begun + 12 * DAY):
        assert is_one(els, sofie)
        assert is_one(els, lies)
    chosen = AccountChange.objects.filter(account=els, act=AccountAct.PASSWORD)
    assert {act.by for act in chosen} == {sofie, lies}


def test_only_the_last_mailbox_counts(
    office: Office, els: Clerk, sofie: Clerk, begun: datetime
) -> None:
    gives_her_mailbox(sofie, office)
    with time_machine.travel(begun + 10 * DAY):
        form = clerk_form(office, username="els", email=els.email)
        lies = lies_of(office)
        signed_in(lies).post(page("change", els), form)
        asks_as_a_stranger_and_chooses()
        assert is_one(els, lies)
        assert not is_one(els, sofie)
