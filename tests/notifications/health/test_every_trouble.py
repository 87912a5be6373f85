"""Every trouble is shown on the page, at /readyz and in /metrics, and mailed.

The table of docs/operations.md has every trouble.
"""

import html
import re
import secrets
import uuid
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import ANY

import pytest
from django.conf import settings as configured
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from counter.models import Alarm, Clerk
from notifications.enums import Trouble
from notifications.health import advice, alarm_mails, alarms, state, troubles
from notifications.health.state import State
from notifications.health.troubles import Finding
from notifications.models import Delivery
from tests import cast
from tests.database import become
from tests.mail_server import MailServer
from tests.notifications.health.alarm_acts import MINUTE, told

TOKEN = {"Authorization": f"Bearer {configured.READYZ_TOKEN}"}
DOCUMENT = Path(__file__).parents[3] / "docs" / "operations.md"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(sofie: Clerk) -> None:
    Clerk.objects.filter(pk=sofie.pk).update(language="en")


def rows() -> dict[str, tuple[str, str]]:
    """The status of each trouble in the document, and whether it is mailed."""
    text = DOCUMENT.read_text()
    table = text.partition("## What each trouble means")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", table, re.MULTILINE)
    return {name: (status, mailed) for name, status, mailed in cells}


def page(client: Client) -> str:
    answer = client.get(reverse("admin:counter_alarm_changelist"))
    return html.unescape(answer.content.decode())


def readyz() -> tuple[str, list[str]]:
    answer = Client().get("/readyz", headers=TOKEN).json()
    return answer["status"], [one["trouble"] for one in answer["troubles"]]


def metric(trouble: Trouble) -> bool:
    text = Client().get("/metrics", headers=TOKEN).content.decode()
    return f'code="{trouble.value}"' in text


def test_the_document_has_every_trouble_in_its_order() -> None:
    assert list(rows()) == [one.value for one in Trouble]


@pytest.mark.parametrize("trouble", Trouble, ids=[one.value for one in Trouble])
def test_each_has_its_sentences_its_metric_and_its_place_in_readyz(
    trouble: Trouble, sofie_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, _mailed = rows()[trouble]
    deadly = status.startswith("dead")
    findings = [Finding(trouble, is_deadly=deadly)]
    house = State(timezone.now(), "reachable", "away", findings=findings)
    monkeypatch.setattr(state, "of", lambda _at: house)
    shown = page(sofie_client)
    assert str(trouble.label) in shown
    assert str(advice.meaning(trouble)) in shown
    assert str(advice.what_to_do(trouble)) in shown
    assert "Everything works." not in shown
    assert readyz() == ("dead" if deadly else "degraded", [trouble.value])
    assert metric(trouble)


@pytest.mark.parametrize("trouble", Trouble, ids=[one.value for one in Trouble])
def test_each_is_mailed_unless_nobody_can_write_it_down(
    trouble: Trouble,
    mail_server: MailServer,
    operator: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _status, mailed = rows()[trouble]
    assert mailed == ("no" if trouble == Trouble.DATABASE else "yes")
    now = timezone.now()
    monkeypatch.setattr(troubles, "in_database", lambda _at: [Finding(trouble)])
    alarms.check(at=now)
    alarm = Alarm.objects.get(trouble=trouble)
    with_subject = alarm_mails.write(alarm, is_over=False)
    assert str(advice.what_to_do(trouble)) in with_subject[1]
    assert len(told(mail_server)) == 1


def test_a_process_without_a_key_is_told_everywhere_and_by_mail(
    settings: Settings, sofie_client: Client, mail_server: MailServer, operator: None
) -> None:
    settings.ENCRYPTION_KEYS = {"e2": secrets.token_bytes(32)}
    cast.make_applicant()
    settings.ENCRYPTION_KEYS = {"e1": secrets.token_bytes(32)}
    now = timezone.now()
    for _ in range(2):
        assert readyz() == ("degraded", ["keys"])
        assert metric(Trouble.KEYS)
        assert "ENCRYPTION_KEYS: e2" in page(sofie_client)
        alarms.check(at=now)
    assert len(told(mail_server)) == 1
    # A process that has the key does not end the alarm of one that may still lack it.
    settings.ENCRYPTION_KEYS |= {"e2": b"2" * 32}
    alarms.check(at=now + 5 * MINUTE)
    assert readyz() == ("degraded", ["keys"])
    alarms.check(at=now + 11 * MINUTE)
    assert readyz() == ("ready", [])
    assert len(told(mail_server)) == 2


@pytest.fixture
def unapplied() -> Iterator[None]:
    """One migration counts as missing; only the owner of the tables can note that."""
    become("OWNER_DATABASE_URL")
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("notifications", "0001_create_tables")
    become("DATABASE_URL")
    yield
    become("OWNER_DATABASE_URL")
    recorder.record_applied("notifications", "0001_create_tables")
    become("DATABASE_URL")


@pytest.mark.django_db(transaction=True)
def test_a_missing_migration_is_told_everywhere_and_by_mail(
    sofie_client: Client, mail_server: MailServer, operator: None, unapplied: None
) -> None:
    answer = Client().get("/readyz", headers=TOKEN)
    assert answer.status_code == 503
    assert answer.json()["migrations"].startswith("1 missing: ")
    assert readyz() == ("dead", ["migrations"])
    assert metric(Trouble.MIGRATIONS)
    shown = page(sofie_client)
    assert "notifications.0001_create_tables" in shown
    assert str(advice.what_to_do(Trouble.MIGRATIONS)) in shown
    alarms.check(at=timezone.now(), has_just_begun=True)
    assert told(mail_server) == []  # the migration may be running
    alarms.check(at=timezone.now())
    assert told(mail_server) == [ANY]


def test_a_mail_of_the_desk_that_nobody_tries_is_no_house_in_which_all_works(
    sofie_client: Client, waiting: Delivery
) -> None:
    Delivery.objects.create(
        kind=waiting.kind,
        channel=waiting.channel,
        subject=uuid.uuid4(),
        dossier=waiting.dossier,
        created_at=timezone.now(),
        not_before=timezone.now(),
        state="sent",
        sent_at=timezone.now(),
    )
    Delivery.objects.filter(pk=waiting.pk).update(
        created_at=timezone.now() - 20 * MINUTE
    )
    assert readyz() == ("degraded", ["unsent"])
    shown = page(sofie_client)
    assert "Everything works." not in shown
    assert str(Trouble.UNSENT.label) in shown


def test_a_broker_that_is_away_stands_on_the_page_and_in_the_metrics(
    settings: Settings, sofie_client: Client
) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert "The broker does not answer." in page(sofie_client)
    text = Client().get("/metrics", headers=TOKEN).content.decode()
    assert "sleutelloket_broker_reachable 0.0" in text
