"""Each night a task checks a part of the journal, however long the journal is."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from counter.enums import RunOutcome
from counter.journal import journal, verifying
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalSeal, TaskRun
from counter.operations import journal_checks, task_runs
from counter.operations.journal_checks import JournalBrokenError
from tests.counter.journal.rewritten import rewrite, written

__all__ = ["written"]

pytestmark = pytest.mark.django_db(transaction=True)

TONIGHT = timezone.now()


def a_round() -> list[int | None]:
    """For each night of a round: how many seals fit, or None when one does not."""
    return [look(TONIGHT + datetime.timedelta(days=day)) for day in range(nights())]


def nights() -> int:
    return journal_checks.parts(verifying.count_sealed())


def look(at: datetime.datetime) -> int | None:
    try:
        return journal_checks.check(at=at)
    except JournalBrokenError:
        return None


@pytest.fixture
def long_journal(
    dossier: Dossier, els: Clerk, monkeypatch: pytest.MonkeyPatch
) -> list[int]:
    """Twenty entries, each under a seal of its own; a night looks at two of them."""
    monkeypatch.setattr(journal_checks, "MOST_ENTRIES", 2)
    numbers = []
    for nth in range(20):
        details = {"desk": f"Loket {nth}"}
        entry = journal.write(Event.DESK_CHOSEN, details, clerk=els, dossier=dossier)
        numbers.append(entry.pk)
        journal.seal()
    return numbers


def test_in_a_week_each_seal_is_looked_at_once(written: list[int]) -> None:
    looks = a_round()
    assert len(looks) == 7
    assert sum(look or 0 for look in looks) == JournalSeal.objects.count() > 1


def test_a_long_journal_takes_more_nights_and_none_of_them_more_than_its_share(
    long_journal: list[int],
) -> None:
    looks = a_round()
    assert len(looks) >= 10
    assert sum(look or 0 for look in looks) == JournalSeal.objects.count() >= 20
    assert max(look or 0 for look in looks) <= 2


def test_what_was_altered_fails_one_night_of_the_round(long_journal: list[int]) -> None:
    statement = "UPDATE counter_journalentry SET details = '{}' WHERE id = %s"
    rewrite(statement, long_journal[5])
    assert a_round().count(None) == 1


def found_broken(at: datetime.datetime) -> None:
    TaskRun.objects.create(
        name=journal_checks.NAME,
        host="app1",
        pid=1,
        started_at=at,
        lost_after=at,
        ended_at=at,
        outcome=RunOutcome.FAILED,
        error=JournalBrokenError.__name__,
    )


def test_it_stays_told_until_its_turn_comes_back(long_journal: list[int]) -> None:
    found_at = TONIGHT - datetime.timedelta(days=nights())
    found_broken(found_at)
    assert journal_checks.broken_since(at=TONIGHT) == found_at
    # A round may have become twice as long meanwhile.
    later = TONIGHT + datetime.timedelta(days=nights() - 1)
    assert journal_checks.broken_since(at=later) == found_at
    later += datetime.timedelta(days=3)
    assert journal_checks.broken_since(at=later) is None


def test_a_find_is_not_forgotten_with_the_other_runs_while_it_counts(
    long_journal: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round takes 112 nights, and other runs of tasks are kept for 62 days."""
    monkeypatch.setattr(journal_checks, "MOST_ENTRIES", 0.2)
    assert nights() == 112
    found_at = TONIGHT - datetime.timedelta(days=100)
    found_broken(found_at)
    task_runs.purge(at=TONIGHT)
    assert journal_checks.broken_since(at=TONIGHT) == found_at
    assert task_runs.purge(at=TONIGHT + datetime.timedelta(days=200)) == 1


def test_in_four_years_of_a_country_nothing_waits_longer_than_a_find_counts() -> None:
    """31,000 entries come each night, so that a round gets longer five times. The test
    follows one entry in 50,000.
    """
    entries, looked_at = 0, dict[int, int]()
    for day in range(4 * 365):
        night = TONIGHT.date() + datetime.timedelta(days=day)
        entries += 31_000
        parts = journal_checks.parts(entries)
        part = journal_checks.part_of(night, parts)
        assert entries // parts <= journal_checks.MOST_ENTRIES
        for number in range(50_000, entries, 50_000):
            looked_at.setdefault(number, day)
            if entries * part // parts < number <= entries * (part + 1) // parts:
                looked_at[number] = day
            assert day - looked_at[number] <= 2 * parts


def test_the_oldest_seal_is_looked_at_whatever_it_says_of_its_first_entry(
    long_journal: list[int],
) -> None:
    rewrite(
        "UPDATE counter_journalentry SET details = '{}' WHERE id = %s", long_journal[0]
    )
    rewrite(
        "UPDATE counter_journalseal SET first_id = last_id + 1 WHERE last_id = %s",
        long_journal[0],
    )
    assert a_round().count(None) == 1


def test_how_long_the_journal_is_does_not_read_its_seals(written: list[int]) -> None:
    """Every check of the health counts it, so the count has to be cheap."""
    with CaptureQueriesContext(connection) as seen:
        verifying.count_sealed()
    [query] = seen.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(f"EXPLAIN {query['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "Seq Scan" not in plan


def test_an_empty_journal_has_nothing_to_look_at() -> None:
    assert nights() == 7
    assert look(TONIGHT) == 0
