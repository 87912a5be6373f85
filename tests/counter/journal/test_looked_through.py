"""The journal is looked through by itself, a part a night, however long it is."""

import datetime

import pytest
from django.utils import timezone

from counter.enums import RunOutcome
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalSeal, TaskRun
from counter.operations import journal_checks
from counter.operations.journal_checks import JournalBrokenError
from tests.counter.journal.rewritten import rewrite, written

__all__ = ["written"]

pytestmark = pytest.mark.django_db(transaction=True)

TONIGHT = timezone.now()


def a_round() -> list[int | None]:
    """What each night until all was looked at says: seals that fit, or None."""
    return [look(TONIGHT + datetime.timedelta(days=day)) for day in range(nights())]


def nights() -> int:
    return journal_checks.parts()


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


def test_it_stays_told_until_its_turn_comes_back(long_journal: list[int]) -> None:
    found_at = TONIGHT - datetime.timedelta(days=nights())
    TaskRun.objects.create(
        name=journal_checks.NAME,
        host="app1",
        pid=1,
        started_at=found_at,
        lost_after=found_at,
        ended_at=found_at,
        outcome=RunOutcome.FAILED,
        error=JournalBrokenError.__name__,
    )
    assert journal_checks.broken_since(at=TONIGHT) == found_at
    later = TONIGHT + datetime.timedelta(days=2)
    assert journal_checks.broken_since(at=later) is None


def test_an_empty_journal_has_nothing_to_look_at() -> None:
    assert nights() == 7
    assert look(TONIGHT) == 0
