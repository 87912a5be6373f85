"""The page "Werking": what works, what not, since when and what to do."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from counter.enums import Role, RunOutcome
from counter.models import Alarm, Clerk, Dossier, TaskRun
from notifications.enums import Channel, DeliveryState, Kind, Part
from notifications.health import heartbeats
from notifications.models import Delivery
from tests.litany import signed_in

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def dutch(sofie: Clerk) -> None:
    """Sofie reads Dutch, as people do at most offices."""
    Clerk.objects.filter(pk=sofie.pk).update(language="nl")


def page(client: Client) -> str:
    response = client.get(reverse("admin:counter_alarm_changelist"))
    assert response.status_code == 200
    return response.content.decode()


def ran(name: str, outcome: RunOutcome, ago: datetime.timedelta) -> None:
    at = timezone.now() - ago
    TaskRun.objects.create(
        name=name,
        host="one",
        pid=7,
        started_at=at,
        lost_after=at,
        ended_at=at,
        outcome=outcome,
    )


def test_with_nothing_wrong_it_says_so(sofie_client: Client) -> None:
    text = page(sofie_client)
    assert "Alles werkt." in text
    assert "Wat niet in orde is" not in text
    assert "Het logboek verzegelen" in text  # a task that runs by itself
    assert "?state__exact=dead" in text  # the list from which each can be sent again


@pytest.mark.parametrize(("role", "links"), [(Role.SUPERVISOR, 1), (Role.AUDITOR, 0)])
def test_it_leads_to_the_mails_of_no_dossier_whoever_decides_about_them(
    sofie: Clerk, role: Role, links: int
) -> None:
    Clerk.objects.filter(pk=sofie.pk).update(role=role)
    client = signed_in(Clerk.objects.get(pk=sofie.pk))
    mails = reverse("notifications_desk:mails_of_no_visit")
    assert page(client).count(mails) == links


def test_it_says_while_nobody_is_mailed(
    sofie_client: Client, settings: Settings
) -> None:
    settings.OPERATOR_EMAIL = ""
    assert "OPERATOR_EMAIL" in page(sofie_client)
    settings.OPERATOR_EMAIL = "beheer@leuven.example"
    assert "OPERATOR_EMAIL" not in page(sofie_client)


def test_what_is_wrong_stands_first_with_what_to_do(
    sofie_client: Client, settings: Settings, waiting: Delivery
) -> None:
    settings.EXPECTED_PARTS = ["worker", "beat"]
    heartbeats.beat(Part.WORKER, at=timezone.now())
    heartbeats.beat(Part.BEAT, at=timezone.now() - 9 * MINUTE)
    ran("counter.tasks.seal_journal", RunOutcome.FAILED, 20 * MINUTE)
    text = page(sofie_client)
    assert "Het meeste werkt. Dit is niet in orde." in text
    assert "Een proces laat niets horen: Celery beat" in text
    assert "Een taak mislukt: Het logboek verzegelen" in text
    assert "Zoek haar naam in de log van de worker" in text
    waiting.created_at = timezone.now() - 20 * MINUTE
    waiting.save(update_fields=["created_at"])
    assert "Berichten vertrekken niet, of het loket ligt stil." in page(sofie_client)


def test_what_is_over_stays_to_be_read(sofie_client: Client) -> None:
    now = timezone.now()
    Alarm.objects.create(
        trouble="disk",
        about="one:/",
        since=now - 9 * MINUTE,
        noticed_at=now,
        seen_at=now,
        ended_at=now,
    )
    assert "Een schijf is bijna vol: one:/" in page(sofie_client)


def test_thirty_days_are_drawn_and_told(
    sofie_client: Client, waiting: Delivery
) -> None:
    now = timezone.now()
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=now)
    response = sofie_client.get(reverse("admin:counter_alarm_changelist"))
    chart = response.context["chart"]
    assert len(chart.columns) == 30
    assert chart.totals == [1, 0]
    text = response.content.decode()
    assert '<svg class="overview-chart"' in text
    assert 'href=""' not in text  # these numbers lead to no list
    assert "admin/overview/_days.html" in [each.name for each in response.templates]


def test_in_english_too(sofie: Clerk, sofie_client: Client) -> None:
    Clerk.objects.filter(pk=sofie.pk).update(language="en")
    assert "Everything works." in page(sofie_client)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.SUPERVISOR, 200),
        (Role.ADMINISTRATOR, 200),
        (Role.AUDITOR, 200),
        (Role.FINANCE, 403),
    ],
)
def test_who_may_read_it(sofie: Clerk, role: Role, status: int) -> None:
    Clerk.objects.filter(pk=sofie.pk).update(role=role)
    client = Client()
    client.force_login(Clerk.objects.get(pk=sofie.pk))
    answer = client.get(reverse("admin:counter_alarm_changelist"))
    assert answer.status_code == status


def test_it_costs_the_same_whatever_waits(
    sofie_client: Client, dossier: Dossier
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(sofie_client)
        return len(queries)

    cost()
    few = cost()
    now = timezone.now()
    for place in range(20):
        ran("counter.tasks.seal_journal", RunOutcome.DONE, place * MINUTE)
        Delivery.objects.create(
            kind=Kind.KEY_ACTIVATED,
            channel=Channel.MAIL,
            subject=uuid.uuid4(),
            dossier=dossier,
            created_at=now,
            not_before=now,
        )
    assert cost() == few
