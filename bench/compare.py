"""What got slower and what got faster since: ratios of two runs beside each other.

Milliseconds tell one machine from another and one hour from the next, so only figures
without a unit are compared: ratios to a limit that was measured in the same run, and
counts. Rows are those of `Figure.as_json`, with the `module` that measured them.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

#: A ratio that got worse by more is named; less is a busy machine's noise.
TOLERANCE: Final = 0.15

type Row = dict[str, Any]
type Change = Literal["slower", "faster", "same", "new", "missing", "another unit"]

#: In the order in which they are told; "same" is not.
TOLD: Final[dict[Change, str]] = {
    "slower": "slower",
    "another unit": "another unit, not compared",
    "missing": "not measured any more",
    "new": "new",
    "faster": "faster",
}


@dataclass(frozen=True)
class Difference:
    """One figure in two runs; `times` is how many times as bad it is now."""

    name: str
    change: Change
    before: float | None = None
    now: float | None = None
    times: float = 1.0

    def __str__(self) -> str:
        text = f"{self.name}: {TOLD.get(self.change, self.change)}"
        if self.change in {"slower", "faster"}:
            text += f", {self.before:.2f} -> {self.now:.2f}{self._by}"
        return text

    @property
    def _by(self) -> str:
        return f" ({self.times - 1:+.0%})" if math.isfinite(self.times) else ""


def differences(now: Iterable[Row], before: Iterable[Row]) -> list[Difference]:
    """Every ratio of `now` beside that of `before`, the worst first.

    A figure that only `before` has counts as missing where its module was measured
    now: `make bench ONLY=slip` misses nothing of the others.
    """
    now, before = list(now), list(before)
    measured = {row["module"] for row in now}
    present = {row["name"] for row in now}
    was = {row["name"]: row for row in before}
    changes = [
        _difference(row, was.get(row["name"]))
        for row in now
        if is_ratio(row) or is_ratio(was.get(row["name"], {}))
    ]
    changes += [
        Difference(row["name"], "missing", before=row["measured"])
        for row in before
        if is_ratio(row) and row["name"] not in present and row["module"] in measured
    ]
    order = list(TOLD)
    changes.sort(
        key=lambda one: (
            order.index(one.change) if one.change in order else len(order),
            -one.times,
        )
    )
    return changes


def _difference(row: Row, was: Row | None) -> Difference:
    name, now = row["name"], row["measured"]
    if was is None:
        return Difference(name, "new", now=now)
    before = was["measured"]
    if (row["bound"], row["unit"]) != (was["bound"], was["unit"]):
        return Difference(name, "another unit", before, now)
    times = _times(now, before) if row["bound"] == "at most" else _times(before, now)
    change: Change = "same"
    if times > 1 + TOLERANCE:
        change = "slower"
    elif times < 1 / (1 + TOLERANCE):
        change = "faster"
    return Difference(name, change, before, now, times)


def _times(bad: float, good: float) -> float:
    if bad == good:
        return 1.0
    return bad / good if good > 0 else math.inf


def is_ratio(row: Row) -> bool:
    """Whether the figure has a better side and no unit."""
    return bool(row.get("bound")) and not row.get("unit")


def as_lines(changes: list[Difference], than: str) -> list[str]:
    """For a person: what differs, or in one line that nothing does."""
    named = [difference for difference in changes if difference.change in TOLD]
    compared = sum(one.before is not None and one.now is not None for one in changes)
    if not changes:
        return [f"{than}: no ratio to compare."]
    if not named:
        return [f"{than}: {compared} ratios, none differs by over {TOLERANCE:.0%}."]
    return [f"{than}: {compared} ratios.", *(f"  {one}" for one in named)]


def last_kept(directory: Path, now: Iterable[Row], *, large: bool) -> list[Row]:
    """The newest kept rows of each module of `now`; runs are files named by time."""
    wanted = {row["module"] for row in now}
    before: list[Row] = []
    for path in sorted(directory.glob("*.json"), reverse=True):
        kept = json.loads(path.read_text())
        if kept.get("large") is not large:
            continue  # also what was kept before runs said it
        rows = [row for row in kept["figures"] if row.get("module") in wanted]
        before += rows
        wanted -= {row["module"] for row in rows}
    return before


def merged(baseline: Iterable[Row], now: Iterable[Row]) -> list[Row]:
    """The baseline after a run: its ratios in the place of those of its modules."""
    now = list(now)
    measured = {row["module"] for row in now}
    others = [row for row in baseline if row["module"] not in measured]
    names = ("module", "name", "bound", "unit", "measured")
    own = [{name: row[name] for name in names} for row in now if is_ratio(row)]
    for row in own:
        row["measured"] = round(row["measured"], 3)
    return sorted(others + own, key=lambda row: (row["module"], row["name"]))
