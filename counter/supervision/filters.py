"""A filter of long lists by a first and a last day, which are linked or typed."""

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

#: PostgreSQL refuses an offset from UTC of this size; Python allows up to a day.
_OFFSETS_END = datetime.timedelta(hours=16)
#: All rows lie between these days. Outside them a midnight may not be representable.
_FIRST, _LAST = datetime.date(1900, 1, 1), datetime.date(2200, 1, 1)


class DaysFilter(admin.FieldListFilter):
    """The rows from the day `<field>__from` until and with the day `<field>__until`.

    Days are those of the office's clock. Links of the start page have instants instead,
    `<field>__gte` and `<field>__lt`, so that they find what their numbers counted.
    Raises IncorrectLookupParameters for a value that is no day or instant.
    """

    template = "admin/days_filter.html"

    @override
    def __init__(
        self,
        field: Any,
        request: HttpRequest,
        params: dict[str, Any],
        model: type[models.Model],
        model_admin: Any,
        field_path: str,
    ) -> None:
        self.names = days_lookups(field_path)
        self.from_name, self.until_name, *instants = self.names
        super().__init__(field, request, params, model, model_admin, field_path)
        #: The days for the two fields; `others` are the URL's other parameters.
        self.first, self.last = self._day(self.from_name), self._day(self.until_name)
        self.start, self.end = (self._instant(name) for name in instants)
        self.others: list[tuple[str, str]] = []

    @override
    def expected_parameters(self) -> list[str | None]:
        return [*self.names]

    def _typed(self, name: str) -> str:
        typed = self.used_parameters.get(name)
        return str(typed[-1] if isinstance(typed, list) else typed or "")

    def _day(self, name: str) -> datetime.date | None:
        typed = self._typed(name)
        if not typed:
            return None
        try:
            day = datetime.date.fromisoformat(typed)
        except ValueError as error:
            raise IncorrectLookupParameters(error) from error
        return _within_reason(day)

    def _instant(self, name: str) -> datetime.datetime | None:
        typed = self._typed(name)
        if not typed:
            return None
        try:
            at = datetime.datetime.fromisoformat(typed)
        except ValueError as error:
            raise IncorrectLookupParameters(error) from error
        _within_reason(at.date())
        return timezone.make_aware(at) if timezone.is_naive(at) else at

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        day = datetime.timedelta(days=1)
        bounds = (
            ("gte", self.first and _midnight(self.first)),
            ("lt", self.last and _midnight(self.last + day)),
            ("gte", self.start),
            ("lt", self.end),
        )
        for comparison, bound in bounds:
            if bound is not None:
                queryset = queryset.filter(
                    **{f"{self.field_path}__{comparison}": bound}
                )
        return queryset

    @override
    def choices(self, changelist: "ChangeList") -> Iterator[Any]:
        self.others = [
            (name, value)
            for name, values in changelist.filter_params.items()
            for value in (values if isinstance(values, list) else [values])
            if name not in self.names
        ]
        nothing = dict.fromkeys(self.names)
        if self.start or self.end:
            edges = (at and localtime(at) for at in (self.start, self.end))
            words = (at and date_format(at, "SHORT_DATETIME_FORMAT") for at in edges)
            yield {
                "selected": True,
                "query_string": changelist.get_query_string(),
                "display": " - ".join(text or "…" for text in words),
            }
        for display, first, last in _usual_days():
            days = {
                self.from_name: first and first.isoformat(),
                self.until_name: last and last.isoformat(),
            }
            is_it = (self.first, self.last) == (first, last)
            yield {
                "selected": is_it and not (self.start or self.end),
                "query_string": changelist.get_query_string(nothing | days),
                "display": display,
            }


def days_lookups(field_path: str) -> tuple[str, ...]:
    """The names of the filter's parameters in the address."""
    return tuple(f"{field_path}__{tail}" for tail in ("from", "until", "gte", "lt"))


def is_too_far_off(value: str) -> bool:
    """Whether this is an instant whose offset from UTC PostgreSQL refuses."""
    try:
        instant = parse_datetime(value)
    except ValueError:
        return False
    offset = instant.utcoffset() if instant else None
    return offset is not None and abs(offset) >= _OFFSETS_END


def _within_reason(day: datetime.date) -> datetime.date:
    if not _FIRST <= day <= _LAST:
        raise IncorrectLookupParameters(day)
    return day


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _usual_days() -> list[tuple[str, datetime.date | None, datetime.date | None]]:
    today = timezone.localdate()
    return [
        (_("Any date"), None, None),
        (_("Today"), today, today),
        (_("Past 7 days"), today - datetime.timedelta(days=6), today),
        (_("This month"), today.replace(day=1), today),
        (_("This year"), today.replace(month=1, day=1), today),
    ]
