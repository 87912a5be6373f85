"""When each task ran last and runs next, since when it fails, and what waits for it."""

import datetime
import uuid
from collections.abc import Callable

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from config.settings.schedule import READ_BOUNCES
from counter.enums import RunOutcome
from counter.models import Clerk, Draft, TaskRun
from counter.operations import duties, timetable

NOON = datetime.datetime(2026, 11, 24, 11, 0, tzinfo=datetime.UTC)
TASKS = [str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()]
SEAL = "counter.tasks.seal_journal"
REMIND = "notifications.tasks.remind"
HOURLY = "counter.tasks.apply_hourly_retention"


def ran(name: str, outcome: RunOutcome = RunOutcome.DONE, **ago: float) -> TaskRun:
    began = NOON - datetime.timedelta(**ago)
    ended = None if outcome == RunOutcome.RUNNING else began
    return TaskRun.objects.create(
        name=name,
        host="one",
        pid=7,
        started_at=began,
        lost_after=began + datetime.timedelta(minutes=6),
        ended_at=ended,
        outcome=outcome,
    )


def state(name: str) -> timetable.TaskState:
    (task,) = (one for one in timetable.states(NOON) if one.duty.task == name)
    return task


def test_every_task_of_the_schedule_is_told_and_no_other() -> None:
    scheduled = {*TASKS, *(entry["task"] for entry in READ_BOUNCES.values())}
    assert {duty.task for duty in duties.every()} == scheduled


def test_where_a_mailbox_is_read_that_is_told_too(db: None, settings: Settings) -> None:
    settings.CELERY_BEAT_SCHEDULE = settings.CELERY_BEAT_SCHEDULE | READ_BOUNCES
    tasks = [one.duty.task for one in timetable.states(NOON)]
    assert tasks == [*TASKS, "notifications.tasks.read_bounces"]


def test_what_is_costly_to_count_is_counted_every_ten_minutes(els: Clerk) -> None:
    assert duties.backlog(NOON)[HOURLY] == 0
    yesterday = NOON - datetime.timedelta(days=1)
    Draft.objects.create(clerk=els, submission=uuid.uuid4(), saved_at=yesterday)
    assert duties.backlog(NOON + datetime.timedelta(minutes=9))[HOURLY] == 0
    assert duties.backlog(NOON + datetime.timedelta(minutes=10))[HOURLY] == 1


def test_each_says_when_it_ran_last_and_when_it_runs_next(db: None) -> None:
    ran(SEAL, minutes=9)
    last = ran(SEAL, seconds=20)
    ran(REMIND, hours=15, minutes=30)  # half past eight in the evening
    assert state(SEAL).last == last
    assert state(SEAL).next_at == NOON + datetime.timedelta(seconds=40)
    # In the daytime only: half past eight in the morning, which is over.
    morning = datetime.datetime(2026, 11, 24, 7, 30, tzinfo=datetime.UTC)
    assert state(REMIND).next_at == morning
    assert state(REMIND).is_late(NOON)
    assert not state(SEAL).is_late(NOON)


def test_what_never_ran_is_late_from_when_anything_did(db: None) -> None:
    assert not any(one.is_late(NOON) for one in timetable.states(NOON))
    ran(SEAL, days=2)
    assert state(REMIND).last is None
    assert state(REMIND).is_late(NOON)


def test_failing_is_since_the_first_one_after_it_went_well(db: None) -> None:
    ran(SEAL, RunOutcome.FAILED, hours=3)
    assert state(SEAL).failing_since == NOON - datetime.timedelta(hours=3)
    well = ran(SEAL, hours=2)
    assert state(SEAL).failing_since is None
    ran(SEAL, RunOutcome.RUNNING, hours=1)  # killed: its end was never written down
    ran(SEAL, RunOutcome.FAILED, minutes=2)
    assert state(SEAL).failing_since == NOON - datetime.timedelta(hours=1)
    assert state(SEAL).last_done == well


def test_one_that_is_at_work_has_not_failed(db: None) -> None:
    ran(SEAL, minutes=2)
    ran(SEAL, RunOutcome.RUNNING, minutes=1)
    assert state(SEAL).failing_since is None


@pytest.mark.parametrize("asked", [timetable.states, duties.backlog])
def test_it_costs_the_same_with_many_runs(
    db: None, asked: Callable[[datetime.datetime], object]
) -> None:
    def cost() -> int:
        duties.forget()
        with CaptureQueriesContext(connection) as queries:
            asked(NOON)
        return len(queries)

    for name in (SEAL, REMIND):
        ran(name, RunOutcome.FAILED, hours=1)
    few = cost()
    for minute in range(50):
        for name in TASKS:
            outcome = RunOutcome.DONE if minute % 2 else RunOutcome.FAILED
            ran(name, outcome, minutes=minute)
    assert cost() == few


def test_a_moved_clock_moves_all_of_it(db: None) -> None:
    ran(SEAL, minutes=1)
    with time_machine.travel(NOON + datetime.timedelta(hours=2), tick=False):
        (late, *_others) = (
            one for one in timetable.states(timezone.now()) if one.duty.task == SEAL
        )
        assert late.is_late(timezone.now())
