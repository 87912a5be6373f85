"""What a measurement is made of: costs, interleaved rounds, figures with a target."""

import math
import os
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

ROUNDS = 5

Part = Literal["wall", "cpu"]


@dataclass(frozen=True)
class Cost:
    """Seconds for one piece of work: on the clock, and of this process's CPU."""

    wall: float
    cpu: float

    @property
    def shown(self) -> str:
        return f"{self.cpu * 1000:.2f} ms CPU, {self.wall * 1000:.2f} wall"


def cost(work: Callable[[], object], *, times: int = 1) -> Cost:
    """What `work` costs once, as the mean of `times` runs in a row."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    spent = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(spent[0] / times, spent[1] / times)


def tell(line: str) -> None:
    """How far a long measurement is: a line that `make bench` prints as it comes."""
    if place := os.environ.get("BENCH_PROGRESS"):
        with Path(place).open("a") as lines:
            lines.write(f"{line}\n")


class Rounds:
    """Several arms measured in turn, round after round, in alternating order.

    What else the machine does meanwhile falls on every arm alike; a ratio is taken
    within each round, and the middle one counts.
    """

    def __init__(self, *, count: int = ROUNDS, **arms: Callable[[], Cost]) -> None:
        self.costs: dict[str, list[Cost]] = {name: [] for name in arms}
        for turn in range(count):
            names = list(arms) if turn % 2 == 0 else list(reversed(arms))
            for name in names:
                self.costs[name].append(arms[name]())

    def median(self, arm: str) -> Cost:
        costs = self.costs[arm]
        return Cost(
            statistics.median(cost.wall for cost in costs),
            statistics.median(cost.cpu for cost in costs),
        )

    def ratios(self, arm: str, to: str, *, part: Part) -> list[float]:
        pairs = zip(self.costs[arm], self.costs[to], strict=True)
        return [getattr(a, part) / getattr(b, part) for a, b in pairs]

    def ratio(self, arm: str, to: str, *, part: Part) -> float:
        """How many times what `to` costs, in the middle round."""
        return statistics.median(self.ratios(arm, to, part=part))

    def values(self) -> dict[str, Any]:
        """Every round of every arm, for the JSON."""
        return {arm: [asdict(c) for c in costs] for arm, costs in self.costs.items()}


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class Target:
    """`at most 7.5`, `at least 0.45`."""

    bound: Literal["at most", "at least"]
    value: float
    unit: str = ""

    def holds(self, measured: float) -> bool:
        most = self.bound == "at most"
        return measured <= self.value if most else measured >= self.value

    def __str__(self) -> str:
        return f"{self.bound} {self.value:g}{self.unit}"


def at_most(value: float, unit: str = "") -> Target:
    return Target("at most", value, unit)


def at_least(value: float, unit: str = "") -> Target:
    return Target("at least", value, unit)


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    `measured` is what the target is about: mostly a ratio of `ours` to `limit`, which
    are words for a reader. `values` keeps what it came from. Without a target the
    line is there to be looked at.
    """

    number: int
    name: str
    measured: float
    target: Target | None = None
    ours: str = ""
    limit: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        return "ok" if self.target.holds(self.measured) else "over target"

    def as_json(self) -> dict[str, Any]:
        kept = asdict(self)
        kept["target"] = str(self.target) if self.target else None
        kept["verdict"] = self.verdict
        # What is better, and whether it is a ratio or a number: bench/compare.py.
        kept["bound"] = self.target.bound if self.target else ""
        kept["unit"] = self.target.unit.strip() if self.target else ""
        return kept


def table(rows: Iterable[dict[str, Any]]) -> str:
    """The figures as lines of text under headings."""
    lines = [("#", "figure", "ours", "limit in the same run", "measured", "target", "")]
    lines += [
        (
            str(row["number"]),
            row["name"],
            row["ours"],
            row["limit"],
            f"{row['measured']:.2f}",
            row["target"] or "-",
            row["verdict"],
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def machine() -> dict[str, Any]:
    """What the ratios do not depend on, for whoever compares two runs."""
    return {"cores": os.cpu_count(), "load": os.getloadavg()}
