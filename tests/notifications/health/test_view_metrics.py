"""/metrics says what /readyz says, in the format of Prometheus; it needs a token."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from counter.enums import RunOutcome
from counter.models import TaskRun
from notifications.enums import Part
from notifications.health import heartbeats
from notifications.models import Delivery

SEAL = "counter.tasks.seal_journal"
type Sample = tuple[str, tuple[tuple[str, str], ...]]


def metrics() -> dict[Sample, float]:
    client = Client(headers={"Authorization": "Bearer the-token-of-the-tests"})
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


def sample(name: str, **labels: str) -> Sample:
    return f"sleutelloket_{name}", tuple(sorted(labels.items()))


def test_what_waits_is_told_by_lane(waiting: Delivery) -> None:
    waiting.created_at = timezone.now() - datetime.timedelta(minutes=20)
    waiting.save(update_fields=["created_at"])
    values = metrics()
    desk = {"lane": "desk", "channel": "mail"}
    assert values[sample("messages_waiting", **desk)] == 1
    assert 1200 <= values[sample("messages_oldest_unsent_seconds", **desk)] < 1300
    bulk = {"lane": "bulk", "channel": "sms"}
    assert values[sample("messages_waiting", **bulk)] == 0
    assert values[sample("status")] == 2
    assert values[sample("trouble", code="stuck", about="")] == 1
    assert values[sample("task_backlog", task="notifications.tasks.deliver")] == 1


@pytest.mark.django_db
def test_tasks_processes_and_backups_are_told() -> None:
    now = timezone.now()
    heartbeats.beat(Part.WORKER, at=now)
    for name in (SEAL, "backup"):
        TaskRun.objects.create(
            name=name,
            host="one",
            pid=7,
            started_at=now,
            lost_after=now,
            ended_at=now,
            outcome=RunOutcome.DONE,
            handled=3,
        )
    values = metrics()
    last = values[sample("task_last_run", task=SEAL, outcome="done")]
    assert last == pytest.approx(now.timestamp(), abs=1)
    assert values[sample("task_handled", task=SEAL)] == 3
    assert values[sample("task_next_run", task=SEAL)] == pytest.approx(last + 60, abs=1)
    ages = [n for n, _labels in values if n == "sleutelloket_heartbeat_age_seconds"]
    assert len(ages) == 1
    assert values[sample("backup_age_seconds")] < 60
    assert values[sample("status")] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", "Basic a-token"])
def test_who_has_no_token_reads_nothing(settings: Settings, shown: str) -> None:
    for token in ("", "a-token-for-prometheus"):
        settings.METRICS_TOKEN = token
        response = Client(headers={"Authorization": shown}).get("/metrics")
        assert (response.status_code, response.content) == (401, b"")
    settings.READYZ_TOKEN = settings.METRICS_TOKEN = ""
    response = Client(headers={"Authorization": shown}).get("/metrics")
    assert response.status_code == 401


@pytest.mark.django_db
def test_its_own_token_opens_it_and_not_readyz(settings: Settings) -> None:
    settings.METRICS_TOKEN = "a-token-for-prometheus"
    client = Client(headers={"Authorization": "Bearer a-token-for-prometheus"})
    assert client.get("/metrics").status_code == 200
    assert client.get("/readyz").json() == {"ready": True}
