"""Somebody with the whole database, and not our keys, has rewritten the journal.

Each row that was altered, removed, slipped in or exchanged is named by its number, so
that the auditor sees where it begins.
"""

from collections.abc import Callable

import pytest
from django.conf import settings

from counter.journal import journal, marks
from counter.journal.events import Event
from counter.journal.verifying import Why, verify
from counter.models import Clerk, Dossier, JournalEntry, JournalSeal
from tests.counter.journal.rewritten import rewrite, written
from tests.journal_checks import misfits

__all__ = ["written"]

pytestmark = pytest.mark.django_db(transaction=True)

SLIPPED_IN = (
    "INSERT INTO counter_journalentry (id, event, actor_kind, details, mark)"
    " OVERRIDING SYSTEM VALUE VALUES (%s, 'code_lapsed', 'system', '{}', %s)"
)


def test_an_altered_row_is_named(written: list[int], bart: Clerk) -> None:
    rewrite(
        "UPDATE counter_journalentry SET clerk_id = %s WHERE id = %s",
        bart.pk,
        written[2],
    )
    assert misfits() == [(Why.ALTERED, written[2])]


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 hour'",
        "event = 'signed_in'",
        "subject = 'counter.clerk:1'",
        "dossier_id = NULL",
        "office_id = NULL",
        'details = \'{"desk": "Loket 9"}\'',
        "mark = '\\x00'",
    ],
)
def test_whatever_is_altered_in_it(written: list[int], change: str) -> None:
    statement = f"UPDATE counter_journalentry SET {change} WHERE id = %s"  # noqa: S608
    rewrite(statement, written[5])
    assert misfits() == [(Why.ALTERED, written[5])]


@pytest.mark.parametrize("nth", [0, 1, 3, 4, 6])
def test_a_removed_row_is_named(written: list[int], nth: int) -> None:
    """Also when it is the first or the last row of a seal."""
    rewrite("DELETE FROM counter_journalentry WHERE id = %s", written[nth])
    assert misfits() == [(Why.REMOVED, written[nth])]


def test_a_row_that_was_slipped_in_is_named(written: list[int]) -> None:
    rewrite(SLIPPED_IN, -5, b"")
    assert misfits() == [(Why.ADDED, -5)]


def test_a_row_slipped_in_between_with_a_copied_mark_is_named(
    written: list[int],
) -> None:
    """The new row has the number and the mark of a row that was deleted."""
    mark = bytes(JournalEntry.objects.get(pk=written[1]).mark)
    rewrite("DELETE FROM counter_journalentry WHERE id = %s", written[1])
    rewrite(SLIPPED_IN, written[1], mark)
    assert misfits() == [(Why.ALTERED, written[1])]


def test_two_rows_that_changed_places_are_both_named(written: list[int]) -> None:
    """Their numbers were exchanged; all else, also their marks, stayed."""
    one, other = written[1], written[2]
    for old, new in ((one, -1), (other, one), (-1, other)):
        rewrite("UPDATE counter_journalentry SET id = %s WHERE id = %s", new, old)
    assert misfits() == [(Why.ALTERED, one), (Why.ALTERED, other)]


def test_every_row_is_named_and_the_oldest_first(written: list[int]) -> None:
    rewrite("DELETE FROM counter_journalentry WHERE id = %s", written[6])
    rewrite("UPDATE counter_journalentry SET at = now() WHERE id = %s", written[0])
    assert misfits() == [(Why.ALTERED, written[0]), (Why.REMOVED, written[6])]


def cut_from_the_list(number: int) -> None:
    """Take this entry's line out of the first seal's list, as if there was no entry."""
    seal = JournalSeal.objects.earliest("last_id")
    listed = bytes(seal.marks)
    step = len(listed) // seal.entries
    lines = [line.entry_id for line in marks.read(listed, b"")]
    nth = lines.index(number)
    rewrite(
        "UPDATE counter_journalseal SET marks = %s, entries = %s WHERE id = %s",
        listed[: step * nth] + listed[step * (nth + 1) :],
        seal.entries - 1,
        seal.pk,
    )


def test_a_row_removed_with_its_line_in_the_seal_leaves_a_gap(
    written: list[int],
) -> None:
    rewrite("DELETE FROM counter_journalentry WHERE id = %s", written[1])
    cut_from_the_list(written[1])
    assert misfits() == [(Why.SEAL, None), (Why.GAP, written[2])]


