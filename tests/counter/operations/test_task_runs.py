"""Each run of a task is written down: when, how it ended, and how many it handled."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from celery import shared_task
from django.db import DatabaseError, connection
from django.utils import timezone

from config.celery import app
from counter.enums import RunOutcome
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry, TaskRun
from counter.operations import task_runs
from counter.tasks import purge_sessions, seal_journal
from tests.races import at_once

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def failing() -> Iterator[str]:
    """A task that fails with somebody's number in its error."""

    @shared_task(name="tests.failing")
    def fail() -> None:
        raise LookupError("85073003328")

    yield fail.name
    app.tasks.pop(fail.name)


def test_a_run_says_when_it_was_and_how_many_it_handled(els: Clerk) -> None:
    journal.seal()
    journal.write(Event.SIGNED_IN, clerk=els)
    seal_journal.apply()
    seal_journal.apply()
    second, first = TaskRun.objects.filter(name="counter.tasks.seal_journal")
    assert (first.outcome, first.handled, first.error) == (RunOutcome.DONE, 1, "")
    assert (second.outcome, second.handled) == (RunOutcome.DONE, 0)
    assert first.ended_at is not None
    assert first.started_at <= first.ended_at <= second.started_at


def test_a_run_that_failed_names_the_kind_of_error_and_nobody(
    db: None, failing: str
) -> None:
    app.tasks[failing].apply()
    run = TaskRun.objects.get(name=failing)
    assert (run.outcome, run.error, run.handled) == ("failed", "LookupError", None)
    assert "85073003328" not in str(vars(run))


def test_a_command_is_a_run_as_well(db: None) -> None:
    with task_runs.recorded("backup", at_most=12 * HOUR) as tally:
        assert TaskRun.objects.get().outcome == RunOutcome.RUNNING
        tally.handled = 3
    run = TaskRun.objects.get()
    assert (run.name, run.outcome, run.handled) == ("backup", RunOutcome.DONE, 3)


def test_a_command_that_is_broken_off_by_hand_failed(db: None) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        task_runs.recorded("backup", at_most=12 * HOUR),
    ):
        raise KeyboardInterrupt
    run = TaskRun.objects.get()
    assert (run.outcome, run.error) == (RunOutcome.FAILED, "KeyboardInterrupt")


def test_one_that_was_killed_is_reported_as_broken_off(db: None) -> None:
    task_runs.task_began("a", "counter.tasks.seal_journal")
    run = TaskRun.objects.get()
    now = timezone.now()
    assert run.outcome_at(now) == RunOutcome.RUNNING
    # Celery kills a task after five minutes, so this one is not at work any more.
    assert run.outcome_at(now + datetime.timedelta(minutes=7)) == RunOutcome.LOST


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_run_the_same_write_a_run_each(els: Clerk) -> None:
    entries = JournalEntry.objects.count()
    at_once([seal_journal.apply, seal_journal.apply])
    runs = TaskRun.objects.all()
    assert [run.outcome for run in runs] == [RunOutcome.DONE] * 2
    assert sum(run.handled or 0 for run in runs) == entries


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_breaks_in_a_task_does_not_cost_its_end(els: Clerk) -> None:
    task_runs.task_began("a", "counter.tasks.seal_journal")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()

    def end() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", own)

    at_once([end])
    with pytest.raises(DatabaseError) as broken:
        TaskRun.objects.count()
    task_runs.task_ended("a", broken.value)
    run = TaskRun.objects.get()
    assert (run.outcome, run.error) == (RunOutcome.FAILED, "OperationalError")


def test_runs_are_forgotten_after_two_months(db: None) -> None:
    now = timezone.now()
    for days in (63, 61):
        with time_machine.travel(now - datetime.timedelta(days=days), tick=False):
            seal_journal.apply()
    assert purge_sessions() == 1
    (kept,) = TaskRun.objects.all()
    assert kept.started_at == now - datetime.timedelta(days=61)


def test_all_of_them_are_however_many(db: None) -> None:
    """As if nothing had been removed for months."""
    now = timezone.now()
    long_ago = now - datetime.timedelta(days=90)
    TaskRun.objects.bulk_create(
        TaskRun(name="a", host="one", pid=7, started_at=long_ago, lost_after=long_ago)
        for _ in range(21_000)
    )
    assert task_runs.purge(at=now) == 21_000
    assert not TaskRun.objects.exists()
