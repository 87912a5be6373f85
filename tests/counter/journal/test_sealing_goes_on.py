"""Sealing goes on when somebody with the application's password forges rows."""

from typing import Final

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from counter.journal import journal
from counter.journal.events import Event
from counter.journal.verifying import Why, verify
from counter.models import Dossier, JournalEntry
from tests.database import as_role
from tests.journal_checks import misfits

HUGE = 2**63 - 2
ENTRY: Final = (
    "INSERT INTO counter_journalentry (id, event, actor_kind, details)"
    " OVERRIDING SYSTEM VALUE VALUES (%s, 'signed_in', 'system', '{}')"
)
SEAL: Final = (
    "INSERT INTO counter_journalseal"
    " (first_id, last_id, entries, previous, digest, key_id)"
    " VALUES (%s, %s, 1, %s, 'x', 'no key')"
)


def assert_refused(statement: str, *given: int | bytes) -> None:
    with (
        pytest.raises(DatabaseError, match="a journal"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, given)


def assert_sealing_goes_on(dossier: Dossier) -> None:
    entry = journal.write(Event.SLIP_PRINTED, dossier=dossier)
    seal = journal.seal()
    assert seal is not None
    assert seal.last_id == entry.pk
    assert misfits() == []


@pytest.mark.parametrize("number", [HUGE, -5])
def test_an_entry_with_an_invented_number_is_refused(
    dossier: Dossier, number: int
) -> None:
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    assert_refused(ENTRY, number)
    assert_sealing_goes_on(dossier)


@pytest.mark.django_db(transaction=True)
def test_it_is_refused_before_any_number_was_drawn(dossier: Dossier) -> None:
    connection.close()
    with pytest.raises(DatabaseError, match="currval"), connection.cursor() as cursor:
        cursor.execute(ENTRY, [HUGE])
    assert_sealing_goes_on(dossier)


@pytest.mark.django_db(transaction=True)
def test_a_number_drawn_before_the_last_seal_is_refused(dossier: Dossier) -> None:
    """Its entry was rolled back, and is written only after later ones are sealed."""
    with psycopg.connect(as_role("DATABASE_URL")) as other:
        row = other.execute(
            "INSERT INTO counter_journalentry (event, actor_kind, details)"
            " VALUES ('signed_in', 'system', '{}') RETURNING id"
        ).fetchone()
        assert row is not None
        other.rollback()
        assert_sealing_goes_on(dossier)
        with pytest.raises(psycopg.Error, match="a journal entry"):
            other.execute(ENTRY, row)
    assert misfits() == []


def test_several_entries_of_one_statement_are_written(db: None) -> None:
    JournalEntry.objects.bulk_create(
        JournalEntry(event=Event.CODE_ISSUED, actor_kind="system") for _ in range(3)
    )
    assert JournalEntry.objects.count() == 3


def test_a_seal_above_the_last_entry_is_refused(dossier: Dossier) -> None:
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    assert_refused(SEAL, 1, HUGE, journal.GENESIS)
    assert_sealing_goes_on(dossier)


def test_a_seal_that_does_not_follow_the_last_one_is_refused(dossier: Dossier) -> None:
    first = journal.write(Event.CODE_ISSUED, dossier=dossier).pk
    assert_refused(SEAL, first, first, b"invented")
    seal = journal.seal()
    assert seal is not None
    entry = journal.write(Event.SLIP_PRINTED, dossier=dossier).pk
    assert_refused(SEAL, first, entry, bytes(seal.digest))
    assert_refused(SEAL, entry, entry, journal.GENESIS)
    assert_refused(SEAL, entry, first, bytes(seal.digest))
    assert_sealing_goes_on(dossier)


def test_after_a_seal_without_the_key_sealing_goes_on(dossier: Dossier) -> None:
    """The application can write such a seal. It is found, and hides no later entry."""
    first = journal.write(Event.CODE_ISSUED, dossier=dossier).pk
    with connection.cursor() as cursor:
        cursor.execute(SEAL, [first, first, journal.GENESIS])
    entry = journal.write(Event.SLIP_PRINTED, dossier=dossier)
    seal = journal.seal()
    assert seal is not None
    assert (seal.first_id, seal.last_id) == (entry.pk, entry.pk)
    assert [(one.last_id, one.why) for one in verify()] == [(first, Why.KEY)]
