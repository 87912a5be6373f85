"""Whether the journal is still what was written and sealed, and which row is not."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from counter.journal import marks
from counter.journal.journal import GENESIS
from counter.models import JournalEntry, JournalSeal

#: So many rows are named under one seal; whoever changed all of them named none.
MOST_OF_A_SEAL: Final = 100


class Why(Enum):
    """What does not fit: of one entry, or of a seal (the last three)."""

    ALTERED = "altered"
    REMOVED = "removed"
    ADDED = "added"
    #: Under a seal whose list was changed too: it does not follow the one before it.
    GAP = "gap"
    #: The program has not written this row, or not so.
    FOREIGN = "foreign"
    #: As FOREIGN, of an entry that no seal covers yet.
    NOT_AS_WRITTEN = "not as written"
    #: It does not follow the seal before it.
    CHAIN = "chain"
    #: Its own list or hash was changed, or it was made without a key of ours.
    SEAL = "seal"
    #: Its key is in no ring, so nothing under it can be checked.
    KEY = "key"


#: An entry's number, with what is wrong with it, if anything is.
type _Row = tuple[Why | None, int]


@dataclass(frozen=True)
class Broken:
    """One thing that does not fit, between two numbers of entries.

    `entry_id` is the row itself; None for what is wrong with a seal.
    """

    why: Why
    first_id: int
    last_id: int
    entry_id: int | None = None


def verify() -> Iterator[Broken]:
    """All that does not fit, from the oldest entry on: the first is where it began."""
    previous = GENESIS
    below: int | None = None
    for seal in JournalSeal.objects.iterator():
        entries = JournalEntry.objects.filter(pk__lte=seal.last_id)
        if below is not None:  # else also what was slipped in below number 1
            entries = entries.filter(pk__gt=below)
        yield from _of_seal(seal, previous, entries)
        previous, below = bytes(seal.digest), seal.last_id
    entries = JournalEntry.objects.all()
    if below is not None:
        entries = entries.filter(pk__gt=below)
    for entry in entries.iterator():
        if not marks.is_as_written(entry):
            yield Broken(Why.NOT_AS_WRITTEN, entry.pk, entry.pk, entry.pk)


def _of_seal(
    seal: JournalSeal, previous: bytes, entries: QuerySet[JournalEntry]
) -> Iterator[Broken]:
    """First what is wrong with the seal itself, then each row that does not fit it."""
    if seal.key_id not in settings.SEAL_KEYS:
        yield Broken(Why.KEY, seal.first_id, seal.last_id)
        return
    if bytes(seal.previous) != previous:
        yield Broken(Why.CHAIN, seal.first_id, seal.last_id)
    rows = _rows(seal, entries)
    if not _is_whole(seal):
        yield Broken(Why.SEAL, seal.first_id, seal.last_id)
        rows = _of_broken_seal(list(rows))
    wrong = ((why, number) for why, number in rows if why is not None)
    for why, number in islice(wrong, MOST_OF_A_SEAL):
        yield Broken(why, seal.first_id, seal.last_id, number)


def _of_broken_seal(rows: list[_Row]) -> Iterator[_Row]:
    """What can still be said of rows under a seal that was changed itself.

    Nothing when no row fits it: then the whole of it was made without our key.
    """
    if all(why is not None for why, _number in rows):
        return iter(())
    return iter(rows)


def _is_whole(seal: JournalSeal) -> bool:
    """Whether the seal is as it was made: its list, and what it says of the list."""
    digest = marks.digest(seal.key_id, bytes(seal.previous), bytes(seal.marks))
    numbers = [line.entry_id for line in _lines(seal)]
    says = (seal.first_id, seal.last_id, seal.entries)
    return hmac.compare_digest(digest, bytes(seal.digest)) and says == (
        numbers[0] if numbers else None,
        numbers[-1] if numbers else None,
        len(numbers),
    )


def _lines(seal: JournalSeal) -> Iterator[marks.Sealed]:
    return marks.read(bytes(seal.marks), bytes(seal.previous))


def _rows(seal: JournalSeal, entries: QuerySet[JournalEntry]) -> Iterator[_Row]:
    """The rows beside the seal's list, both in the order of their numbers."""
    is_whole = _is_whole(seal)
    lines = _lines(seal)
    line = next(lines, None)
    for entry in entries.order_by("pk").iterator():
        while line is not None and line.entry_id < entry.pk:
            yield Why.REMOVED, line.entry_id
            line = next(lines, None)
        if line is None or line.entry_id != entry.pk:
            yield Why.ADDED, entry.pk
            continue
        yield _beside(seal, line, entry, is_whole=is_whole), entry.pk
        line = next(lines, None)
    while line is not None:
        yield Why.REMOVED, line.entry_id
        line = next(lines, None)


def _beside(
    seal: JournalSeal, line: marks.Sealed, entry: JournalEntry, *, is_whole: bool
) -> Why | None:
    """What is wrong with a row that stands in the seal's list; None when it fits."""
    is_as_written = marks.is_as_written(entry)
    mark = marks.sealed(seal.key_id, entry, line.before)
    if hmac.compare_digest(mark, line.mark):
        return None if is_as_written else Why.FOREIGN
    return Why.GAP if is_as_written and not is_whole else Why.ALTERED
