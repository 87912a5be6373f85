"""The first line of a backup, with which the restored data are compared."""

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
    """The figures that were measured in the snapshot of the backup.

    `made_at` is in ISO 8601; `database` is the server's version, such as 180006.
    """

    made_at: str
    database: int
    figures: Mapping[str, Mapping[str, Value]]

    @classmethod
    def of_now(cls, *, at: datetime) -> Self:
        """Measure the figures with Django's connection, in its present transaction."""
        return cls(at.isoformat(), programs.server_version(), figures.measure())

    @classmethod
    def read(cls, line: bytes) -> Self:
        """Read a manifest. Raises NotOpenedError when the line is none of ours."""
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
        """The number of rows of all tables together."""
        counts = self.figures.get("rows", {}).values()
        return sum(count for count in counts if isinstance(count, int))


def differing(then: Manifest, now: Manifest) -> Iterator[str]:
    """A sentence for each value that differs, or that only one of the two has.

    The sentences are in the order of the figures.
    """
    for code in {**now.figures, **then.figures}:
        before, after = then.figures.get(code, {}), now.figures.get(code, {})
        for name in sorted(before.keys() | after.keys()):
            was, is_now = before.get(name, _NOTHING), after.get(name, _NOTHING)
            if was != is_now:
                yield (
                    f"{code}, {name}: {was} when the backup was made, "
                    f"{is_now} in what came back."
                )
