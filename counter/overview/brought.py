"""What an app brings to the start page. Nothing of models is imported here."""

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

#: What stands where there is nothing to say, such as a median of no rows.
NOTHING = "-"


def as_count(value: Value) -> str:
    if not isinstance(value, int):
        return NOTHING
    return number_format(value, 0, force_grouping=True)


def as_euro(value: Value) -> str:
    return euros(value) if isinstance(value, Decimal) else NOTHING


def as_share(value: Value) -> str:
    """A part of one, in percent."""
    if not isinstance(value, float):
        return NOTHING
    return f"{number_format(100 * value, 0)} %"


def as_duration(value: Value) -> str:
    """In the two largest units, as one says it: 3 d 4 h, 2 h 5 min."""
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
    """A number of today and this week, beside the week before.

    `measure` gives one value for each span in the order of the spans, in as few
    queries for all of them as for one; `address` is the list of what was counted.
    """

    order: int
    label: "str | StrPromise"
    measure: "Callable[[Clerk, Spans], Sequence[Value]]"
    address: "Callable[[Span], str]"
    shown: Callable[[Value], str] = as_count


@dataclass(frozen=True)
class Backlog:
    """How many there are now that wait for somebody, and the list of them.

    With `is_urgent` the number is marked when it is not zero.
    """

    order: int
    label: "str | StrPromise"
    count: "Callable[[Clerk, datetime], int]"
    address: Callable[[datetime], str]
    is_urgent: bool = False


@dataclass(frozen=True)
class Series:
    """One kind of bar of the chart of days: how many on each date."""

    order: int
    label: "str | StrPromise"
    by_day: "Callable[[Clerk, Span], Iterable[tuple[date, int]]]"
    address: "Callable[[Span], str]"


@dataclass(frozen=True)
class Forecast:
    """How many in each month to come, `months` by their first day."""

    order: int
    label: "str | StrPromise"
    by_month: "Callable[[Clerk, Span], Iterable[tuple[date, int]]]"
    address: "Callable[[Span], str]"


@dataclass(frozen=True)
class Overview:
    """All that one app brings."""

    figures: tuple[Figure, ...] = ()
    backlogs: tuple[Backlog, ...] = ()
    series: tuple[Series, ...] = ()
    forecasts: tuple[Forecast, ...] = ()


NO_OVERVIEW: Final = Overview()


def month_name(month: date) -> str:
    return date_format(month, "F Y")
