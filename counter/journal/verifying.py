"""Verifies that the journal is as it was written and sealed, and finds altered rows."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Max, Min, QuerySet

from counter.journal import marks
from counter.journal.journal import GENESIS
from counter.models import JournalEntry, JournalSeal

#: The most rows that are reported for one seal.
MOST_OF_A_SEAL: Final = 100


class Why(Enum):
    """What is wrong with an entry; the last three: with a seal."""

    ALTERED = "altered"
    REMOVED = "removed"
    ADDED = "added"
    #: The row does not follow the row before it, and the seal's list was changed too.
    GAP = "gap"
    #: The program did not write this row, or wrote other values.
    FOREIGN = "foreign"
    #: As FOREIGN, for an entry that is not sealed yet.
    NOT_AS_WRITTEN = "not as written"
    #: As FOREIGN, when the seal cannot tell whether it was altered before the sealing.
    NOT_OURS = "not ours"
    #: An older entry has the same mark.
    COPIED = "copied"
    #: The seal does not follow the seal before it.
    CHAIN = "chain"
    #: The seal's list or hash was changed, or it was made without one of our keys.
    SEAL = "seal"
    #: The seal's key is not in SEAL_KEYS, so its marks cannot be checked.
    KEY = "key"


@dataclass(frozen=True)
class _Row:
    """The result of comparing one entry with its seal; `why` is None when it is right.

    `is_ours` tells whether the written mark matches, whatever the seal says.
    """

    number: int
    why: Why | None
    is_ours: bool = True

    @property
    def alone(self) -> "_Row":
        """The result by the written mark alone, for when the seal cannot be used."""
        return replace(self, why=None if self.is_ours else Why.NOT_OURS)


@dataclass(frozen=True)
class Broken:
    """One error, in the range of entries `first_id` to `last_id`.

    `entry_id` is the number of the wrong entry; None for an error of a seal.
    """

    why: Why
    first_id: int
    last_id: int
    entry_id: int | None = None


def verify() -> Iterator[Broken]:
    """Find all errors, the oldest first: tampering began with that one."""
    copies = _copies()
    previous = GENESIS
    below: int | None = None
    for seal in JournalSeal.objects.iterator():
        entries = JournalEntry.objects.filter(pk__lte=seal.last_id)
        if below is not None:  # the first seal also gets rows inserted before number 1
            entries = entries.filter(pk__gt=below)
        yield from _of_seal(seal, previous, entries, copies)
        previous, below = bytes(seal.digest), seal.last_id
    entries = JournalEntry.objects.all()
    if below is not None:
        entries = entries.filter(pk__gt=below)
    for entry in entries.iterator():
        if not marks.is_as_written(entry):
            yield Broken(Why.NOT_AS_WRITTEN, entry.pk, entry.pk, entry.pk)
        elif entry.pk in copies:
            yield Broken(Why.COPIED, entry.pk, entry.pk, entry.pk)


def count_sealed() -> int:
    """Roughly how many entries are sealed: the span of their numbers, gaps included."""
    ends = _ends()
    return 0 if ends["last"] is None else ends["last"] - ends["first"] + 1


def _ends() -> dict[str, Any]:
    """The smallest and the greatest `last_id` of all seals; None without seals.

    That column has an index, so both are found quickly.
    """
    return JournalSeal.objects.aggregate(first=Min("last_id"), last=Max("last_id"))


def verify_part(part: int, parts: int) -> Iterator[bool]:
    """Verify one of `parts` parts: yields for each seal whether it is right, in order.

    Part 0 is the oldest; all parts together are the journal up to its last seal. A
    copied row is found here as an altered or added row; only `verify` also reports it
    as a copy.
    """
    ends = _ends()
    if ends["last"] is None:
        return
    low, high = (
        ends["first"] - 1 + (ends["last"] - ends["first"] + 1) * place // parts
        for place in (part, part + 1)
    )
    earlier = JournalSeal.objects.defer("marks").filter(last_id__lte=low)
    before = earlier.order_by("-pk").first()
    previous = bytes(before.digest) if before else GENESIS
    below = before.last_id if before else None
    seals = JournalSeal.objects.filter(last_id__gt=low, last_id__lte=high)
    for seal in seals.order_by("pk").iterator():
        entries = JournalEntry.objects.filter(pk__lte=seal.last_id)
        if below is not None:
            entries = entries.filter(pk__gt=below)
        yield not any(_of_seal(seal, previous, entries, set()))
        previous, below = bytes(seal.digest), seal.last_id


def _copies() -> set[int]:
    """The rows that have the mark of an older row. There are none, unless the owner of
    the database has dropped the unique constraint.
    """
    marked = JournalEntry.objects.filter(mark__gt=b"").order_by()
    counted = marked.values("mark").annotate(count=Count("*"))
    twice = list(counted.filter(count__gt=1).values_list("mark", flat=True))
    firsts: set[bytes] = set()
    copies: set[int] = set()
    for number, mark in (
        marked.filter(mark__in=twice).order_by("pk").values_list("pk", "mark")
    ):
        if bytes(mark) in firsts:
            copies.add(number)
        firsts.add(bytes(mark))
    return copies


def _of_seal(
    seal: JournalSeal,
    previous: bytes,
    entries: QuerySet[JournalEntry],
    copies: set[int],
) -> Iterator[Broken]:
    """The errors of the seal itself, then those of each row that it covers."""
    if seal.key_id not in settings.SEAL_KEYS:
        yield Broken(Why.KEY, seal.first_id, seal.last_id)
        rows = _of_unknown_key(entries)
    else:
        rows = _rows(seal, entries)
        if bytes(seal.previous) != previous:
            yield Broken(Why.CHAIN, seal.first_id, seal.last_id)
            rows = _of_lost_seal(seal, rows)
        if not _is_whole(seal):
            yield Broken(Why.SEAL, seal.first_id, seal.last_id)
            rows = _of_broken_seal(list(rows))
    wrong = (
        Broken(why, seal.first_id, seal.last_id, row.number)
        for row in rows
        if (why := row.why or (Why.COPIED if row.number in copies else None))
    )
    yield from islice(wrong, MOST_OF_A_SEAL)


def _of_unknown_key(entries: QuerySet[JournalEntry]) -> Iterator[_Row]:
    """The rows of a seal whose key is unknown, checked by their written marks alone.

    When no row matches, they were all written with that key, and none is reported.
    """
    rows = [
        _Row(entry.pk, None, marks.is_as_written(entry))
        for entry in entries.order_by("pk").iterator()
    ]
    if not any(row.is_ours for row in rows):
        return iter(())
    return (row.alone for row in rows)


def _of_lost_seal(seal: JournalSeal, rows: Iterator[_Row]) -> Iterator[_Row]:
    """The rows of a seal before which a seal was removed.

    Rows with numbers below this seal's list may belong to the removed seal. So they are
    checked by their written marks alone, instead of being reported as added.
    """
    first = next(_lines(seal), None)
    for row in rows:
        is_below = first is None or row.number < first.entry_id
        yield row.alone if row.why == Why.ADDED and is_below else row


def _of_broken_seal(rows: list[_Row]) -> Iterator[_Row]:
    """The rows of a seal that was itself changed.

    When no row matches the seal, it was made without our key and says nothing: then the
    rows are checked by their written marks alone.
    """
    if any(row.why is None for row in rows):
        return iter(rows)
    return (row.alone for row in rows)


def _is_whole(seal: JournalSeal) -> bool:
    """Whether the seal's list matches its hash and its other columns."""
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
    """Compare the rows with the seal's list; both are sorted by the entry's number."""
    is_whole = _is_whole(seal)
    lines = _lines(seal)
    line = next(lines, None)
    for entry in entries.order_by("pk").iterator():
        while line is not None and line.entry_id < entry.pk:
            yield _Row(line.entry_id, Why.REMOVED)
            line = next(lines, None)
        if line is None or line.entry_id != entry.pk:
            yield _Row(entry.pk, Why.ADDED, marks.is_as_written(entry))
            continue
        yield _beside(seal, line, entry, is_whole=is_whole)
        line = next(lines, None)
    while line is not None:
        yield _Row(line.entry_id, Why.REMOVED)
        line = next(lines, None)


def _beside(
    seal: JournalSeal, line: marks.Sealed, entry: JournalEntry, *, is_whole: bool
) -> _Row:
    """Compare a row with its line in the seal's list."""
    is_ours = marks.is_as_written(entry)
    mark = marks.sealed(seal.key_id, entry, line.before)
    if hmac.compare_digest(mark, line.mark):
        return _Row(entry.pk, None if is_ours else Why.FOREIGN, is_ours)
    why = Why.GAP if is_ours and not is_whole else Why.ALTERED
    return _Row(entry.pk, why, is_ours)
