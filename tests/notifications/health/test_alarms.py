"""The operator gets one mail when something goes wrong, and one when it is over."""

import datetime
import shutil
import socket

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from counter.enums import RunOutcome
from counter.models import Alarm, TaskRun
from notifications.enums import Part
from notifications.health import alarms, heartbeats
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from tests.mail_server import MailServer
from tests.notifications.health.alarm_acts import (
    HOUR,
    MINUTE,
    SEAL,
    look,
    ran,
    told,
)
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("operator")


def overdue(delivery: Delivery, ago: datetime.timedelta) -> None:
    delivery.created_at = timezone.now() - ago
    delivery.not_before = delivery.created_at
    delivery.save(update_fields=["created_at", "not_before"])


def test_a_mail_that_waits_for_a_quarter_of_an_hour_is_told_once_and_its_end(
    waiting: Delivery, mail_server: MailServer
) -> None:
    overdue(waiting, 14 * MINUTE)
    alarms.check(at=timezone.now())
    assert "Berichten wachten te lang" not in str(told(mail_server))
    overdue(waiting, 16 * MINUTE)
    for _ in range(3):
        alarms.check(at=timezone.now())
    subjects = told(mail_server)
    assert subjects.count("[Sleutelloket] Alarm: Berichten wachten te lang") == 1
    deliver_due()
    for _ in range(3):
        alarms.check(at=timezone.now())
    subjects = told(mail_server)
    assert subjects.count("[Sleutelloket] Voorbij: Berichten wachten te lang") == 1
    operators = [m for m in mail_server.messages if "Sleutelloket]" in m["Subject"]]
    assert {mail["To"] for mail in operators} == {"beheer@leuven.example"}
    assert "peter" not in " ".join(mail.as_string().lower() for mail in operators)


@pytest.mark.django_db
def test_nothing_that_ran_for_an_hour_is_told(
    mail_server: MailServer, settings: Settings, clock: time_machine.Traveller
) -> None:
    settings.EXPECTED_PARTS = ["beat"]
    ran(SEAL)
    for _ in range(4):
        heartbeats.beat(Part.BEAT, at=timezone.now() + 15 * MINUTE)
        look(clock, 15 * MINUTE)
    (mail,) = mail_server.messages
    assert (
        mail["Subject"]
        == "[Sleutelloket] Alarm: Geen enkele geplande taak is uitgevoerd"
    )
    text = mail.get_body(("plain",))
    assert text is not None
    assert "Sinds: 24/11/2026 12:00" in text.get_content()
    assert "nothing_ran" in text.get_content()
    ran(SEAL)
    look(clock, MINUTE)
    assert told(mail_server)[1].startswith("[Sleutelloket] Voorbij: Geen enkele")


