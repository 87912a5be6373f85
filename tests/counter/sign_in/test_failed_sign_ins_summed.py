"""A flood at the sign-in page gives few journal entries, and each try is counted."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import Settings

from counter.enums import SecretForm, StaffSecret
from counter.journal import journal
from counter.journal.events import Event
from counter.models import (
    Clerk,
    FailedSignIns,
    JournalEntry,
    SignInFailure,
)
from counter.sign_in import failed_sign_ins
from counter.tasks import sum_up_failed_sign_ins
from tests.journal_checks import misfits
from tests.races import at_once

SIGN_IN = reverse("counter_sign_in:sign_in")
NOON = datetime.datetime(2026, 11, 24, 11, 0, tzinfo=datetime.UTC)
AN_HOUR = datetime.timedelta(hours=1)


def note(name: str = "els", network: str = "192.0.2.7", *, times: int = 1) -> None:
    for _ in range(times):
        failed_sign_ins.note(
            user_name=name,
            network=network,
            form=SecretForm.SIGN_IN,
            secret=StaffSecret.PASSWORD,
            at=NOON,
        )


def entries() -> list[dict[str, object]]:
    rows = JournalEntry.objects.filter(event=Event.SIGN_INS_FAILED).order_by("pk")
    return [entry.details for entry in rows]


@pytest.mark.usefixtures("db")
def test_an_hour_is_an_entry_for_each_name_and_network(els: Clerk) -> None:
    note(times=3)
    note("ELS", times=2)
    note("els", "198.51.100.9")
    note("niemand")
    note("nog iemand anders")
    assert failed_sign_ins.sum_up(at=NOON + AN_HOUR) == 3
    summed = sorted((line["account"], line["count"]) for line in entries())
    assert summed == [("", 2), ("els", 1), ("els", 5)]
    assert {line["hour"] for line in entries()} == {"2026-11-24 12:00"}
    networks = {line["network"] for line in entries()}
    assert len(networks) == 2
    assert not FailedSignIns.objects.exists()


@pytest.mark.usefixtures("db")
def test_a_desk_counts_no_failures_of_another_office_under_a_new_key_either(
    sofie: Clerk, gust: Clerk, settings: Settings
) -> None:
    note("gust", times=3)
    note("sofie")
    assert failed_sign_ins.still_to_come(sofie, since=NOON) == 1
    old = dict(settings.INDEX_KEYS)
    settings.INDEX_KEYS = {"b": b"another index key, 32 bytes long"} | old
    note("gust", times=3)
    note("niemand")
    assert failed_sign_ins.still_to_come(sofie, since=NOON) == 2


@pytest.mark.usefixtures("db")
def test_only_hours_that_are_over_are_written_and_each_once(els: Clerk) -> None:
    note()
    assert not failed_sign_ins.sum_up(at=NOON + AN_HOUR - datetime.timedelta(seconds=1))
    assert failed_sign_ins.sum_up(at=NOON + AN_HOUR)
    assert not failed_sign_ins.sum_up(at=NOON + AN_HOUR)
    assert len(entries()) == 1


@pytest.mark.usefixtures("db")
def test_many_networks_share_an_entry_and_no_number_is_lost(els: Clerk) -> None:
    """Otherwise somebody with many addresses could write any number of entries."""
    for number in range(50):
        note(network=f"203.0.113.{number}", times=2 if number < 20 else 1)
    assert failed_sign_ins.sum_up(at=NOON + AN_HOUR) == 21
    assert sum(int(str(line["count"])) for line in entries()) == 70
    assert [line["count"] for line in entries()] == [2] * 20 + [30]
    with translation.override("nl"):
        last = JournalEntry.objects.latest("pk").sentence
    assert "els" in last
    assert "30" in last
    assert "andere netwerken" in last


def test_a_flood_of_a_day_is_a_few_entries(els: Clerk, client: Client) -> None:
    """One address and one name, two tries a minute, for two hours by the clock."""
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(240):
            client.post(SIGN_IN, {"username": "els", "password": "raad maar"})
            clock.shift(30)
        sum_up_failed_sign_ins()
    print(f"{len(entries())} entries of 240 tries in two hours (bound: 2)")
    assert len(entries()) == 2


@pytest.mark.django_db(transaction=True)
def test_failures_at_the_same_instant_are_all_counted(els: Clerk) -> None:
    at_once([lambda: note(times=4)] * 8)
    assert FailedSignIns.objects.get().count == 32


@pytest.mark.django_db(transaction=True)
def test_two_beats_write_one_entry(els: Clerk) -> None:
    note(times=3)
    at_once([lambda: failed_sign_ins.sum_up(at=NOON + AN_HOUR)] * 4)
    assert [line["count"] for line in entries()] == [3]


@pytest.mark.usefixtures("db")
def test_the_entries_are_sealed_and_hold_no_address(els: Clerk) -> None:
    note("mijn wachtwoord als naam")
    note()
    failed_sign_ins.sum_up(at=NOON + AN_HOUR)
    assert journal.seal() is not None
    assert misfits() == []
    kept = str(entries())
    assert "192.0.2" not in kept
    assert "wachtwoord als naam" not in kept


@pytest.mark.usefixtures("db")
def test_the_task_forgets_counts_that_are_of_no_more_use(client: Client) -> None:
    client.post(SIGN_IN, {"username": "els", "password": "raad maar"})
    assert SignInFailure.objects.exists()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        sum_up_failed_sign_ins()
    assert not SignInFailure.objects.exists()


def test_a_known_name_is_the_same_work_as_one_that_nobody_has(els: Clerk) -> None:
    """The same statements are sent to the database, with other values."""
    Client().post(SIGN_IN, {"username": "warm", "password": "raad maar"})
    sent = []
    for place, name in enumerate(("els", "niemand")):
        client = Client(REMOTE_ADDR=f"192.0.2.{place}")
        with CaptureQueriesContext(connection) as queries:
            client.post(SIGN_IN, {"username": name, "password": "raad maar"})
        sent.append([statement(query["sql"]) for query in queries])
    assert sent[0] == sent[1]
    assert any("INSERT" in sql for sql in sent[0])


def statement(sql: str) -> str:
    """The statement up to its first value."""
    return re.split("VALUES|WHERE|SET|[0-9]", sql, maxsplit=1)[0]
