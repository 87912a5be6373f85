"""What verifying finds in entries that are not sealed yet, and in copied ones."""

import pytest
from django.db import IntegrityError, connection

from counter.journal import journal
from counter.journal.events import Event
from counter.journal.verifying import Why
from counter.models import Dossier, JournalEntry
from tests.counter.journal.rewritten import rewrite, written
from tests.journal_checks import misfits

__all__ = ["written"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "change",
    [
        "clerk_id = NULL, actor_kind = 'system'",
        "event = 'signed_in'",
        "dossier_id = NULL",
        'details = \'{"desk": "Loket 9"}\'',
    ],
)
def test_a_row_altered_before_it_is_sealed_is_named(
    written: list[int], change: str
) -> None:
    statement = f"UPDATE counter_journalentry SET {change} WHERE id = %s"  # noqa: S608
    rewrite(statement, written[7])
    assert misfits() == [(Why.NOT_AS_WRITTEN, written[7])]


def test_and_sealing_it_afterwards_hides_nothing(written: list[int]) -> None:
    rewrite("UPDATE counter_journalentry SET event = 'x' WHERE id = %s", written[7])
    journal.seal()
    assert misfits() == [(Why.FOREIGN, written[7])]


def test_a_row_that_the_program_did_not_write_is_named(written: list[int]) -> None:
    """The application's password is enough to write a row; a right mark needs a key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO counter_journalentry (event, actor_kind, details)"
            " VALUES ('code_lapsed', 'system', '{}')"
        )
    forged = JournalEntry.objects.latest("pk").pk
    assert misfits() == [(Why.NOT_AS_WRITTEN, forged)]
    journal.seal()
    assert misfits() == [(Why.FOREIGN, forged)]


COPY = (
    "INSERT INTO counter_journalentry (event, actor_kind, clerk_id, office_id,"
    " dossier_id, subject, details, mark) SELECT event, actor_kind, clerk_id,"
    " office_id, dossier_id, subject, details, mark FROM counter_journalentry"
    " WHERE id = %s"
)


def test_a_row_cannot_be_copied(written: list[int]) -> None:
    """The application's password is enough for an INSERT, but a mark occurs once."""
    for number in (written[0], written[7]):
        with connection.cursor() as cursor, pytest.raises(IntegrityError):
            cursor.execute(COPY, [number])
    assert misfits() == []


def test_a_copy_under_half_a_mark_is_none_of_ours(written: list[int]) -> None:
    """A mark without its first 16 bytes, with one byte more, and with one byte less."""
    halves = ("substr(mark, 17)", "mark || '\\x00'", "substr(mark, 2)")
    for half in halves:
        with connection.cursor() as cursor:
            cursor.execute(COPY.replace("mark FROM", f"{half} FROM"), [written[7]])
    forged = list(JournalEntry.objects.filter(pk__gt=written[7]))
    assert misfits() == [(Why.NOT_AS_WRITTEN, entry.pk) for entry in forged]


def test_entries_that_say_the_same_are_each_written(dossier: Dossier) -> None:
    for _ in range(3):
        journal.write(Event.SLIP_PRINTED, dossier=dossier)
    assert misfits() == []


def test_a_copy_is_named_where_the_owner_took_the_constraint_away(
    written: list[int],
) -> None:
    """Before it is sealed and after; the older of the two rows is the original."""
    constraint = (
        "CREATE UNIQUE INDEX journal_mark_is_of_one ON counter_journalentry (mark)"
        " WHERE mark > ''"
    )
    rewrite("DROP INDEX journal_mark_is_of_one")
    try:
        with connection.cursor() as cursor:
            cursor.execute(COPY, [written[0]])
        copy = JournalEntry.objects.latest("pk").pk
        assert misfits() == [(Why.COPIED, copy)]
        journal.seal()
        assert misfits() == [(Why.COPIED, copy)]
    finally:
        rewrite("DELETE FROM counter_journalentry")
        rewrite(constraint)


def test_what_cannot_be_known_before_the_sealing(written: list[int]) -> None:
    """An entry's time, and that there was an entry at all (docs/security.md)."""
    rewrite("UPDATE counter_journalentry SET at = now() WHERE id = %s", written[7])
    assert misfits() == []
    rewrite("DELETE FROM counter_journalentry WHERE id = %s", written[7])
    assert misfits() == []
