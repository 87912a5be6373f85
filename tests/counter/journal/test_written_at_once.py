"""Entries that are written in one statement read as those written one by one."""

import pytest

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from tests.journal_checks import misfits

pytestmark = pytest.mark.django_db(transaction=True)

#: Signs that have a meaning in an array of PostgreSQL, in JSON or for the driver.
DESKS = ("NULL", "{}", '"', "\\", "a,b", "'", " ", "é€", "\n", '{a,"b"}', "\\x00", "%s")


def test_entries_are_read_as_they_were_composed(els: Clerk, dossier: Dossier) -> None:
    before = list(JournalEntry.objects.values_list("pk", flat=True))
    composed = [
        *(
            journal.compose(
                Event.DESK_CHOSEN, {"desk": desk}, clerk=els, dossier=dossier
            )
            for desk in DESKS
        ),
        journal.compose(Event.PERSON_ANONYMISED, subject=dossier.applicant),
        journal.compose(Event.CODE_LAPSED, dossier=dossier),
    ]
    journal.write_all(composed)
    # Without a clerk, an office and a dossier: their arrays have only NULL.
    alone = [journal.compose(Event.PERSON_ANONYMISED, subject=dossier.applicant)]
    journal.write_all(alone)

    written = JournalEntry.objects.exclude(pk__in=before).order_by("pk")
    assert [_columns(row) for row in written] == [
        _columns(row) for row in (*composed, *alone)
    ]
    assert misfits() == []
    journal.seal()
    assert misfits() == []


def _columns(entry: JournalEntry) -> tuple[object, ...]:
    return (
        entry.event,
        entry.actor_kind,
        entry.clerk_id,
        entry.office_id,
        entry.dossier_id,
        entry.subject,
        entry.details,
        bytes(entry.mark),
    )
