"""When all processes start at once, none of them raises an alarm about the others."""

from collections import Counter

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from counter.models import Alarm
from notifications.enums import Part
from notifications.health import alarms, heartbeats
from tests.mail_server import MailServer
from tests.notifications.health.alarm_acts import HOUR, SEAL, ran, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("operator")]


def test_at_the_first_start_of_a_house_nothing_is_told_of_who_is_about_to_begin(
    mail_server: MailServer, settings: Settings
) -> None:
    settings.EXPECTED_PARTS = ["beat"]
    silent = "Een proces laat niets horen: Celery beat"
    alarms.check(at=timezone.now(), has_just_begun=True)
    assert told(mail_server) == []
    alarms.check(at=timezone.now())
    assert told(mail_server) == [f"[Sleutelloket] Alarm: {silent}"]
    # A process that starts later does not end the alarm of the others.
    alarms.check(at=timezone.now(), has_just_begun=True)
    assert len(told(mail_server)) == 1
    heartbeats.beat(Part.BEAT, at=timezone.now())
    alarms.check(at=timezone.now())
    assert told(mail_server)[1:] == [f"[Sleutelloket] Voorbij: {silent}"]


def test_nor_after_a_night_in_which_it_was_switched_off(
    mail_server: MailServer, settings: Settings, clock: time_machine.Traveller
) -> None:
    settings.EXPECTED_PARTS = ["worker", "beat", "deliver"]
    for part in Part:
        heartbeats.beat(part, at=timezone.now())
    ran(SEAL)
    clock.shift(12 * HOUR)
    alarms.check(at=timezone.now(), has_just_begun=True)
    assert told(mail_server) == []
    alarms.check(at=timezone.now())
    begun = Counter(Alarm.objects.values_list("trouble", flat=True))
    assert begun == {"no_sender": 1, "part": 3, "nothing_ran": 1}


def test_nor_of_the_tasks_that_it_missed(
    mail_server: MailServer, settings: Settings, clock: time_machine.Traveller
) -> None:
    settings.EXPECTED_PARTS = ["beat"]
    ran(SEAL)
    clock.shift(36 * HOUR)
    ran(SEAL)
    heartbeats.beat(Part.BEAT, at=timezone.now())
    alarms.check(at=timezone.now(), has_just_begun=True)
    assert told(mail_server) == []
    alarms.check(at=timezone.now())
    begun = set(Alarm.objects.values_list("trouble", flat=True))
    assert begun == {"task_late"}


def test_what_has_nothing_to_do_with_beginning_is_told_at_once(
    mail_server: MailServer, settings: Settings
) -> None:
    settings.DISK_FREE_PERCENT = 101
    alarms.check(at=timezone.now(), has_just_begun=True)
    assert len(told(mail_server)) == 1
