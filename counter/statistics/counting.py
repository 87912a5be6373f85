"""Counts rows by month and by a value, in one query."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth
from django.utils.timezone import localdate

from counter.overview.measuring import within
from counter.overview.spans import Span


def by_month(
    rows: QuerySet[Any], column: str, span: Span, value: str | Combinable
) -> Iterator[tuple[date, str, int]]:
    """Month, value and number of rows; the month of `column` is that in Brussels.

    `value` is a column or an expression.
    """
    in_span = rows.filter(within(column, span)).order_by()
    grouped = in_span.values_list(TruncMonth(column), value).annotate(n=Count("pk"))
    for month, of, count in grouped:
        yield localdate(month), str(of), count
