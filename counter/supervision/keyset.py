"""Long lists without OFFSET: the next page begins after the last row that was shown.

A list is sorted by the columns that its admin names and then by the key, so the order
is always the same. The URL has only the key of the row at the edge of the page, because
a name or a time would tell something about a person; the row's values are looked up.
When the first page has all rows, their number is known. Otherwise counting stops at
COUNTED (docs/decisions/063-lists-by-keyset.md).
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, override

from django.contrib.admin.views.main import ALL_VAR, ORDER_VAR, ChangeList
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.http import HttpRequest

#: URL parameters: the key of the row after which the page begins, or before which it
#: ends.
AFTER: Final = "after"
BEFORE: Final = "before"
#: Above this number a list says "more than". These are four pages, and people do not
#: read further. Exact numbers are in the statistics, and counting reads each row.
COUNTED: Final = 200
#: Parameters that are no filters. Older links may have some that have no effect here.
_NO_FILTERS: Final = (AFTER, BEFORE, ALL_VAR, ORDER_VAR)

type Order = tuple[str, ...]


def full_order(model: type[models.Model], names: Sequence[str]) -> Order:
    """The columns to sort by, with the key last; "-" before a descending column."""
    key = model._meta.pk.name
    order = [name for name in names if name.lstrip("-") not in {"pk", key}]
    falls = names[-1].startswith("-") if names else False
    return (*order, f"{'-' if falls else ''}{key}")


def check_order(model: type[models.Model], names: Sequence[str | Combinable]) -> None:
    """Raises ImproperlyConfigured for an order that this pagination cannot use.

    No column may be null, because comparing with null is never true. No column may be a
    relation to a model with an ordering: Django would sort by that ordering, but
    compare keys.
    """
    for name in map(str, names):
        place = model
        for part in name.lstrip("-").split("__"):
            field = place._meta.pk if part == "pk" else place._meta.get_field(part)
            related = field.related_model
            if getattr(field, "null", False):
                raise ImproperlyConfigured(f"{model.__name__}: {name} may be empty.")
            if isinstance(related, type):
                place = related
        if place is not model and field.related_model and place._meta.ordering:
            raise ImproperlyConfigured(f"{model.__name__}: sort by a column of {name}.")


def beyond(order: Order, values: Sequence[object], *, backwards: bool) -> Q:
    """The rows after the row with these values, in this order; `backwards`, before it.

    The condition also compares the first column alone, so that an index can be used.
    """
    condition = Q()
    for name, value in reversed(list(zip(order, values, strict=True))):
        column = name.lstrip("-")
        comparison = "lt" if name.startswith("-") is not backwards else "gt"
        further = Q(**{f"{column}__{comparison}": value})
        if condition:
            here = Q(**{f"{column}__{comparison}e": value})
            condition = here & (further | (Q(**{column: value}) & condition))
        else:
            condition = further
    return condition


def stretches(
    order: Order, values: Sequence[object], *, backwards: bool
) -> Iterator[Q]:
    """The rows that `beyond` selects, in parts that follow each other in this order.

    For receipts sorted by year and number, the first part has the rest of the year, the
    second the years after. For each part the index is used with all the columns of its
    condition; for both together only with the first column.
    """
    start = max(0, len(order) - 2)
    for column in range(start, -1, -1):
        same = Q(**dict(zip(order_columns(order[:column]), values, strict=False)))
        stop = None if column == start else column + 1
        yield same & beyond(
            order[column:stop], values[column:stop], backwards=backwards
        )


def order_columns(order: Order) -> list[str]:
    return [name.lstrip("-") for name in order]


def turned(order: Order) -> Order:
    return tuple(
        name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order
    )


class KeysetList(ChangeList):
    """Django's list of rows, with keyset pagination in the order of its admin."""

    is_keyset = True
    order: Order
    next_link = ""
    previous_link = ""
    first_link = ""
    is_more_than_counted = False

    @override
    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        wanted: dict[str, Any] = super().get_filters_params(params)
        return {name: wanted[name] for name in wanted if name not in _NO_FILTERS}

    @override
    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """A link's query. It leads to the first page, unless it names an edge."""
        for name in _NO_FILTERS:
            self.filter_params.pop(name, None)
            self.params.pop(name, None)
        return super().get_query_string(new_params, remove)

    @override
    def get_ordering(
        self, request: HttpRequest, queryset: Any
    ) -> list[str | Combinable]:
        names = map(str, self.model_admin.get_ordering(request))
        self.order = full_order(self.model, tuple(names))
        return list(self.order)

    @override
    def get_ordering_field_columns(self) -> dict[int, Any]:
        return {}

    @override
    def get_results(self, request: HttpRequest) -> None:
        rows, is_cut = self._page(request)
        self.result_list = rows
        self.multi_page = bool(self.next_link or self.previous_link)
        self.result_count = len(rows)
        if is_cut or self.previous_link:
            counted = self.queryset.order_by()[: COUNTED + 1].count()
            self.is_more_than_counted = counted > COUNTED
            self.result_count = min(counted, COUNTED)
        self.show_full_result_count = False
        self.full_result_count = None
        # There are no numbers of pages to choose from.
        self.show_all = self.can_show_all = True
        self.show_admin_actions = bool(rows)

    def _page(self, request: HttpRequest) -> tuple[list[Any], bool]:
        """The rows of this page, and whether there are rows after it."""
        size = self.list_per_page
        for parameter, backwards in ((AFTER, False), (BEFORE, True)):
            edge = self._edge(request.GET.get(parameter, ""))
            if edge is None:
                continue
            order = turned(self.order) if backwards else self.order
            rows = list[Any]()
            for part in stretches(self.order, edge, backwards=backwards):
                there = self.queryset.filter(part).order_by(*order)
                rows += there[: size + 1 - len(rows)]
                if len(rows) > size:
                    break
            # Fewer rows than a page come before the edge: show the full first page.
            if not rows or (backwards and len(rows) <= size):
                break
            is_cut = backwards or len(rows) > size
            rows = rows[:size]
            if backwards:
                rows.reverse()
            self._link(rows, has_previous=True, has_next=is_cut)
            return rows, is_cut
        rows = list(self.queryset[: size + 1])
        is_cut = len(rows) > size
        rows = rows[:size]
        self._link(rows, has_previous=False, has_next=is_cut)
        return rows, is_cut

    def _link(self, rows: list[Any], *, has_previous: bool, has_next: bool) -> None:
        if has_previous:
            self.first_link = self.get_query_string()
            self.previous_link = self.get_query_string({BEFORE: rows[0].pk})
        if has_next:
            self.next_link = self.get_query_string({AFTER: rows[-1].pk})

    def _edge(self, key: str) -> tuple[Any, ...] | None:
        """The values of the row with this key; None when the reader may not see it."""
        if not key:
            return None
        try:
            pk = self.model._meta.pk.to_python(key)
        except ValidationError:
            return None
        names = order_columns(self.order)
        place: tuple[Any, ...] | None = (
            self.root_queryset.filter(pk=pk).order_by().values_list(*names).first()
        )
        return place
