"""What operators are told, and when they are alarmed."""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.local.processes import free_port
from notifications.enums import DeliveryState
from notifications.models import Delivery


def overdue(delivery: Delivery, **ago: float) -> None:
    delivery.not_before = timezone.now() - datetime.timedelta(**ago)
    delivery.save(update_fields=["not_before"])


@pytest.mark.django_db
def test_ready_with_nothing_to_send() -> None:
    response = Client().get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "broker": "reachable",
        "database": "reachable",
        "migrations": "applied",
        "oldest_unsent_seconds": 0,
        "ready": True,
    }


def test_it_tells_how_long_the_oldest_message_has_been_due(waiting: Delivery) -> None:
    overdue(waiting, seconds=90)

    response = Client().get("/readyz")

    assert response.status_code == 200
    assert response.json()["oldest_unsent_seconds"] in {90, 91}


def test_a_message_due_for_over_ten_minutes_is_an_alarm(waiting: Delivery) -> None:
    overdue(waiting, minutes=10, seconds=1)

    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.json()["ready"] is False


def test_a_mailbox_that_says_later_for_a_day_is_none(waiting: Delivery) -> None:
    waiting.created_at = timezone.now() - datetime.timedelta(days=1)
    waiting.not_before = timezone.now() + datetime.timedelta(minutes=5)
    waiting.save()

    assert Client().get("/readyz").json()["oldest_unsent_seconds"] == 0


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

    response = Client().get("/readyz")

    assert response.status_code == 200
    assert response.json()["broker"] == "away"
    assert b"geheim" not in response.content


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_an_alarm() -> None:
    MigrationRecorder(connection).record_unapplied("notifications", "0001_the_outbox")

    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.json()["migrations"] == "1 missing"


ASK = """
import json, django
django.setup()
from django.test import Client
client = Client()
ready, alive = client.get("/readyz"), client.get("/healthz")
print(json.dumps([ready.status_code, ready.json(), alive.status_code]))
"""


@pytest.mark.processes
def test_a_database_that_is_away_is_an_alarm_and_the_process_is_alive() -> None:
    """In a process of its own, whose database is not there."""
    nobody = f"postgresql://a:geheim@127.0.0.1:{free_port()}/nothing"
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env=os.environ
        | {"DATABASE_URL": nobody, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    ready_status, ready, alive_status = json.loads(done.stdout)
    assert ready_status == 503
    assert ready == {"broker": "reachable", "database": "away", "ready": False}
    assert alive_status == 200
    assert "geheim" not in done.stdout + done.stderr
