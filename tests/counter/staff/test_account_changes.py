"""Who is told that somebody changed an account or its access."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from counter.enums import AccountAct
from counter.models import (
    AccountChange,
    Clerk,
    JournalEntry,
    Office,
    PasswordLink,
    SecondFactor,
)
from counter.sign_in import sign_in_app
from counter.staff import account_changes, password_links, same_hands
from counter.tasks import apply_retention
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from tests import cast
from tests.counter.staff.mailboxes import (
    FORGOTTEN,
    add,
    els,
    lies_of,
    mailed,
    page,
    sofie,
)
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.litany import signed_in
from tests.mail_server import MailServer
from tests.notifications.conftest import mail_server

__all__ = ["els", "mail_server", "sofie"]


def test_the_owner_and_a_second_supervisor_are_told(
    office: Office, els: Clerk, sofie: Clerk, mail_server: MailServer
) -> None:
    lies = lies_of(office)
    client = signed_in(sofie)
    client.post(page("send_password_link", els))
    assert "Els" in mailed(mail_server, lies.email).title()
    form = clerk_form(office, username="els", email="nieuw@stadskantoor.example")
    client.post(page("change", els), form)
    deliver_due()
    recipients = [mail["To"] for mail in mail_server.messages]
    assert (
        recipients.count("els@stadskantoor.example") == 2
    )  # the link, then the notice at the old mailbox
    assert recipients.count(lies.email) == 2
    assert sofie.email not in recipients


def test_a_reset_app_and_an_account_switched_on_are_told_too(
    office: Office, els: Clerk, sofie: Clerk, mail_server: MailServer
) -> None:
    lies = lies_of(office)
    now = timezone.now()
    factor = SecondFactor(clerk=els, attempt="0" * 32, begun_at=now, confirmed_at=now)
    factor.secret, factor.last_step = "A" * 32, 1
    factor.save()
    sign_in_app.reset(clerk=els, by=sofie, agreed=lies, at=now)
    Clerk.objects.filter(pk=els.pk).update(is_active=False)
    form = clerk_form(office, username="els", email=els.email)
    signed_in(sofie).post(page("change", els), form)
    deliver_due()
    acts = AccountChange.objects.values_list("act", flat=True)
    assert set(acts) == {AccountAct.APP_RESET, AccountAct.SWITCHED_ON}
    recipients = sorted(mail["To"] for mail in mail_server.messages)
    assert recipients == [els.email, els.email, lies.email, lies.email]


def test_nobody_changes_the_own_address(
    office: Office, sofie: Clerk, mail_server: MailServer
) -> None:
    """Otherwise anybody at a screen left open could get a link for a new password."""
    thief = signed_in(sofie)
    shown = thief.get(page("change", sofie)).content.decode()
    assert sofie.email in shown
    assert 'name="email"' not in shown
    form = clerk_form(office, username="sofie", email="mine@example.org")
    assert thief.post(page("change", sofie), form).status_code == 302
    Client().post(FORGOTTEN, {"user_name": "sofie"})
    deliver_due()
    assert mail_server.recipients == [sofie.email]


def test_another_supervisor_changes_it_and_the_old_address_is_told(
    office: Office, sofie: Clerk, mail_server: MailServer
) -> None:
    form = clerk_form(
        office, username="sofie", role="supervisor", email="new@stadskantoor.example"
    )
    signed_in(lies_of(office)).post(page("change", sofie), form)
    assert "mailadres" in mailed(mail_server, "sofie@stadskantoor.example")
    act = AccountChange.objects.get()
    assert (act.account, act.act) == (sofie, AccountAct.EMAIL)
    assert same_hands.why_not(sofie, Clerk.objects.get(username="lies"), at=act.at)


def test_the_second_supervisor_is_not_the_first_ones_puppet(
    office: Office, els: Clerk, sofie: Clerk
) -> None:
    add(signed_in(sofie), office, role="supervisor")
    password_links.ask_reset(clerk=els, by=sofie, at=timezone.now())
    assert AccountChange.objects.get(account=els).second_supervisor is None
    lies = lies_of(office)
    password_links.ask_reset(clerk=els, by=sofie, at=timezone.now())
    assert AccountChange.objects.filter(account=els, second_supervisor=lies).exists()


def test_the_journal_holds_no_address(office: Office, els: Clerk, sofie: Clerk) -> None:
    form = clerk_form(office, username="els", email="nieuw@stadskantoor.example")
    signed_in(sofie).post(page("change", els), form)
    add(signed_in(sofie), office)
    kept = str(list(JournalEntry.objects.values("details")))
    assert "@stadskantoor.example" not in kept


def test_old_links_go_with_their_mails(els: Clerk) -> None:
    Client().post(FORGOTTEN, {"user_name": "nobody"})
    Client().post(FORGOTTEN, {"user_name": "els"})
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        apply_retention()
        assert PasswordLink.objects.get().clerk == els
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        apply_retention()
        assert not PasswordLink.objects.exists()
        assert not Delivery.objects.exists()


# Removing a supervisor for a moment does not keep changes from her


AWAY = {"a clerk": {"role": "clerk"}, "off": {"is_active": ""}, "elsewhere": {}}


@pytest.mark.parametrize("how", AWAY)
def test_a_supervisor_put_out_of_the_way_hears_of_it_and_so_does_another(
    office: Office,
    other_office: Office,
    mail_server: MailServer,
    how: str,
) -> None:
    """Somebody above the offices removes her for a moment, and then undoes that."""
    lies, an = lies_of(office), lies_of(office, "an")
    boss = Clerk.objects.create_superuser("boss", password=cast.PASSWORD)
    form = clerk_form(office, username="lies", role="supervisor", email=lies.email)
    away = form | AWAY[how]
    if how == "elsewhere":
        away["office"] = str(other_office.pk)
    client = signed_in(boss)
    for typed in (away, form):
        assert client.post(page("change", lies), typed).status_code == 302
        deliver_due()
    # The other office has no supervisor: a change there by somebody above the offices
    # is told to a supervisor of another office.
    recipients = sorted(mail_server.recipients)
    assert recipients == [an.email] * 2 + [lies.email] * 2


def test_the_only_other_supervisor_hears_that_she_is_none(
    office: Office, sofie: Clerk, mail_server: MailServer
) -> None:
    lies = lies_of(office)
    form = clerk_form(office, username="lies", role="clerk", email=lies.email)
    signed_in(sofie).post(page("change", lies), form)
    assert "rol" in mailed(mail_server, lies.email)


def test_a_mail_and_a_role_changed_at_once_are_told_at_the_old_address(
    office: Office, sofie: Clerk, mail_server: MailServer
) -> None:
    lies = lies_of(office)
    form = clerk_form(office, username="lies", role="clerk", email="mine@example.org")
    signed_in(sofie).post(page("change", lies), form)
    mailed(mail_server, lies.email)
    assert "mine@example.org" not in mail_server.recipients


def test_an_address_changed_before_the_mail_leaves_takes_it_from_nobody(
    office: Office, els: Clerk, sofie: Clerk, mail_server: MailServer
) -> None:
    """Mails that leave late still go to the addresses of the time of the change."""
    lies = lies_of(office)
    client = signed_in(sofie)
    off = clerk_form(office, username="els", email=els.email, is_active="")
    client.post(page("change", els), off)
    for clerk, role in ((els, "clerk"), (lies, "supervisor")):
        mine = f"{clerk.username}@example.org"
        form = clerk_form(office, username=clerk.username, role=role, email=mine)
        client.post(page("change", clerk), form)
    deliver_due()
    assert {els.email, lies.email} == set(mail_server.recipients)


def test_an_address_changed_and_put_back_does_not_silence_her(
    office: Office, els: Clerk, sofie: Clerk
) -> None:
    """Also after several changes. She is told again once the address is hers again."""
    lies = lies_of(office)
    client, own = signed_in(sofie), lies.email

    def moves(email: str) -> None:
        form = clerk_form(office, username="lies", role="supervisor", email=email)
        assert client.post(page("change", lies), form).status_code == 302

    moves("mine@example.org")
    assert account_changes.second_supervisor(els, sofie, at=timezone.now()) is None
    for email in ("another@example.org", "mine@example.org"):
        moves(email)
    assert account_changes.second_supervisor(els, sofie, at=timezone.now()) is None
    moves(own)
    second = account_changes.second_supervisor(els, sofie, at=timezone.now())
    assert second == lies


def test_a_link_sent_to_her_first_does_not_silence_the_second_supervisor(
    office: Office, els: Clerk, sofie: Clerk, mail_server: MailServer
) -> None:
    """The link went to her own mailbox, so she still reads her mails."""
    lies = lies_of(office)
    client = signed_in(sofie)
    client.post(page("send_password_link", lies))
    client.post(page("send_password_link", els))
    assert "Els" in mailed(mail_server, lies.email).title()


def test_who_is_told_is_found_with_the_same_queries_in_an_office_of_many(
    office: Office,
    els: Clerk,
    sofie: Clerk,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    now = timezone.now()
    lies_of(office)
    with CaptureQueriesContext(connection) as few:
        account_changes.second_supervisor(els, sofie, at=now)
    for number in range(8):
        lies_of(office, f"supervisor{number}")
    with django_assert_num_queries(len(few)):
        second = account_changes.second_supervisor(els, sofie, at=now)
    assert second is not None
    assert second.username == "lies"


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_who_change_each_other_wait_in_no_circle(
    office: Office, sofie: Clerk
) -> None:
    """Nor do a colleague's requests wait while her own account is saved."""
    lies = lies_of(office)
    form = clerk_form(office, username="sofie", role="supervisor", email=sofie.email)

    at_work = signed_in(lies)

    def change_sofie() -> int:
        try:
            return at_work.post(page("change", sofie), form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        account_changes.before(lies, by=sofie, at=timezone.now())
        lies.first_name = "Lieselot"
        lies.save()
        assert pool.submit(change_sofie).result(timeout=10) == 302
    assert Clerk.objects.get(pk=lies.pk).first_name == "Lieselot"
    assert Clerk.objects.get(pk=sofie.pk).last_name == "Aerts"
