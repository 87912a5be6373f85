"""Marks: keyed hashes of journal entries, by which altered entries are found.

Each entry has two marks (docs/decisions/065-each-entry-has-its-mark.md).

- The **written mark** is made when the program writes the entry. It covers all values
  except the number and the time, which the database sets later. A row whose mark does
  not match was changed, or was not written by this program. This can be checked before
  the entry is sealed. The mark begins with bytes that are unique to the entry, so that
  two equal entries have different marks. A unique constraint then refuses copied rows.
- The **sealed mark** is made when the entry is sealed. It covers the whole row and the
  sealed mark of the entry before it. The seal stores the list of these marks, with the
  number of each entry, and its own hash covers that list. So verification can name each
  row that was changed, removed, inserted or exchanged with another.

Both are HMAC-SHA256 with a key of `settings.SEAL_KEYS`, truncated to 16 bytes.
"""

import hmac
import json
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from counter.models import JournalEntry

#: The length in bytes of a mark, and of the entry's number before it in a seal's list.
MARK: Final = 16
_NUMBER: Final = 8
_STEP: Final = _NUMBER + MARK
#: The length of the unique bytes before a written mark. They begin with the time in
#: milliseconds, so that new entries are close together in the index of marks.
_OWN: Final = 16
_OWN_TIME: Final = 6
WRITTEN: Final = _OWN + MARK
#: Made once, because `json.dumps(..., sort_keys=True)` makes an encoder at each call.
_ENCODER: Final = json.JSONEncoder(sort_keys=True)


@dataclass(frozen=True)
class Sealed:
    """One line of a seal's list: which entry, its mark, and the mark before it."""

    entry_id: int
    mark: bytes
    before: bytes


def _hash(kid: str, purpose: str, *parts: bytes) -> bytes:
    """The HMAC of these values with the key whose id is `kid`.

    `purpose` separates domains: a hash made for one purpose is never valid for another.
    """
    whole = b"".join((purpose.encode(), *parts))
    return hmac.digest(settings.SEAL_KEYS[kid], whole, "sha256")


def _as_written(entry: "JournalEntry") -> list[object]:
    return [
        str(entry.event),
        str(entry.actor_kind),
        entry.clerk_id,
        entry.office_id,
        str(entry.dossier_id),
        entry.subject,
        entry.details,
    ]


def _line(values: list[object]) -> bytes:
    return _ENCODER.encode(values).encode()


def written(entry: "JournalEntry") -> bytes:
    """Make the written mark of a new entry, with the first key.

    Each call returns another mark.
    """
    since = (time.time_ns() // 1_000_000).to_bytes(_OWN_TIME)
    own = since + secrets.token_bytes(_OWN - _OWN_TIME)
    kid = next(iter(settings.SEAL_KEYS))
    return own + _hash(kid, "entry", own, _line(_as_written(entry)))[:MARK]


def is_as_written(entry: "JournalEntry") -> bool:
    """Whether the written mark of this row matches, with any key of `SEAL_KEYS`.

    It also matches in a copy of a row: counter.journal.verifying looks for copies.
    """
    line, mark = _line(_as_written(entry)), bytes(entry.mark)
    own, rest = mark[:_OWN], mark[_OWN:]
    return any(
        hmac.compare_digest(_hash(kid, "entry", own, line)[:MARK], rest)
        for kid in settings.SEAL_KEYS
    )


def sealed(kid: str, entry: "JournalEntry", before: bytes) -> bytes:
    """Make the sealed mark of a row; it covers `before`, the mark before it.

    For the first row of a seal, `before` is the digest of the previous seal.
    """
    whole = [
        entry.pk,
        entry.at.isoformat(),
        *_as_written(entry),
        bytes(entry.mark).hex(),
    ]
    return _hash(kid, "sealed entry", before, _line(whole))[:MARK]


def listed(kid: str, entries: "Iterable[JournalEntry]", previous: bytes) -> bytes:
    """A new seal's list: the number and the sealed mark of each entry, in order."""
    before, steps = previous, []
    for entry in entries:
        before = sealed(kid, entry, before)
        steps.append(entry.pk.to_bytes(_NUMBER, signed=True) + before)
    return b"".join(steps)


def read(marks: bytes, previous: bytes) -> Iterator[Sealed]:
    """Read the complete lines of a seal's list; an incomplete last line is skipped."""
    before = previous
    for start in range(0, len(marks) - len(marks) % _STEP, _STEP):
        number = marks[start : start + _NUMBER]
        mark = marks[start + _NUMBER : start + _STEP]
        yield Sealed(int.from_bytes(number, signed=True), mark, before)
        before = mark


def digest(kid: str, previous: bytes, marks: bytes) -> bytes:
    """The seal's own hash, which covers the previous seal's digest and the list."""
    return _hash(kid, "seal", previous, marks)
