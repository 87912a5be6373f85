"""The first rows of a list that a page shows, and whether there are more."""

from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from itertools import islice

from django.db.models import QuerySet


@dataclass(frozen=True)
class FirstRows[T](Sized):
    """The rows for a page; with `more`, the page says that there are others."""

    rows: list[T]
    more: bool

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def first_rows[T](rows: Iterable[T], most: int) -> FirstRows[T]:
    """The first `most` rows. One row more is read, to know whether there are others."""
    one_more = most + 1
    if isinstance(rows, QuerySet):
        rows = rows[:one_more]
    read = list(islice(rows, one_more))
    return FirstRows(read[:most], more=len(read) > most)
