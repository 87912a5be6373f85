"""A supervisor sees who is signed in, and can end a session at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.journal.events import Event
from counter.models import Clerk, JournalEntry, Office
from counter.sign_in import single_session
from tests import cast
from tests.counter.staff.mailboxes import els, page, sofie
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.litany import signed_in

__all__ = ["els", "sofie"]

DESK = reverse("counter_desk:desk")
SIGN_IN = reverse("counter_sign_in:sign_in")


@pytest.fixture
def at_work(els: Clerk) -> Client:
    """The browser of Els, who signed in through the page and reads Dutch."""
    Clerk.objects.filter(pk=els.pk).update(language="nl")
    client = Client()
    typed = {"username": "els", "password": cast.PASSWORD}
    assert client.post(SIGN_IN, typed).status_code == 303
    return client


def page_after_click(client: Client) -> str:
    """The text of the sign-in page, to which the next click must lead."""
    answer = client.get(DESK)
    assert answer.status_code == 302
    assert answer["Location"].startswith(SIGN_IN)
    return client.get(answer["Location"]).text


def test_a_supervisor_sees_the_session_and_ends_it(
    at_work: Client, els: Clerk, sofie: Clerk
) -> None:
    client = signed_in(sofie)
    assert page("end_session", els) in client.get(page("change", els)).text
    client.post(page("end_session", els))
    assert "Een collega heeft je aanmelding beëindigd" in page_after_click(at_work)
    entry = JournalEntry.objects.get(event=Event.SESSION_ENDED)
    assert (entry.clerk, entry.details) == (sofie, {"who": "els"})
    assert page("end_session", els) not in client.get(page("change", els)).text


def test_a_session_is_over_when_she_leaves_or_after_a_day(
    at_work: Client, els: Clerk
) -> None:
    els.refresh_from_db()
    now = timezone.now()
    assert single_session.since(els, at=now) is not None
    assert single_session.since(els, at=now + timedelta(hours=11)) is None
    at_work.post(reverse("counter_sign_in:sign_out"))
    els.refresh_from_db()
    assert single_session.since(els, at=now) is None


def test_leaving_an_older_session_ends_no_newer_one(
    at_work: Client, els: Clerk
) -> None:
    newer = Client()
    newer.post(SIGN_IN, {"username": "els", "password": cast.PASSWORD})
    assert "elders aangemeld" in page_after_click(at_work)
    els.refresh_from_db()
    assert single_session.since(els, at=timezone.now()) is not None
    assert newer.get(DESK).status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"role": "finance"}, "Je hebt nu een andere rol"),
        ({"office": "other"}, "naar een ander kantoor"),
    ],
)
def test_who_moves_or_has_another_role_is_out_and_reads_why(
    at_work: Client,
    els: Clerk,
    office: Office,
    other_office: Office,
    change: dict[str, str],
    sentence: str,
) -> None:
    boss = Clerk.objects.create_superuser("boss", password=cast.PASSWORD)
    form = clerk_form(office, username="els", email=els.email) | change
    if form["office"] == "other":
        form["office"] = str(other_office.pk)
    assert signed_in(boss).post(page("change", els), form).status_code == 302
    assert sentence in page_after_click(at_work)
    entry = JournalEntry.objects.filter(event=Event.ROW_CHANGED, clerk=boss).first()
    assert entry is not None
    name = next(iter(change))
    assert entry.details["changes"][name].keys() == {"old", "new"}


def test_an_account_that_is_off_is_out_at_once_and_stays_out(
    at_work: Client, els: Clerk, sofie: Clerk, office: Office
) -> None:
    """Also after the account is on again: the browser has to sign in anew."""
    client = signed_in(sofie)
    on = clerk_form(office, username="els", email=els.email)
    off = {name: value for name, value in on.items() if name != "is_active"}
    assert client.post(page("change", els), off).status_code == 302
    assert at_work.get(DESK).status_code == 302
    client.post(page("change", els), on)
    assert at_work.get(DESK).status_code == 302


def test_moving_is_asked_about_while_a_drawer_is_open(
    els: Clerk, office: Office, other_office: Office, tom: Clerk
) -> None:
    """The administrator here has no office, and sees both offices."""
    Clerk.objects.filter(pk=tom.pk).update(office=None)
    client = signed_in(Clerk.objects.get(pk=tom.pk))
    form = clerk_form(other_office, username="els", email=els.email, leave_anyway="")
    asked = client.post(page("change", els), form)
    assert "has a drawer that is not closed" in asked.text
    els.refresh_from_db()
    assert els.office == office
    form["leave_anyway"] = "on"
    assert client.post(page("change", els), form).status_code == 302
    els.refresh_from_db()
    assert els.office == other_office
