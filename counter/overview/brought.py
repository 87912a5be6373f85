"""The classes with which an app adds to the start page. They import no models."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from counter.identity.euros import euros

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from counter.models import Clerk
    from counter.overview.spans import Span, Spans

type Value = int | Decimal | timedelta | float | None

#: The text in place of a value that does not exist, such as the median of no rows.
NOTHING = "-"


def as_count(value: Value) -> str:
    if not isinstance(value, int):
        return NOTHING
    return number_format(value, 0, force_grouping=True)


def as_euro(value: Value) -> str:
    return euros(value) if isinstance(value, Decimal) else NOTHING


def as_share(value: Value) -> str:
    """A value from 0 to 1, as a percentage."""
    if not isinstance(value, float):
        return NOTHING
    return f"{number_format(100 * value, 0)} %"


def as_duration(value: Value) -> str:
    """The duration in its two largest units: 3 d 4 h, 2 h 5 min."""
    if not isinstance(value, timedelta):
        return NOTHING
    minutes = int(value.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)d h %(minutes)d min") % {
            "hours": hours,
            "minutes": minutes % 60,
        }
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


@dataclass(frozen=True)
class Figure:
    """A number for today and this week, shown beside those of a week earlier.

    `measure` gives one value for each span, in the order of the spans; the number of
    queries must not depend on the number of spans. `address` gives the URL of the list
    of the rows that were counted.
    """

    order: int
    label: "str | StrPromise"
    measure: "Callable[[Clerk, Spans], Sequence[Value]]"
    address: "Callable[[Span], str]"
    as_text: Callable[[Value], str] = as_count


@dataclass(frozen=True)
class Backlog:
    """The number of things that wait for somebody now, and the URL of their list.

    With `is_urgent` the number is marked when it is not zero.
    """

    order: int
    label: "str | StrPromise"
    count: "Callable[[Clerk, datetime], int]"
    address: Callable[[datetime], str]
    is_urgent: bool = False


@dataclass(frozen=True)
class Series:
    """One kind of bar in the chart of days, with a number for each date."""

    order: int
    label: "str | StrPromise"
    by_day: "Callable[[Clerk, Span], Iterable[tuple[date, int]]]"
    address: "Callable[[Span], str]"


@dataclass(frozen=True)
class Forecast:
    """A chart of the coming months; `by_month` gives first days and numbers."""

    order: int
    label: "str | StrPromise"
    by_month: "Callable[[Clerk, Span], Iterable[tuple[date, int]]]"
    address: "Callable[[Span], str]"


@dataclass(frozen=True)
class Overview:
    """All that one app adds to the start page."""

    figures: tuple[Figure, ...] = ()
    backlogs: tuple[Backlog, ...] = ()
    series: tuple[Series, ...] = ()
    forecasts: tuple[Forecast, ...] = ()


NO_OVERVIEW: Final = Overview()


def month_name(month: date) -> str:
    return date_format(month, "F Y")
