"""What an app counts for the statistics. Nothing of models is imported here."""

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
    """Visits of an office by something about them.

    `labels` has the words of each value, in the order in which they are shown; each
    visit has one of them at most. `count` gives the first day of a month, a value and
    how many; months and values without any may be left out. `settles` is for how long
    after its month a visit may still change its value: such a month is not shown yet.
    """

    order: int
    title: "str | StrPromise"
    labels: "Callable[[], Mapping[str, str | StrPromise]]"
    count: "Callable[[Office, Span], Counted]"
    settles: timedelta = timedelta(0)
