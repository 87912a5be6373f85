"""The first rows of a list that a page shows, and whether there are more."""

from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from itertools import islice

from django.db.models import QuerySet


@dataclass(frozen=True)
class FirstRows[T](Sized):
    """What a page goes through; `more` has the page say that these are not all."""

    rows: list[T]
    more: bool

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def first_rows[T](rows: Iterable[T], most: int) -> FirstRows[T]:
    """At most so many of them; of a queryset no more than one other is read."""
    one_more = most + 1
    if isinstance(rows, QuerySet):
        rows = rows[:one_more]
    read = list(islice(rows, one_more))
    return FirstRows(read[:most], more=len(read) > most)
