"""Calculates bar charts, which a template draws as SVG, without a script or library.

Coordinates are integers. A template would write a decimal comma in some languages,
which is wrong in an SVG attribute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

WIDTH: Final = 960
HEIGHT: Final = 260
_LEFT: Final = 48
_TOP: Final = 12
_BOTTOM: Final = 40
_STEPS: Final = 4


@dataclass(frozen=True)
class Cell:
    """One value, and the URL of the list of what it counts; "" without a list."""

    value: int
    address: str


@dataclass(frozen=True)
class Column:
    """All values of one day or month.

    `label` is its name in the table, `short` the one on the axis; "" leaves it out.
    """

    label: str
    short: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    #: The kind of bar, counted from 1; the style sheet has its colour.
    kind: int
    title: str


@dataclass(frozen=True)
class Tick:
    """A value on the vertical axis."""

    y: int
    label: int


@dataclass(frozen=True)
class Mark:
    """A label on the horizontal axis, in the middle of its column."""

    x: int
    label: str


@dataclass(frozen=True)
class Chart:
    """A bar chart. `labels` names the kinds of bars; a column has a value for each."""

    title: str
    labels: Sequence[str]
    columns: Sequence[Column]

    width = WIDTH
    height = HEIGHT
    left = _LEFT
    floor = HEIGHT - _BOTTOM
    label_line = HEIGHT - _BOTTOM + 18

    @property
    def top(self) -> int:
        """The value at the upper end of the vertical axis, which is a round number."""
        most = max(
            (c.value for column in self.columns for c in column.cells), default=0
        )
        return _round_up(max(most, _STEPS))

    @property
    def ticks(self) -> list[Tick]:
        return [
            Tick(self._y(value), value)
            for value in range(0, self.top + 1, self.top // _STEPS)
        ]

    @property
    def marks(self) -> list[Mark]:
        edges = list(pairwise(self._edges()))
        return [
            Mark((start + end) // 2, column.short)
            for column, (start, end) in zip(self.columns, edges, strict=True)
            if column.short
        ]

    @property
    def bars(self) -> list[Bar]:
        drawn = []
        for column, (start, end) in zip(
            self.columns, pairwise(self._edges()), strict=True
        ):
            gap = max((end - start) // 6, 1)
            width = max((end - start - gap) // max(len(column.cells), 1), 1)
            for place, cell in enumerate(column.cells):
                y = self._y(cell.value)
                title = f"{column.label}, {self.labels[place]}: {cell.value}"
                drawn.append(
                    Bar(
                        start + place * width,
                        y,
                        width,
                        self.floor - y,
                        place + 1,
                        title,
                    )
                )
        return drawn

    @property
    def totals(self) -> list[int]:
        """The sum of the values of each kind."""
        return [
            sum(column.cells[place].value for column in self.columns)
            for place in range(len(self.labels))
        ]

    def _edges(self) -> list[int]:
        count = len(self.columns)
        space = WIDTH - _LEFT
        return [_LEFT + space * place // max(count, 1) for place in range(count + 1)]

    def _y(self, value: int) -> int:
        return self.floor - (self.floor - _TOP) * value // self.top


def _round_up(value: int) -> int:
    """The next number of 4, 8, 20, 40, 80, 200 and so on, which 4 divides evenly."""
    size = 1
    while True:
        for step in (4, 8, 20):
            if step * size >= value:
                return step * size
        size *= 10
