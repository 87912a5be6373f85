"""Marks: a keyed hash for each entry of the journal, so that a changed one is named.

There are two of each entry (docs/decisions/065-each-entry-has-its-mark.md).

- The **written mark** is made by the program when it writes the entry, of all that it
  knows then: the number and the time are the database's. A row without a fitting one
  was changed, or was not written by this program. It works before anything is sealed.
  Before it stand random bytes that are of this entry alone: two entries that say the
  same have two marks, the database takes each once, and a copied row is found.
- The **sealed mark** is made when the entry is sealed, of the whole row and of the mark
  before it. The list of them stands in the seal, with the number of each entry, and the
  seal's own hash is over that list. So a row that was changed, taken out, slipped in or
  exchanged with another is named, each by its number.

Both are HMAC-SHA256 under a key of `settings.SEAL_KEYS`, cut to 16 bytes.
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

#: Bytes of a mark, and of an entry's number before it in a seal's list.
MARK: Final = 16
_NUMBER: Final = 8
_STEP: Final = _NUMBER + MARK
#: Bytes before a written mark, the first of them the time in milliseconds: so new
#: entries stand together in the index that keeps marks apart.
_OWN: Final = 16
_OWN_TIME: Final = 6
WRITTEN: Final = _OWN + MARK
#: What `json.dumps(..., sort_keys=True)` makes anew at each call.
_ENCODER: Final = json.JSONEncoder(sort_keys=True)


@dataclass(frozen=True)
class Sealed:
    """One line of a seal's list: which entry, its mark, and the mark before it."""

    entry_id: int
    mark: bytes
    before: bytes


def _hash(kid: str, what: str, *parts: bytes) -> bytes:
    """The hash of these values under the key `kid`.

    `what` names its purpose, so that no hash can stand for one of another purpose.
    """
    whole = b"".join((what.encode(), *parts))
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
    """The mark of an entry that is about to be written, under the first key; another
    one at each call.
    """
    since = (time.time_ns() // 1_000_000).to_bytes(_OWN_TIME)
    own = since + secrets.token_bytes(_OWN - _OWN_TIME)
    kid = next(iter(settings.SEAL_KEYS))
    return own + _hash(kid, "entry", own, _line(_as_written(entry)))[:MARK]


def is_as_written(entry: "JournalEntry") -> bool:
    """Whether the program wrote this row so, under whichever key of the ring.

    A copy of a row is as written too: counter.journal.verifying looks for those.
    """
    line, mark = _line(_as_written(entry)), bytes(entry.mark)
    own, rest = mark[:_OWN], mark[_OWN:]
    return any(
        hmac.compare_digest(_hash(kid, "entry", own, line)[:MARK], rest)
        for kid in settings.SEAL_KEYS
    )


def sealed(kid: str, entry: "JournalEntry", before: bytes) -> bytes:
    """The mark of a whole row, which includes the mark `before` it.

    Before the first row of a seal that is the hash of the seal before.
    """
    whole = [
        entry.pk,
        entry.at.isoformat(),
        *_as_written(entry),
        bytes(entry.mark).hex(),
    ]
    return _hash(kid, "sealed entry", before, _line(whole))[:MARK]


def listed(kid: str, entries: "Iterable[JournalEntry]", previous: bytes) -> bytes:
    """The list of a new seal over these entries, in their order."""
    before, steps = previous, []
    for entry in entries:
        before = sealed(kid, entry, before)
        steps.append(entry.pk.to_bytes(_NUMBER, signed=True) + before)
    return b"".join(steps)


def read(marks: bytes, previous: bytes) -> Iterator[Sealed]:
    """The lines of a seal's list; of a list that was cut short, the complete ones."""
    before = previous
    for start in range(0, len(marks) - len(marks) % _STEP, _STEP):
        number = marks[start : start + _NUMBER]
        mark = marks[start + _NUMBER : start + _STEP]
        yield Sealed(int.from_bytes(number, signed=True), mark, before)
        before = mark


def digest(kid: str, previous: bytes, marks: bytes) -> bytes:
    """The seal's own hash: over the seal before it and its list."""
    return _hash(kid, "seal", previous, marks)
