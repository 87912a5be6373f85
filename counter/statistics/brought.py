"""The class with which an app adds to the statistics. It imports no models."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from counter.models import Office
    from counter.overview.spans import Span

type Counted = Iterable[tuple[date, str, int]]


@dataclass(frozen=True)
class Breakdown:
    """The visits of an office, grouped by one property.

    `labels` has the words for each value of the property, in their order on the page; a
    visit has at most one value. `count` gives tuples of the first day of a month, a
    value and a number; tuples with zero may be left out. A visit may change its value
    until `settles` after the end of its month; a month is not shown before that.
    """

    order: int
    title: "str | StrPromise"
    labels: "Callable[[], Mapping[str, str | StrPromise]]"
    count: "Callable[[Office, Span], Counted]"
    settles: timedelta = timedelta(0)
