"""Nobody sets another's password: its owner chooses it through a mailed link."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import Role
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry, Office, PasswordLink
from counter.staff import account_changes, password_links
from counter.staff.password_links import LinkEndedError
from tests import cast
from tests.activation.helpers import at_once, text_of
from tests.activation.journey.traces import all_tables
from tests.counter.staff.mailboxes import (
    NEW,
    SIGN_IN,
    TYPED,
    add,
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
from tests.races import wait_for_a_lock

__all__ = ["els", "mail_server", "sofie"]


# Invited


def test_a_new_colleague_chooses_the_password_from_the_mail(
    client: Client, office: Office, sofie: Clerk, mail_server: MailServer
) -> None:
    nora = add(signed_in(sofie), office)
    assert not nora.has_usable_password()
    words = mailed(mail_server, "nora@stadskantoor.example")
    assert "Sofie" in words.title()
    link = link_in(words)
    before = all_tables()
    for _again in range(2):
        shown = client.get(link)
        assert "nora" in text_of(shown.content)
    assert all_tables() == before
    answer = client.post(link, TYPED)
    assert answer["Location"] == SIGN_IN
    assert opens("nora", NEW)
    assert client.get(link).status_code == 410
    assert client.post(link, TYPED).status_code == 410
    events = JournalEntry.objects.values_list("event", flat=True)
    assert {Event.ACCOUNT_INVITED, Event.PASSWORD_CHOSEN} <= set(events)


def test_the_form_that_adds_or_changes_an_account_takes_no_password(
    office: Office, els: Clerk, sofie: Clerk
) -> None:
    client = signed_in(sofie)
    for address in (reverse("admin:counter_clerk_add"), page("change", els)):
        assert 'type="password"' not in client.get(address).content.decode()
    form = clerk_form(office, username="els", email=els.email)
    typed = {"password": "x", "password1": NEW, "password2": NEW}
    client.post(page("change", els), form | typed)
    add(client, office, **typed)
    client.post(f"/admin/counter/clerk/{els.pk}/password/", typed)
    assert not opens("els", NEW)
    assert not opens("nora", NEW)
    assert opens("els", cast.PASSWORD)


@pytest.mark.parametrize(
    "email", ["", "els@stadskantoor.example", "ELS@Stadskantoor.example"]
)
def test_each_account_has_a_mailbox_of_its_own(
    office: Office, els: Clerk, sofie: Clerk, email: str
) -> None:
    form = clerk_form(office, email=email)
    answer = signed_in(sofie).post(reverse("admin:counter_clerk_add"), form)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors.keys() == {"email"}
    assert "Aerts" in answer.content.decode()
    assert not Clerk.objects.filter(username="nora").exists()


@pytest.mark.parametrize(
    ("hours", "works"), [(timedelta(hours=47), True), (timedelta(hours=48), False)]
)
def test_an_invitation_lasts_48_hours(
    office: Office, sofie: Clerk, hours: timedelta, *, works: bool
) -> None:
    add(signed_in(sofie), office)
    link = PasswordLink.objects.get()
    with time_machine.travel(link.asked_at + hours, tick=False):
        answer = Client().get(password_links.url(link))
        assert answer.status_code == (200 if works else 410)


def test_a_weak_password_is_refused_at_its_field(office: Office, sofie: Clerk) -> None:
    add(signed_in(sofie), office)
    link = password_links.url(PasswordLink.objects.get())
    for password in ("", "kort", "nora@stadskantoor.example"):
        typed = dict.fromkeys(TYPED, password)
        answer = Client().post(link, typed)
        assert answer.status_code == 422
        assert "new_password1" in answer.context["form"].errors
    answer = Client().post(link, TYPED | {"new_password2": f"{NEW}s"})
    assert answer.context["form"].errors.keys() == {"new_password2"}
    assert not Clerk.objects.get(username="nora").has_usable_password()


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x", "A" * 64, "%00", "é" * 64, "A" * 2000])
def test_an_invented_link_is_one_that_ended(client: Client, token: str) -> None:
    answer = client.get(f"/counter/account/{token}/")
    assert answer.status_code in (404, 410)


# A link for a new password


def test_the_supervisor_has_a_link_sent_and_learns_nothing(
    client: Client, els: Clerk, sofie: Clerk, mail_server: MailServer
) -> None:
    supervisor = signed_in(sofie)
    assert (
        page("send_password_link", els)
        in supervisor.get(page("change", els)).content.decode()
    )
    assert supervisor.get(page("send_password_link", els)).status_code == 200
    assert not PasswordLink.objects.exists()
    answer = supervisor.post(page("send_password_link", els), follow=True)
    assert "/counter/account/" not in answer.content.decode()
    assert opens("els", cast.PASSWORD)
    els.refresh_from_db()
    desk = signed_in(els)
    client.post(link_in(mailed(mail_server, els.email)), TYPED)
    assert opens("els", NEW)
    assert not opens("els", cast.PASSWORD)
    assert desk.get(reverse("counter_desk:desk")).status_code == 302
    entry = JournalEntry.objects.get(event=Event.PASSWORD_LINK_ASKED)
    assert (entry.clerk, entry.details) == (sofie, {"who": "els"})


def test_the_link_goes_to_the_address_of_now(els: Clerk, sofie: Clerk) -> None:
    """A colleague corrected it after the page was opened."""
    as_shown, now = Clerk.objects.get(pk=els.pk), timezone.now()
    Clerk.objects.filter(pk=els.pk).update(email="els.aerts@leuven.example")
    password_links.ask_reset(clerk=as_shown, by=sofie, at=now)
    link = PasswordLink.objects.get(clerk=els)
    assert link.email == "els.aerts@leuven.example"
    assert password_links.is_good(link, at=now)


def test_who_may_not_change_an_account_sends_no_link_for_it(
    office: Office, els: Clerk, sofie: Clerk, other_office: Office
) -> None:
    boss = Clerk.objects.create_superuser(
        "boss", email="boss@stadskantoor.example", password=cast.PASSWORD, office=office
    )
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    assert signed_in(sofie).post(page("send_password_link", boss)).status_code == 403
    assert signed_in(sofie).post(page("send_password_link", sofie)).status_code == 403
    assert signed_in(lies).post(page("send_password_link", els)).status_code == 404
    assert signed_in(els).post(page("send_password_link", sofie)).status_code != 200
    assert not PasswordLink.objects.exists()


def test_using_one_link_ends_the_others_and_another_mailbox_too(
    els: Clerk, sofie: Clerk
) -> None:
    now = timezone.now()
    for _twice in range(2):
        password_links.ask_reset(clerk=els, by=sofie, at=now)
    first, second = PasswordLink.objects.all()
    password_links.choose_password(link_id=first.pk, password=NEW, at=now)
    with pytest.raises(LinkEndedError):
        password_links.choose_password(link_id=second.pk, password="x" * 20, at=now)
    password_links.ask_reset(clerk=els, by=sofie, at=now)
    third = PasswordLink.objects.get(used_at=None, ended_at=None)
    assert els.office is not None
    form = clerk_form(els.office, username="els", email="new@stadskantoor.example")
    signed_in(sofie).post(page("change", els), form)
    with pytest.raises(LinkEndedError):
        password_links.choose_password(link_id=third.pk, password="x" * 20, at=now)
    assert opens("els", NEW)


def test_who_is_switched_off_chooses_nothing(els: Clerk, sofie: Clerk) -> None:
    password_links.ask_reset(clerk=els, by=sofie, at=timezone.now())
    Clerk.objects.filter(pk=els.pk).update(is_active=False)
    link = password_links.url(PasswordLink.objects.get())
    assert Client().post(link, TYPED).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_chooses(els: Clerk, sofie: Clerk) -> None:
    now = timezone.now()
    password_links.ask_reset(clerk=els, by=sofie, at=now)
    link = PasswordLink.objects.get()
    words = ["een eerste lang wachtwoord", "een tweede lang wachtwoord"]

    def choose(number: int) -> str:
        password_links.choose_password(
            link_id=link.pk, password=words[number], at=timezone.now()
        )
        return words[number]

    results = at_once(2, choose)
    (chosen,) = [result for result in results if isinstance(result, str)]
    assert Clerk.objects.get(pk=els.pk).check_password(chosen)


@pytest.mark.django_db(transaction=True)
def test_an_address_changed_while_she_chooses_is_taken_first(
    els: Clerk, sofie: Clerk
) -> None:
    """And the two never wait for each other."""
    now = timezone.now()
    password_links.ask_reset(clerk=els, by=sofie, at=now)
    link = PasswordLink.objects.get()

    def choose() -> bool:
        try:
            password_links.choose_password(link_id=link.pk, password=NEW, at=now)
        except LinkEndedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            was = account_changes.before(els, by=sofie, at=now)
            chosen = pool.submit(choose)
            wait_for_a_lock()
            els.email = "new@stadskantoor.example"
            els.save()
            password_links.change_email(clerk=els, was=was, by=sofie, at=now)
        assert not chosen.result(timeout=10)
    assert opens("els", cast.PASSWORD)
