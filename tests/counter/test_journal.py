"""The journal: append-only, told in sentences, sealed in a chain."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from activation.enums import KeyKind
from counter import journal
from counter.enums import Event
from counter.models import Clerk, Dossier, JournalEntry
from tests.database import empty_append_only_tables, refuse_again


def test_an_entry_reads_as_a_sentence(dossier: Dossier, els: Clerk) -> None:
    entry = journal.write(
        Event.NUMBER_REVEALED, {"reason": "bezwaar"}, dossier=dossier, clerk=els
    )
    assert "els" in entry.sentence
    assert "bezwaar" in entry.sentence
    assert entry.office == els.office


@pytest.mark.parametrize(
    ("language", "word"), [("nl", "mobiele app"), ("en", "mobile app")]
)
def test_a_choice_is_read_in_the_readers_language(
    dossier: Dossier, language: str, word: str
) -> None:
    with translation.override("nl"):
        entry = journal.write(
            Event.KEY_ACTIVATED, {"kind": KeyKind.APP}, dossier=dossier
        )
    entry.refresh_from_db()
    with translation.override(language):
        assert word in entry.sentence


def test_a_detail_without_a_place_is_refused(dossier: Dossier) -> None:
    with pytest.raises(ValueError, match="details"):
        journal.write(Event.CODE_ISSUED, {"code": "secret"}, dossier=dossier)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE counter_journalentry SET event = 'paid'",
        "DELETE FROM counter_journalentry",
        "UPDATE counter_journalseal SET entries = 0",
        "DELETE FROM counter_journalseal",
    ],
)
def test_the_database_refuses_to_change_it(dossier: Dossier, sql: str) -> None:
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    journal.seal()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_empty_it() -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE counter_journalentry")


def test_its_time_is_the_databases_own(dossier: Dossier) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO counter_journalentry (at, event, actor_kind, details)"
            " VALUES ('2001-01-01', 'code_lapsed', 'system', '{}')"
        )
    assert JournalEntry.objects.latest("id").at.year > 2001


def test_sealed_entries_verify_until_one_is_changed(dossier: Dossier) -> None:
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    first = journal.seal()
    journal.write(Event.SLIP_PRINTED, dossier=dossier)
    second = journal.seal()
    assert first is not None
    assert second is not None
    assert journal.seal() is None
    assert journal.verify() == []

    empty_append_only_tables()
    JournalEntry.objects.filter(event=Event.SLIP_PRINTED).update(event="paid")
    refuse_again()
    assert [broken.why for broken in journal.verify()] == ["content"]


def test_a_removed_entry_is_found(dossier: Dossier) -> None:
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    journal.write(Event.SLIP_PRINTED, dossier=dossier)
    journal.seal()
    empty_append_only_tables()
    JournalEntry.objects.first().delete()  # type: ignore[union-attr]
    refuse_again()
    assert [broken.why for broken in journal.verify()] == ["count"]


def test_an_entry_slipped_in_below_number_one_is_found(dossier: Dossier) -> None:
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    journal.seal()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO counter_journalentry (id, event, actor_kind, details)"
            " OVERRIDING SYSTEM VALUE VALUES (-5, 'code_lapsed', 'system', '{}')"
        )
    assert [broken.why for broken in journal.verify()] == ["count"]