def test_a_seal_made_anew_without_the_key_says_so_and_blames_no_row(
    written: list[int],
) -> None:
    """Somebody has the whole database and the program's source, but not our keys."""
    rewrite("DELETE FROM counter_journalentry WHERE id = %s", written[1])
    rewrite("DELETE FROM counter_journalseal")
    ours = settings.SEAL_KEYS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "SEAL_KEYS", dict.fromkeys(ours, bytes(32)))
        journal.seal()
    assert misfits() == [(Why.SEAL, None)]


def test_a_seal_that_is_gone_is_seen_at_the_next(written: list[int]) -> None:
    """No entry under that seal is named: each is as the program wrote it."""
    first = JournalSeal.objects.earliest("last_id")
    rewrite("DELETE FROM counter_journalseal WHERE id = %s", first.pk)
    assert misfits() == [(Why.CHAIN, None)]


def alter(number: int) -> None:
    rewrite(
        'UPDATE counter_journalentry SET details = \'{"desk": "Loket 9"}\''
        " WHERE id = %s",
        number,
    )


def test_a_row_altered_under_a_seal_that_is_gone_is_named(written: list[int]) -> None:
    first = JournalSeal.objects.earliest("last_id")
    alter(written[2])
    rewrite("DELETE FROM counter_journalseal WHERE id = %s", first.pk)
    assert misfits() == [(Why.CHAIN, None), (Why.NOT_OURS, written[2])]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("marks = ''", Why.SEAL),
        ("marks = decode(repeat('00', length(marks)), 'hex')", Why.SEAL),
        ("key_id = 'none'", Why.KEY),
    ],
)
def test_a_row_altered_under_an_altered_seal_is_named(
    written: list[int], change: str, why: Why
) -> None:
    alter(written[5])
    statement = f"UPDATE counter_journalseal SET {change} WHERE last_id = %s"  # noqa: S608
    rewrite(statement, written[6])
    assert misfits() == [(why, None), (Why.NOT_OURS, written[5])]


def test_one_altered_row_alone_under_an_altered_seal_is_named(
    written: list[int],
) -> None:
    journal.seal()
    alter(written[7])
    rewrite(
        "UPDATE counter_journalseal SET digest = marks WHERE last_id = %s", written[7]
    )
    assert misfits() == [(Why.SEAL, None), (Why.NOT_OURS, written[7])]


def test_what_a_seal_says_of_itself_is_checked(written: list[int]) -> None:
    rewrite("UPDATE counter_journalseal SET entries = entries + 1")
    assert misfits() == [(Why.SEAL, None)] * 2


def test_many_rows_under_one_seal_are_named_up_to_a_hundred(
    dossier: Dossier,
) -> None:
    for _ in range(120):
        journal.write(Event.SLIP_PRINTED, dossier=dossier)
    journal.seal()
    rewrite("UPDATE counter_journalentry SET event = 'code_issued'")
    assert len(misfits()) == 100


# Keys


def test_entries_of_an_older_key_still_fit(
    written: list[int], dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = {"s2": bytes(range(32)), **settings.SEAL_KEYS}
    monkeypatch.setattr(settings, "SEAL_KEYS", ring)
    journal.write(Event.SLIP_PRINTED, dossier=dossier)
    journal.seal()
    assert misfits() == []
    assert JournalSeal.objects.latest("last_id").key_id == "s2"


def test_a_mark_of_one_purpose_is_none_of_another(written: list[int]) -> None:
    entry = JournalEntry.objects.get(pk=written[0])
    kid = next(iter(settings.SEAL_KEYS))
    assert marks.sealed(kid, entry, b"") != marks.written(entry)


def writes_with_details(dossier: Dossier, els: Clerk) -> list[Callable[[], object]]:
    rich = {"model": "counter.dossier", "count": 3}
    return [
        lambda: journal.write(Event.PEOPLE_LISTED, rich, clerk=els),
        lambda: journal.write(
            Event.PAYMENT_TAKEN,
            {"amount": "10.00", "method": "cash"},
            clerk=els,
            dossier=dossier,
        ),
        lambda: journal.write(Event.PERSON_OPENED, clerk=els, subject=els),
    ]


def test_what_was_just_written_fits_as_the_database_gives_it_back(
    dossier: Dossier, els: Clerk
) -> None:
    """Also numbers, amounts, accents, and changes with old and new value."""
    for write in writes_with_details(dossier, els):
        write()
    els.first_name = "Élodie „Els“ \u2028"
    els.save()
    assert misfits() == []
    journal.seal()
    assert misfits() == []
    assert list(verify()) == []
