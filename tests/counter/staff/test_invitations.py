"""Inviting a colleague by mail, again, and withdrawing; bad links say why."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import AccountAct
from counter.journal.events import Event
from counter.models import AccountChange, Clerk, JournalEntry, Office, PasswordLink
from counter.staff import account_changes, invitations, password_links
from counter.staff.invitations import AcceptedError, AccountStatus
from tests import cast
from tests.counter.staff.mailboxes import (
    TYPED,
    add,
    link_in,
    mailed,
    opens,
    page,
    sofie,
    with_mailbox,
)
from tests.litany import signed_in
from tests.mail_server import MailServer
from tests.notifications.conftest import mail_server

__all__ = ["mail_server", "sofie"]

NORA = "nora@stadskantoor.example"


def nora() -> Clerk:
    made: Clerk = Clerk.objects.get(username="nora")
    return made


@pytest.mark.parametrize("who", ["sofie", "tom"])
def test_name_address_office_and_role_are_enough(
    office: Office,
    sofie: Clerk,
    tom: Clerk,
    mail_server: MailServer,
    who: str,
) -> None:
    """Without a user name, the part of the address before the @ is taken."""
    by = sofie if who == "sofie" else tom
    form = {
        "username": "",
        "first_name": "Nora",
        "last_name": "Aerts",
        "email": "Nora@stadskantoor.example",
        "office": str(office.pk),
        "role": "finance",
        "language": "nl",
    }
    answer = signed_in(by).post(reverse("admin:counter_clerk_add"), form)
    assert answer.status_code == 302
    assert (nora().role, nora().is_staff) == ("finance", True)
    Client().post(link_in(mailed(mail_server, nora().email)), TYPED)
    assert opens("nora", TYPED["new_password1"])


def test_a_user_name_that_is_taken_is_asked_for(office: Office, sofie: Clerk) -> None:
    cast.make_clerk("nora", office, desk="", has_drawer=False)
    form = {
        "username": "",
        "first_name": "Nora",
        "last_name": "Aerts",
        "email": NORA,
        "office": str(office.pk),
        "role": "clerk",
        "language": "nl",
    }
    answer = signed_in(sofie).post(reverse("admin:counter_clerk_add"), form)
    assert answer.context["adminform"].form.errors.keys() == {"username"}


def test_an_invitation_is_sent_again_and_the_link_before_says_so(
    office: Office, sofie: Clerk, mail_server: MailServer
) -> None:
    client = signed_in(sofie)
    add(client, office)
    first = link_in(mailed(mail_server, NORA))
    assert "Send the invitation again" in client.get(page("change", nora())).text
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        client = signed_in(sofie)
        client.post(page("send_password_link", nora()))
        old = Client().get(first)
        assert old.status_code == 410
        assert "nieuwere mail" in old.text
        second = link_in(mailed(mail_server, NORA))
        assert Client().post(second, TYPED).status_code == 303
    assert invitations.account_status(nora()) == AccountStatus.AT_WORK


def test_sent_again_it_goes_to_the_address_of_now(office: Office, sofie: Clerk) -> None:
    """A colleague corrected it after the page was opened."""
    add(signed_in(sofie), office)
    as_shown, now = nora(), timezone.now()
    Clerk.objects.filter(pk=as_shown.pk).update(email="nora.aerts@leuven.example")
    invitations.send_again(clerk=as_shown, by=sofie, at=now)
    link = PasswordLink.objects.get(clerk=as_shown, ended_at=None)
    assert link.email == "nora.aerts@leuven.example"
    assert password_links.is_good(link, at=now)


def test_a_withdrawn_invitation_opens_nothing_until_it_is_sent_again(
    office: Office, sofie: Clerk, mail_server: MailServer
) -> None:
    client = signed_in(sofie)
    add(client, office)
    link = link_in(mailed(mail_server, NORA))
    assert (
        page("withdraw_invitation", nora()) in client.get(page("change", nora())).text
    )
    client.post(page("withdraw_invitation", nora()))
    assert invitations.account_status(nora()) == AccountStatus.WITHDRAWN
    answer = Client().post(link, TYPED)
    assert answer.status_code == 410
    assert "ingetrokken" in answer.text
    # The page for a forgotten password gives her no link either.
    Client().post(reverse("counter_staff:forgot_password"), {"user_name": "nora"})
    assert not PasswordLink.objects.filter(clerk=nora(), ended_at=None).exists()
    entry = JournalEntry.objects.get(event=Event.INVITATION_WITHDRAWN)
    assert (entry.clerk, entry.details) == (sofie, {"who": "Nora Aerts"})
    client.post(page("send_password_link", nora()))
    again = link_in(mailed(mail_server, NORA))
    assert Client().post(again, TYPED).status_code == 303
    assert invitations.account_status(nora()) == AccountStatus.AT_WORK


def test_another_address_of_an_account_that_is_off_sends_nothing(
    office: Office, sofie: Clerk, mail_server: MailServer
) -> None:
    """Its link would be refused; it is sent when the account is invited again."""
    client = signed_in(sofie)
    add(client, office)
    client.post(page("withdraw_invitation", nora()))
    account = nora()
    was = account_changes.before(account, by=sofie, at=timezone.now())
    account.email = "nora.aerts@leuven.example"
    account.save(update_fields=["email"])
    password_links.change_email(clerk=account, was=was, by=sofie, at=timezone.now())
    assert not PasswordLink.objects.filter(clerk=account, ended_at=None).exists()


def test_a_colleague_who_comes_back_is_told_about_like_any_other(
    office: Office, els: Clerk, sofie: Clerk
) -> None:
    """She signed in by the city, and a year later nothing to sign in with was left."""
    els.set_unusable_password()
    els.is_active, els.last_login = False, timezone.now() - timedelta(days=400)
    els.email = "els@leuven.example"
    els.save()
    invitations.send_again(clerk=els, by=sofie, at=timezone.now())
    els.refresh_from_db()
    assert els.is_active
    on = AccountChange.objects.filter(account=els, act=AccountAct.SWITCHED_ON)
    assert on.exists()


def test_what_was_accepted_is_no_invitation(els: Clerk, sofie: Clerk) -> None:
    with_mailbox(els)
    for act in (invitations.withdraw, invitations.send_again):
        with pytest.raises(AcceptedError):
            act(clerk=els, by=sofie, at=timezone.now())
    client = signed_in(sofie)
    answer = client.post(page("withdraw_invitation", els), follow=True)
    assert "has come already" in answer.text
    assert Clerk.objects.get(pk=els.pk).is_active


@pytest.mark.parametrize("who", ["els", "karel", "nadia"])
def test_others_invite_nobody(
    office: Office, sofie: Clerk, who: str, request: pytest.FixtureRequest
) -> None:
    made = add(signed_in(sofie), office)
    client = signed_in(request.getfixturevalue(who))
    for name in ("withdraw_invitation", "send_password_link", "end_session"):
        assert client.post(page(name, made)).status_code in (302, 403)
    assert invitations.account_status(nora()) == AccountStatus.INVITED


# Links that do not work


def test_each_bad_link_says_what_is_the_matter(office: Office, sofie: Clerk) -> None:
    add(signed_in(sofie), office)
    link = PasswordLink.objects.get()
    url = password_links.url(link)

    def refusal_at(address: str) -> str:
        answer = Client().get(address)
        assert answer.status_code == 410
        return answer.text

    assert "kopieer hem helemaal" in refusal_at(url[:-6] + "/")
    with time_machine.travel(link.valid_until, tick=False):
        assert "48 uur geldig" in refusal_at(url)
    Client().post(url, TYPED)
    used = refusal_at(url)
    assert "al gebruikt" in used
    assert reverse("counter_sign_in:sign_in") in used


def test_an_hours_link_that_is_old_offers_another(els: Clerk, sofie: Clerk) -> None:
    with_mailbox(els)
    password_links.ask_reset(clerk=els, by=sofie, at=timezone.now())
    link = PasswordLink.objects.get()
    with time_machine.travel(link.valid_until, tick=False):
        text = Client().get(password_links.url(link)).text
    assert "een uur geldig" in text
    assert reverse("counter_staff:forgot_password") in text
