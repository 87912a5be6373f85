"""Whether the journal is as it was written and sealed, and which rows are not."""

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

#: At most so many rows are named under one seal.
MOST_OF_A_SEAL: Final = 100


class Why(Enum):
    """What does not fit: of one entry, or of a seal (the last three)."""

    ALTERED = "altered"
    REMOVED = "removed"
    ADDED = "added"
    #: Under a seal whose list was changed too: it does not follow the one before it.
    GAP = "gap"
    #: The program did not write this row, or wrote something else.
    FOREIGN = "foreign"
    #: As FOREIGN, of an entry that no seal covers yet.
    NOT_AS_WRITTEN = "not as written"
    #: As FOREIGN, where the seal over it cannot say whether before or after.
    NOT_OURS = "not ours"
    #: An older entry has its mark.
    COPIED = "copied"
    #: It does not follow the seal before it.
    CHAIN = "chain"
    #: Its own list or hash was changed, or it was made without a key of ours.
    SEAL = "seal"
    #: Its key is in no ring, so nothing under it can be checked.
    KEY = "key"


@dataclass(frozen=True)
class _Row:
    """An entry beside the seal over it: what is wrong with it, if anything is.

    `is_ours` is what its written mark says by itself, without the seal.
    """

    number: int
    why: Why | None
    is_ours: bool = True

    @property
    def alone(self) -> "_Row":
        """As its own mark says, where the seal can say nothing."""
        return replace(self, why=None if self.is_ours else Why.NOT_OURS)


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
    """Return everything that does not fit, oldest first: there the tampering began."""
    copies = _copies()
    previous = GENESIS
    below: int | None = None
    for seal in JournalSeal.objects.iterator():
        entries = JournalEntry.objects.filter(pk__lte=seal.last_id)
        if below is not None:  # else also what was slipped in below number 1
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
    """About how many entries have a seal; numbers that were never given count too."""
    ends = _ends()
    return 0 if ends["last"] is None else ends["last"] - ends["first"] + 1


def _ends() -> dict[str, Any]:
    """The last entry of the first seal and of the last one; None without seals.

    The column by which seals are found: an index knows both ends of it.
    """
    return JournalSeal.objects.aggregate(first=Min("last_id"), last=Max("last_id"))


def verify_part(part: int, parts: int) -> Iterator[bool]:
    """Whether each seal of one of so many parts fits what it covers, oldest first.

    Part 0 is the oldest. The parts together are the whole journal up to its last seal.
    A mark that was copied shows as a row that was altered or added; its twin is only
    named by `verify`.
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
    """The rows with the mark of an older row: none, unless the database's owner has
    taken its constraint away.
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
    """What is wrong with the seal itself, then with each row under it."""
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
    """Rows under a key that is in no ring; where none fits, it marked them all."""
    rows = [
        _Row(entry.pk, None, marks.is_as_written(entry))
        for entry in entries.order_by("pk").iterator()
    ]
    if not any(row.is_ours for row in rows):
        return iter(())
    return (row.alone for row in rows)


def _of_lost_seal(seal: JournalSeal, rows: Iterator[_Row]) -> Iterator[_Row]:
    """A seal before this one is gone: rows below this one may be those under it."""
    first = next(_lines(seal), None)
    for row in rows:
        is_below = first is None or row.number < first.entry_id
        yield row.alone if row.why == Why.ADDED and is_below else row


def _of_broken_seal(rows: list[_Row]) -> Iterator[_Row]:
    """What is wrong with rows under a seal that was itself changed.

    Nothing when no row fits it: then the whole seal was made without our key.
    """
    if any(row.why is None for row in rows):
        return iter(rows)
    return (row.alone for row in rows)


def _is_whole(seal: JournalSeal) -> bool:
    """Whether the seal's list, and what the seal says of it, are as they were made."""
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
    """Compare the rows with the seal's list; both are in the order of their numbers."""
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
    """What is wrong with a row that is in the seal's list; None when it fits."""
    is_ours = marks.is_as_written(entry)
    mark = marks.sealed(seal.key_id, entry, line.before)
    if hmac.compare_digest(mark, line.mark):
        return _Row(entry.pk, None if is_ours else Why.FOREIGN, is_ours)
    why = Why.GAP if is_ours and not is_whole else Why.ALTERED
    return _Row(entry.pk, why, is_ours)
