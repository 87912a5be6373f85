"""A mail that waits too long is shown to the clerk whose visitor waits for it."""

import datetime
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.models import Clerk, Dossier
from notifications.desk import late_mails
from notifications.enums import Channel, Kind
from notifications.models import Delivery
from tests.notifications.acts import make_visits

DESK = reverse("counter_desk:desk")


@pytest.fixture
def late(waiting: Delivery) -> Delivery:
    """A mail that is eleven minutes old and was tried many times."""
    waiting.created_at = timezone.now() - datetime.timedelta(minutes=11, seconds=5)
    waiting.not_before = timezone.now() + datetime.timedelta(seconds=40)
    waiting.attempts = 12
    waiting.save()
    return waiting


def in_dutch(clerk: Clerk) -> None:
    clerk.language = "nl"
    clerk.save()


def test_the_desk_lists_it_first_of_all(
    late: Delivery, dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    in_dutch(els)
    shown = els_client.get(DESK)
    assert "mail wacht al 11 minuten" in shown.content.decode()
    (problem,) = [p for p in shown.context["problems"] if "wacht" in str(p.label)]
    assert problem.dossier == dossier


def test_the_dossier_and_the_lists_show_it(
    late: Delivery, dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    in_dutch(els)
    page = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert "mail wacht al 11 minuten" in page.content.decode()
    desk = els_client.get(DESK).content.decode()
    assert "mail wacht al 11 minuten" in desk.split('id="visits-title"')[1]


def test_one_that_just_came_is_not_late(
    waiting: Delivery, els: Clerk, els_client: Client
) -> None:
    in_dutch(els)
    waiting.created_at = timezone.now() - datetime.timedelta(minutes=9)
    waiting.save()
    assert "mail wacht al" not in els_client.get(DESK).content.decode()


def test_after_hours_it_is_told_in_hours(late: Delivery, english: None) -> None:
    late.created_at = timezone.now() - datetime.timedelta(hours=5, minutes=50)
    assert late.late_label == "mail has been waiting for 5 hours"


def test_another_offices_late_mail_is_not_shown(
    late: Delivery, gust: Clerk, gust_client: Client
) -> None:
    in_dutch(gust)
    assert "mail wacht al" not in gust_client.get(DESK).content.decode()


def test_many_late_mails_of_one_dossier_hide_no_other(
    late: Delivery, els: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is cut after so many dossiers, the oldest first."""
    make_visits(3, els)
    for minutes, mail in enumerate(Delivery.objects.order_by("-created_at"), start=20):
        mail.created_at = timezone.now() - datetime.timedelta(minutes=minutes)
        mail.save()
    for number in range(1, 3):
        Delivery.objects.create(
            kind=Kind.REMINDER_WEEK,
            channel=Channel.MAIL,
            subject=uuid.uuid4(),
            dossier=late.dossier,
            created_at=timezone.now() - datetime.timedelta(hours=number),
            not_before=timezone.now(),
        )
    monkeypatch.setattr(late_mails, "MOST_OF_A_KIND", 3)
    problems = list(late_mails.mails(els, timezone.now()))
    names = [problem.dossier and problem.dossier.last_name for problem in problems]
    assert names == ["Janssens", "Nummer 0", "Nummer 1"]
    oldest = timezone.now() - datetime.timedelta(hours=2)
    assert problems[0].at
    assert abs(problems[0].at - oldest) < datetime.timedelta(minutes=1)


def test_once_it_has_left_it_is_no_problem(
    late: Delivery, els: Clerk, els_client: Client
) -> None:
    in_dutch(els)
    late.state, late.sent_at = "sent", timezone.now()
    late.save()
    assert "mail wacht al" not in els_client.get(DESK).content.decode()
