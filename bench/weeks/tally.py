"""What was done, counted where it was done and not read from the database."""

import datetime
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from time import perf_counter, process_time


@dataclass
class Tally:
    """Numbers of acts by name, and euros by where they lie."""

    acts: Counter[str] = field(default_factory=Counter)
    #: In each drawer above its float.
    in_drawer: defaultdict[uuid.UUID, Decimal] = field(
        default_factory=lambda: defaultdict(Decimal)
    )
    #: On a terminal of an office (its id) on a day.
    on_terminal: defaultdict[tuple[int, datetime.date], Decimal] = field(
        default_factory=lambda: defaultdict(Decimal)
    )


@dataclass
class Times:
    """Seconds by name: how often, in all, the longest, and of this process's CPU."""

    count: Counter[str] = field(default_factory=Counter)
    wall: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    cpu: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    longest: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        wall, cpu = perf_counter(), process_time()
        yield
        took = perf_counter() - wall
        self.count[name] += 1
        self.wall[name] += took
        self.cpu[name] += process_time() - cpu
        self.longest[name] = max(took, self.longest[name])
