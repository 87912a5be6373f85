"""Who is shown that a mail to a colleague, a key holder or the office was refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.enums import Change
from activation.models import HolderChange, KeyHolder
from counter.enums import AccountAct
from counter.models import AccountChange, Clerk, Dossier
from counter.staff import account_changes, password_links
from notifications.desk.late_mails import page_about
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from notifications.outbox import outbox
from tests.counter.staff.mailboxes import with_mailbox
from tests.litany import signed_in
from tests.notifications.desk.test_view_mails_of_no_visit import (
    DESK,
    LIST,
    lies_client,
    to_a_colleague,
    to_a_holder,
    to_the_office,
    to_the_officer,
)

__all__ = ["lies_client"]

pytestmark = pytest.mark.usefixtures("english")

#: The server's answer.
WORDS = "550 no such user"


def refuse(*, ago: timedelta = timedelta()) -> None:
    """Mark every mail in the outbox as refused, so long ago."""
    at = timezone.now() - ago
    Delivery.objects.update(
        state=DeliveryState.REFUSED, refused_at=at, created_at=at, answer=WORDS
    )


def is_told(client: Client) -> bool:
    """Whether the desk and the list behind it show a refused mail; both, or neither."""
    on_desk = LIST in client.get(DESK).content.decode()
    in_list = WORDS in client.get(LIST).content.decode()
    assert on_desk == in_list
    return on_desk


def page_of(clerk: Clerk, client: Client) -> str:
    where = reverse("admin:counter_clerk_change", args=[clerk.pk])
    return client.get(where).content.decode()


def to_the_holder_of(holder: KeyHolder, act: Change) -> None:
    change = HolderChange.objects.create(holder=holder, at=timezone.now(), act=act)
    outbox.put(
        kind=Kind.HOLDER_CHANGED,
        channel=Channel.MAIL,
        subject=change.pk,
        holder=holder,
        at=timezone.now(),
    )


@pytest.mark.parametrize(
    "act", [to_the_office, to_a_holder, to_a_colleague, to_the_officer]
)
def test_a_supervisor_is_told(
    act: Callable[[Dossier], None], dossier: Dossier, sofie_client: Client
) -> None:
    act(dossier)
    assert not is_told(sofie_client)
    refuse()
    assert is_told(sofie_client)


@pytest.mark.parametrize("act", [to_the_office, to_a_holder, to_a_colleague])
def test_another_office_and_clerks_are_not(
    act: Callable[[Dossier], None],
    dossier: Dossier,
    els_client: Client,
    lies_client: Client,
) -> None:
    act(dossier)
    refuse()
    assert not is_told(lies_client)
    assert LIST not in els_client.get(DESK).content.decode()


def test_after_two_weeks_no_more(dossier: Dossier, sofie_client: Client) -> None:
    to_the_office(dossier)
    refuse(ago=timedelta(days=14, minutes=-1))
    assert is_told(sofie_client)
    refuse(ago=timedelta(days=14, minutes=1))
    assert not is_told(sofie_client)


def test_digits_that_nobody_waits_for_any_more_are_not_told(
    dossier: Dossier, sofie_client: Client
) -> None:
    to_a_holder(dossier)
    refuse(ago=timedelta(hours=23))
    assert is_told(sofie_client)
    refuse(ago=timedelta(hours=25))
    assert not is_told(sofie_client)


def test_each_leads_to_whom_it_was_about(
    els: Clerk, bart: Clerk, sofie: Clerk, dossier: Dossier
) -> None:
    """A mail to the second supervisor leads to that supervisor: that address failed."""
    change = AccountChange.objects.create(
        account=els,
        by=bart,
        second_supervisor=sofie,
        act=AccountAct.APP_RESET,
        at=timezone.now(),
    )
    leads = {
        kind: page_about(Delivery(kind=kind, account_change=change))
        for kind in (Kind.ACCOUNT_OWNER, Kind.ACCOUNT_SECOND)
    }
    account = "admin:counter_clerk_change"
    assert leads[Kind.ACCOUNT_OWNER] == reverse(account, args=[els.pk])
    assert leads[Kind.ACCOUNT_SECOND] == reverse(account, args=[sofie.pk])
    to_a_colleague(dossier)
    to_the_office(dossier)
    for mail in Delivery.objects.filter(kind=Kind.ENQUIRY):
        where = reverse("admin:counter_enquiry_change", args=[mail.enquiry_id])
        assert page_about(mail) == where
    for mail in Delivery.objects.exclude(password_link=None):
        assert page_about(mail) == reverse(account, args=[dossier.recorded_by_id])
    assert Delivery.objects.count() == 2
    to_a_holder(dossier)
    assert page_about(Delivery.objects.exclude(holder=None).get()) == ""


def test_the_address_before_may_be_a_wrong_one(
    els: Clerk, sofie: Clerk, dossier: Dossier, sofie_client: Client
) -> None:
    was = account_changes.before(els, by=sofie, at=timezone.now())
    account_changes.note(
        account=els, by=sofie, act=AccountAct.EMAIL, at=timezone.now(), was=was
    )
    to_a_holder(dossier)
    holder = KeyHolder.objects.get()
    Delivery.objects.filter(holder=holder).delete()
    to_the_holder_of(holder, Change.OLD_EMAIL)
    refuse()
    assert not is_told(sofie_client)


def test_an_answer_to_the_public_has_its_own_line(
    dossier: Dossier, sofie_client: Client
) -> None:
    to_the_office(dossier)
    Delivery.objects.update(kind=Kind.ENQUIRY_ANSWER)
    refuse()
    assert LIST not in sofie_client.get(DESK).content.decode()
    assert "answer did not arrive" in sofie_client.get(DESK).content.decode()


def test_an_answer_that_was_sent_again_a_moment_ago_is_not_late(
    dossier: Dossier, sofie_client: Client
) -> None:
    to_the_office(dossier)
    now = timezone.now()
    ago = now - timedelta(hours=1)
    Delivery.objects.update(kind=Kind.ENQUIRY_ANSWER, created_at=ago)
    assert "answer did not arrive" in sofie_client.get(DESK).content.decode()
    Delivery.objects.update(planned_for=now)
    assert "answer did not arrive" not in sofie_client.get(DESK).content.decode()


def test_the_account_says_how_its_last_mail_fares(els: Clerk, sofie: Clerk) -> None:
    client = signed_in(with_mailbox(sofie))
    with_mailbox(els)
    assert WORDS not in page_of(els, client)
    password_links.ask_reset(clerk=els, by=sofie, at=timezone.now())
    refuse()
    assert WORDS in page_of(els, client)
    assert "refused" in page_of(els, client)
    assert WORDS not in page_of(sofie, client)

    password_links.ask_reset(clerk=els, by=sofie, at=timezone.now())
    assert WORDS not in page_of(els, client)
    assert "waiting" in page_of(els, client)
