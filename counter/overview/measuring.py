"""Counts rows for several spans, or for each day, in one query."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Aggregate, Count, DurationField, Q, QuerySet
from django.db.models.functions import TruncDate

from counter.overview.spans import Span, Spans


class Median(Aggregate):
    """The median of durations; None for no rows."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)%(filter)s"

    output_field = DurationField()


def within(column: str, span: Span) -> Q:
    return Q(**{f"{column}__gte": span.start, f"{column}__lt": span.end})


def each(rows: QuerySet[Any], column: str, spans: Spans) -> list[int]:
    """For each span, how many rows have their `column` in it."""
    wanted = {
        f"span{place}": Count("pk", filter=within(column, span))
        for place, span in enumerate(spans)
    }
    recent = rows.filter(**{f"{column}__gte": spans.first}).order_by()
    return list(recent.aggregate(**wanted).values())


def by_day(rows: QuerySet[Any], column: str, span: Span) -> Iterator[tuple[date, int]]:
    """Each day in Brussels with its number of rows, without days that have none."""
    in_span = rows.filter(within(column, span)).order_by()
    days = in_span.values_list(TruncDate(column)).annotate(n=Count("pk"))
    yield from days
