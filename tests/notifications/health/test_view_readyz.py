"""What /readyz tells operators, and when its status raises an alarm."""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from activation.models import ActivationCode
from counter.models import Dossier
from localrun.processes import free_port
from notifications.enums import Channel, DeliveryState, Kind, Part
from notifications.health import state
from notifications.health.heartbeats import beat
from notifications.models import Delivery, Heartbeat
from notifications.outbox.circuits import MOST_FAILURES
from notifications.outbox.delivering import deliver_due
from tests.mail_server import MailServer
from tests.notifications.acts import announce

NOON = datetime.datetime(2026, 11, 24, 11, 0, tzinfo=datetime.UTC)


def overdue(delivery: Delivery, **ago: float) -> None:
    delivery.created_at = timezone.now() - datetime.timedelta(**ago)
    delivery.save(update_fields=["created_at"])


def write_heartbeat(part: Part, **ago: float) -> None:
    beat(part, at=timezone.now() - datetime.timedelta(**ago))


OPERATOR = {"Authorization": "Bearer the-token-of-the-tests"}


def readyz() -> tuple[int, dict[str, Any]]:
    """Status and answer for an operator, who has the token."""
    response = Client(headers=OPERATOR).get("/readyz")
    return response.status_code, response.json()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "shown",
    [
        *("", "Bearer", "Bearer ", "Bearer wrong", "the-token-of-the-tests"),
        *("Basic the-token-of-the-tests", "Bearer the-token-of-the-tests2"),
        "Bearer thé-token-of-the-tests",
    ],
)
def test_who_has_no_token_is_told_nothing_but_yes_or_no(
    settings: Settings, shown: str
) -> None:
    response = Client(headers={"Authorization": shown}).get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True})
    state.forget()
    settings.EXPECTED_PARTS = ["worker"]
    response = Client(headers={"Authorization": shown}).get("/readyz")
    assert (response.status_code, response.json()) == (503, {"ready": False})
    state.forget()
    settings.EXPECTED_PARTS = ["worker", "deliver", "beat"]
    write_heartbeat(Part.WORKER)
    response = Client(headers={"Authorization": shown}).get("/readyz")
    assert (response.status_code, response.json()) == (424, {"ready": False})


@pytest.mark.django_db
@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer", "Bearer None"])
def test_where_no_token_is_set_nobody_has_it(settings: Settings, shown: str) -> None:
    settings.READYZ_TOKEN = ""
    response = Client(headers={"Authorization": shown}).get("/readyz")
    assert response.json() == {"ready": True}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_an_answer_that_something_is_wrong_is_no_failed_request(
    settings: Settings, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    """A monitor asks every minute, and each error in the log is reported elsewhere."""
    settings.EXPECTED_PARTS = ["worker"]
    assert getattr(Client(), method)("/readyz").status_code == 503
    assert [line for line in caplog.records if line.name == "django.request"] == []


@pytest.mark.django_db
def test_ready_with_nothing_to_send() -> None:
    status, answer = readyz()
    assert status == 200
    lanes, tasks = answer.pop("lanes"), answer.pop("tasks")
    assert answer == {
        "broker": "reachable",
        "database": "reachable",
        "migrations": "applied",
        "troubles": [],
        "oldest_unsent_seconds": 0,
        "late": 0,
        "unknown": 0,
        "parts": {},
        "processes": [],
        "seal_age_seconds": None,
        "unsealed_seconds": None,
        "backup_age_seconds": None,
        "certificate_ends": None,
        "status": "ready",
        "ready": True,
    }
    assert all(not any(figures.values()) for figures in lanes.values())
    assert all(task["last"] is None for task in tasks.values())


def test_it_tells_how_long_the_oldest_message_has_been_waiting(
    waiting: Delivery,
) -> None:
    overdue(waiting, seconds=90)
    status, answer = readyz()
    assert status == 200
    assert answer["oldest_unsent_seconds"] in {90, 91}
    assert answer["late"] == 0


def test_failures_do_not_make_a_message_younger(
    code: ActivationCode, mail_server: MailServer
) -> None:
    """A mail server that is dead for eleven minutes, and tried again and again."""
    mail_server.stop()
    with time_machine.travel(NOON, tick=False) as clock:
        announce(code)
        for _ in range(66):
            clock.shift(datetime.timedelta(seconds=10))
            deliver_due()
        status, answer = readyz()
        waiting = Delivery.objects.get()
        assert waiting.attempts == MOST_FAILURES, "and then its lane rests"
        assert waiting.late_label == "mail wacht al 11 minuten"
    assert (status, answer["status"], answer["ready"]) == (503, "dead", False)
    assert answer["oldest_unsent_seconds"] == 660
    assert answer["late"] == 1


def test_a_mailbox_that_says_later_is_no_alarm_while_other_mails_leave(
    waiting: Delivery, dossier: Dossier
) -> None:
    overdue(waiting, days=1)
    Delivery.objects.update(attempts=9)
    assert readyz()[0] == 503  # this looks like a dead server
    now = timezone.now()
    Delivery.objects.create(
        kind=Kind.KEY_ACTIVATED,
        channel=Channel.MAIL,
        subject=dossier.pk,
        dossier=dossier,
        state=DeliveryState.SENT,
        created_at=now,
        not_before=now,
        sent_at=now,
    )
    status, answer = readyz()
    assert (status, answer["late"]) == (200, 1)
    assert answer["oldest_unsent_seconds"] >= 86_400


def test_what_was_put_in_for_later_counts_from_then(waiting: Delivery) -> None:
    overdue(waiting, days=1)
    now = timezone.now()
    Delivery.objects.update(planned_for=now + datetime.timedelta(minutes=5))
    assert readyz()[1]["oldest_unsent_seconds"] == 0
    Delivery.objects.update(planned_for=now - datetime.timedelta(minutes=5))
    assert readyz()[1]["oldest_unsent_seconds"] in range(300, 330)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("silent", "status"),
    [
        ({Part.WORKER}, "degraded"),
        ({Part.BEAT}, "degraded"),
        ({Part.DELIVER}, "degraded"),
        ({Part.BEAT, Part.DELIVER}, "degraded"),
        ({Part.WORKER, Part.DELIVER}, "dead"),
        ({Part.WORKER, Part.BEAT, Part.DELIVER}, "dead"),
        (set(), "ready"),
    ],
)
def test_a_part_that_is_silent_is_missing_since_it_spoke_last(
    settings: Settings, silent: set[Part], status: str
) -> None:
    settings.EXPECTED_PARTS = ["worker", "beat", "deliver"]
    with time_machine.travel(NOON, tick=False) as clock:
        for part in Part:
            write_heartbeat(part)
        clock.shift(datetime.timedelta(minutes=3))
        for part in set(Part) - silent:
            write_heartbeat(part, seconds=20)
        code, answer = readyz()
    since = "missing since 2026-11-24T11:00:00Z"
    expected = {part: since if part in silent else "alive" for part in Part}
    assert answer["parts"] == expected
    assert (answer["status"], answer["ready"]) == (status, not silent)
    assert code == {"ready": 200, "degraded": 424, "dead": 503}[status]


