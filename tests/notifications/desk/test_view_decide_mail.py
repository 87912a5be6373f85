"""A mail that may have arrived or not is shown everywhere, and decided about once."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.desk.dashboard import problems
from counter.desk.search import search
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.desk.overview import OVERVIEW
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox import backlog
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from notifications.querysets import MOST_UNCONFIRMED
from tests.litany import assert_for_clerks_only, assert_hidden_from, signed_in
from tests.mail_server import Drop, MailServer
from tests.notifications.acts import let_time_pass, state_of

pytestmark = pytest.mark.usefixtures("english")

ALARM = "Nobody knows whether the mail arrived"


@pytest.fixture
def unknown(waiting: Delivery, mail_server: MailServer) -> Delivery:
    """A mail that was sent three times; each time the server cut the connection."""
    mail_server.at_data = Drop()
    for _ in range(MOST_UNCONFIRMED):
        deliver_due()
        let_time_pass(60)
    mail_server.at_data = None
    assert state_of(waiting) == DeliveryState.UNKNOWN
    return waiting


def url(dossier: Dossier) -> str:
    return reverse("notifications_desk:decide_mail", args=[dossier.pk])


def decide(client: Client, delivery: Delivery, decision: str) -> str:
    assert delivery.dossier
    posted = {"delivery_id": delivery.pk, "decision": decision}
    answer = client.post(url(delivery.dossier), posted, follow=True)
    return answer.content.decode()


def decisions_in_journal() -> list[str]:
    kinds = (Event.MAIL_ARRIVED, Event.MAIL_SENT_AGAIN)
    entries = JournalEntry.objects.filter(event__in=kinds, clerk__username="els")
    return [entry.event for entry in entries]


def test_every_place_that_shows_a_mail_says_so(
    els: Clerk, els_client: Client, sofie: Clerk, unknown: Delivery, dossier: Dossier
) -> None:
    page = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    part = els_client.get(reverse("notifications_desk:mail_state", args=[dossier.pk]))
    desk = els_client.get(reverse("counter_desk:desk"))
    for shown in (page, part):
        assert ALARM in shown.content.decode()
        assert url(dossier) in shown.content.decode()
    assert "Nothing is left to do here" not in page.content.decode()
    assert "mail unknown" in desk.content.decode()
    assert url(dossier) in desk.content.decode()
    (label,) = [str(problem.label) for problem in problems(els, at=timezone.now())]
    assert label == "mail unknown"
    (match,) = search("Janssens", clerk=els).dossiers
    assert match.deliveries.all()[0].state == DeliveryState.UNKNOWN
    admin = signed_in(sofie)
    listed = admin.get(reverse("admin:counter_dossier_changelist") + "?mail=unknown")
    assert dossier.reference in listed.content.decode()
    mails = reverse("admin:notifications_delivery_changelist") + "?state__exact=unknown"
    assert dossier.reference in admin.get(mails).content.decode()


def test_sent_again_it_leaves_once_more(
    els_client: Client, unknown: Delivery, mail_server: MailServer, dossier: Dossier
) -> None:
    assert "The mail is sent again" in decide(els_client, unknown, "again")
    assert decisions_in_journal() == [Event.MAIL_SENT_AGAIN]

    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}
    assert len(mail_server.messages) == MOST_UNCONFIRMED + 1
    assert len({mail["Message-ID"] for mail in mail_server.messages}) == 1
    page = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert ALARM not in page.content.decode()


def test_arrived_it_is_sent(
    els_client: Client, unknown: Delivery, mail_server: MailServer
) -> None:
    assert ALARM not in decide(els_client, unknown, "arrived")
    assert decisions_in_journal() == [Event.MAIL_ARRIVED]
    assert state_of(unknown) == DeliveryState.SENT
    assert not deliver_due().outcomes
    assert len(mail_server.messages) == MOST_UNCONFIRMED


def test_of_two_who_decide_the_first_one_counts(
    els_client: Client, bart_client: Client, unknown: Delivery
) -> None:
    decide(els_client, unknown, "arrived")
    assert "somebody decided it meanwhile" in decide(bart_client, unknown, "again")
    assert state_of(unknown) == DeliveryState.SENT


def test_without_a_decision_nothing_happens(
    els_client: Client, unknown: Delivery, dossier: Dossier
) -> None:
    answer = els_client.post(url(dossier), {"delivery_id": unknown.pk})
    assert answer.status_code == 422
    assert state_of(unknown) == DeliveryState.UNKNOWN


@pytest.mark.parametrize(
    ("state", "since"),
    [
        (DossierState.ACTIVATED, "activated_at"),
        (DossierState.LAPSED, "lapsed_at"),
        (DossierState.CANCELLED, "cancelled_at"),
    ],
)
def test_when_the_code_is_over_nobody_is_asked_any_more(
    els_client: Client,
    sofie: Clerk,
    unknown: Delivery,
    dossier: Dossier,
    state: DossierState,
    since: str,
) -> None:
    """Whoever used the code had the link; of any other code the link is worth
    nothing.
    """
    now = timezone.now()
    assert is_asked(sofie, dossier)
    Dossier.objects.update(state=state, **{since: now})
    page = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert url(dossier) not in page.content.decode()
    assert not is_asked(sofie, dossier)
    decide(els_client, unknown, "again")
    assert state_of(unknown) == DeliveryState.UNKNOWN


def is_asked(supervisor: Clerk, dossier: Dossier) -> bool:
    """Whether the start page, its list and the figures of operators ask about the mail;
    all of them, or none.
    """
    now = timezone.now()
    start = sum(
        waits.count(supervisor, now)
        for waits in OVERVIEW.backlogs
        if str(waits.label) != "mails late"
    )
    listed = signed_in(supervisor).get(
        reverse("admin:notifications_delivery_changelist") + "?waiting=to_decide"
    )
    figures = sum(row.unknown + row.dead for row in backlog.figures(at=now))
    answers = {start == 1, dossier.reference in listed.content.decode(), figures == 1}
    (is_one,) = answers
    return is_one


def test_it_is_for_clerks_of_the_office(gust: Clerk, dossier: Dossier) -> None:
    assert_for_clerks_only(url(dossier))
    assert_hidden_from(gust, url(dossier))
