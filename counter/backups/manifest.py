"""The first line of a backup: what it is of, to be compared with what comes back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Self

from counter.backups import figures, programs
from counter.backups.exceptions import NotOpenedError
from counter.backups.figures import Value

_FORMAT: Final = 1
_NOTHING: Final = "nothing"


@dataclass(frozen=True)
class Manifest:
    """What was measured in the snapshot that was dumped.

    `made_at` is in ISO 8601; `database` the server's version, such as 180006.
    """

    made_at: str
    database: int
    figures: Mapping[str, Mapping[str, Value]]

    @classmethod
    def of_now(cls, *, at: datetime) -> Self:
        """Measured through Django's connection, in the transaction that it is in."""
        return cls(at.isoformat(), programs.server_version(), figures.measure())

    @classmethod
    def read(cls, line: bytes) -> Self:
        """Raises NotOpenedError when the line is no manifest of ours."""
        try:
            fields: dict[str, Any] = json.loads(line)
            form = fields.pop("format")
            known = cls(**fields)
        except (ValueError, KeyError, TypeError, AttributeError):
            form = None
        if form != _FORMAT:
            raise NotOpenedError("The file opens, and is no backup of Sleutelloket.")
        return known

    def line(self) -> bytes:
        fields = {"format": _FORMAT, **asdict(self)}
        return json.dumps(fields, separators=(",", ":")).encode() + b"\n"

    @property
    def major(self) -> int:
        return self.database // 10_000

    @property
    def rows(self) -> int:
        """Of all tables together."""
        counts = self.figures.get("rows", {}).values()
        return sum(count for count in counts if isinstance(count, int))


def differing(then: Manifest, now: Manifest) -> Iterator[str]:
    """A sentence for each value that was another when the backup was made."""
    # In the order of the figures; what only one side has is told as well.
    for code in {**now.figures, **then.figures}:
        before, after = then.figures.get(code, {}), now.figures.get(code, {})
        for name in sorted(before.keys() | after.keys()):
            was, is_now = before.get(name, _NOTHING), after.get(name, _NOTHING)
            if was != is_now:
                yield (
                    f"{code}, {name}: {was} when the backup was made, "
                    f"{is_now} in what came back."
                )