@pytest.mark.django_db
def test_what_is_not_set_up_is_not_missed(settings: Settings) -> None:
    settings.EXPECTED_PARTS = ["worker", "beat"]
    write_heartbeat(Part.WORKER)
    write_heartbeat(Part.BEAT)
    assert readyz()[0] == 200
    settings.EXPECTED_PARTS = ["worker", "beat", "deliver"]
    assert readyz()[1]["parts"]["deliver"] == "missing, never heard"


@pytest.mark.django_db
def test_one_of_several_is_enough_and_the_old_are_forgotten(
    settings: Settings,
) -> None:
    settings.EXPECTED_PARTS = ["worker"]
    now = timezone.now()
    for host, days in (("one", 3), ("two", 0)):
        at = now - datetime.timedelta(days=days)
        Heartbeat.objects.create(part=Part.WORKER, host=host, pid=7, at=at)
    assert readyz()[0] == 200
    for _ in range(3):
        write_heartbeat(Part.WORKER)
    assert Heartbeat.objects.count() == 2  # this process, and "two"


@pytest.mark.parametrize("state", ["sent", "refused", "dropped"])
def test_what_is_settled_is_none_either(waiting: Delivery, state: str) -> None:
    overdue(waiting, days=1)
    Delivery.objects.update(
        state=DeliveryState(state), **{f"{state}_at": timezone.now()}
    )

    assert Client().get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_broker_that_is_away_is_told_and_is_no_alarm(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = f"redis://:geheim@127.0.0.1:{free_port()}/0"

    response = Client(headers=OPERATOR).get("/readyz")

    assert response.status_code == 200
    assert response.json()["broker"] == "away"
    assert b"geheim" not in response.content


ASK = """
import json, django
django.setup()
from django.test import Client
client = Client(headers={"Authorization": "Bearer the-token-of-the-tests"})
ready, alive = client.get("/readyz"), client.get("/healthz")
print(json.dumps([ready.status_code, ready.json(), alive.status_code]))
"""


@pytest.mark.processes
def test_a_database_that_is_away_is_an_alarm_and_the_process_is_alive() -> None:
    """Asked in a process of its own, whose database cannot be reached."""
    nobody = f"postgresql://a:geheim@127.0.0.1:{free_port()}/nothing"
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env=os.environ
        | {"DATABASE_URL": nobody, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    ready_status, ready, alive_status = json.loads(done.stdout)
    assert ready_status == 503
    assert ready == {
        "broker": "reachable",
        "database": "away",
        "troubles": [{"trouble": "database", "about": "", "since": None}],
        "status": "dead",
        "ready": False,
    }
    assert alive_status == 200
    assert "geheim" not in done.stdout + done.stderr