@pytest.mark.django_db
def test_a_task_that_fails_for_five_minutes_is_told_by_its_name(
    mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    ran(SEAL, RunOutcome.FAILED)
    look(clock, 4 * MINUTE)
    assert told(mail_server) == []  # it may be a database that restarts
    ran(SEAL, RunOutcome.FAILED)
    look(clock, 2 * MINUTE)
    alarm = "Een taak mislukt: Het logboek verzegelen"
    assert told(mail_server) == [f"[Sleutelloket] Alarm: {alarm}"]
    ran(SEAL)
    look(clock, MINUTE)
    assert told(mail_server)[1:] == [f"[Sleutelloket] Voorbij: {alarm}"]


@pytest.mark.django_db
def test_a_backup_that_is_too_old_is_told(
    mail_server: MailServer, settings: Settings, clock: time_machine.Traveller
) -> None:
    settings.BACKUP_MAX_HOURS = 26
    ran("backup")
    look(clock, 25 * HOUR)
    ran("backup", RunOutcome.FAILED)  # a failed one does not count
    look(clock, 2 * HOUR)
    assert told(mail_server) == [
        "[Sleutelloket] Alarm: Er is geen recente reservekopie"
    ]
    ran("backup")
    look(clock, MINUTE)
    assert len(told(mail_server)) == 2


@pytest.mark.django_db
def test_a_disk_without_room_is_told_with_its_machine(
    mail_server: MailServer, settings: Settings, clock: time_machine.Traveller
) -> None:
    settings.DISK_FREE_PERCENT = 101
    look(clock, MINUTE)
    (mail,) = mail_server.messages
    assert f"{socket.gethostname()}:/" in mail["Subject"]
    settings.DISK_FREE_PERCENT = 0
    Alarm.objects.update(about="elsewhere:/")
    look(clock, MINUTE)
    assert len(mail_server.messages) == 1  # only that machine knows its disk
    Alarm.objects.update(about=f"{socket.gethostname()}:/")
    look(clock, MINUTE)
    assert len(mail_server.messages) == 2


@pytest.mark.django_db
def test_a_disk_about_its_mark_is_told_once(
    mail_server: MailServer,
    settings: Settings,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Free space goes up and down while a log or a backup is written and packed."""
    settings.DISK_FREE_PERCENT = 10
    disk = shutil.disk_usage("/")

    def look_with(free: float) -> None:
        room = disk._replace(free=int(disk.total * free / 100))
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: room)
        look(clock, 10 * MINUTE)

    for _ in range(8):
        look_with(9.9)
        look_with(10.1)
    assert len(mail_server.messages) == 1
    look_with(11.1)
    assert [mail["Subject"].split()[1] for mail in mail_server.messages] == [
        "Alarm:",
        "Voorbij:",
    ]
    look_with(10.1)
    assert len(mail_server.messages) == 2


@pytest.mark.django_db
def test_a_machine_that_is_gone_does_not_keep_its_alarm(
    mail_server: MailServer, settings: Settings, clock: time_machine.Traveller
) -> None:
    settings.DISK_FREE_PERCENT = 101
    look(clock, MINUTE)
    Alarm.objects.update(about="elsewhere:/")
    settings.DISK_FREE_PERCENT = 0
    look(clock, 2 * HOUR)
    assert Alarm.objects.get().ended_at is not None


@pytest.mark.django_db
def test_while_the_mail_server_is_away_the_alarm_waits_for_it(
    mail_server: MailServer, settings: Settings, clock: time_machine.Traveller
) -> None:
    ran(SEAL, RunOutcome.FAILED)
    mail_server.stop()
    look(clock, 6 * MINUTE)
    assert Alarm.objects.get().operator_told_at is None
    Alarm.objects.update(claimed_until=timezone.now() - HOUR)
    with MailServer(mail_server.port) as again:
        look(clock, 2 * MINUTE)
        assert len(again.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_two_machines_that_notice_at_once_send_one(mail_server: MailServer) -> None:
    now = timezone.now()
    with time_machine.travel(now - HOUR, tick=False):
        ran(SEAL, RunOutcome.FAILED)
    at_once([lambda: alarms.check(at=now)] * 4)
    assert len(mail_server.messages) == 1
    assert Alarm.objects.count() == 1


@pytest.mark.django_db
def test_who_is_named_as_the_operator_later_hears_nothing_of_what_is_past(
    mail_server: MailServer, settings: Settings, clock: time_machine.Traveller
) -> None:
    settings.OPERATOR_EMAIL = ""
    ran(SEAL, RunOutcome.FAILED)
    ran("counter.tasks.count_months", RunOutcome.FAILED)
    look(clock, 6 * MINUTE)
    ran(SEAL)
    look(clock, MINUTE)
    assert Alarm.objects.filter(operator_told_at=None).count() == 2
    assert mail_server.messages == []
    settings.OPERATOR_EMAIL = "beheer@leuven.example"
    look(clock, MINUTE)
    (subject,) = told(mail_server)  # of the alarm that goes on
    assert subject.startswith("[Sleutelloket] Alarm: Een taak mislukt")
    ran("counter.tasks.count_months")
    look(clock, MINUTE)
    assert len(told(mail_server)) == 2


@pytest.mark.django_db
def test_what_ended_before_its_mail_could_leave_is_told_as_over(
    mail_server: MailServer, settings: Settings, clock: time_machine.Traveller
) -> None:
    ran(SEAL, RunOutcome.FAILED)
    mail_server.stop()
    look(clock, 6 * MINUTE)
    ran(SEAL)
    Alarm.objects.update(claimed_until=timezone.now() - HOUR)
    with MailServer(mail_server.port) as again:
        look(clock, 2 * MINUTE)
        look(clock, MINUTE)
        assert [s[:24] for s in told(again)] == ["[Sleutelloket] Voorbij: "]


@pytest.mark.django_db
def test_a_journal_that_was_altered_is_told_after_other_parts_fit(
    mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    ran("counter.tasks.check_journal", RunOutcome.FAILED)
    TaskRun.objects.update(error="JournalBrokenError")
    clock.shift(24 * HOUR)
    ran("counter.tasks.check_journal")  # another part of the journal, which fits
    look(clock, MINUTE)
    assert told(mail_server) == [
        "[Sleutelloket] Alarm: Het logboek past niet bij zijn zegels"
    ]
