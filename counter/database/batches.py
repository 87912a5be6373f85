"""What is due by itself, batch by batch, whatever a single row does."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

BATCH: Final = 200
#: From so many rows on that cannot be dealt with, it is not the rows that are wrong.
MOST_BAD: Final = 20
#: Errors of the database as a whole: no row is to blame.
_NOT_OF_THE_ROW: Final = (OperationalError, InterfaceError)

log = structlog.get_logger("sleutelloket.housekeeping")


class RowsFailedError(Exception):
    """So many rows could not be dealt with; all others were."""


class Apply(Protocol):
    """Deals with a batch in one transaction; returns how many rows.

    With `only` these, without it of all that are due; never with those of `without`.
    """

    def __call__(
        self, *, batch: int, only: list[Any] | None, without: list[Any]
    ) -> int: ...


class Batches:
    """How many rows were dealt with, batch by batch; `what` names them in the log.

    A row that cannot be dealt with keeps no other from it: its batch is parted until it
    stands alone, and it is passed over. From `MOST_BAD` of them on the error is raised.
    No batch begins once the clock (time.monotonic) is past `until`.
    """

    def __init__(
        self,
        apply: Apply,
        due: Callable[[], QuerySet[Any]],
        *,
        what: str,
        until: float,
        size: int = BATCH,
    ) -> None:
        self._apply, self._due, self._what = apply, due, what
        self._until, self._size = until, size
        self._bad: list[Any] = []

    def __iter__(self) -> Iterator[int]:
        while not self._is_late():
            try:
                done = self._apply(batch=self._size, only=None, without=self._bad)
            except _NOT_OF_THE_ROW:
                raise
            except Exception:  # noqa: BLE001 (whatever it is, the others go on)
                yield from self._parted()
                continue
            if not done:
                return
            yield done

    def raise_for_the_bad(self) -> None:
        """Raise RowsFailedError when rows were passed over."""
        if self._bad:
            raise RowsFailedError(len(self._bad))

    def _is_late(self) -> bool:
        return time.monotonic() >= self._until

    def _parted(self) -> Iterator[int]:
        """A batch in halves, and their halves, down to each row that is bad."""
        rows = self._due().exclude(pk__in=self._bad).order_by("pk")
        parts = [list(rows.values_list("pk", flat=True)[: self._size])]
        while parts and not self._is_late():
            part = parts.pop()
            try:
                yield self._apply(batch=len(part), only=part, without=self._bad)
            except _NOT_OF_THE_ROW:
                raise
            except Exception as error:
                half = len(part) // 2
                if half:
                    parts += [part[half:], part[:half]]
                    continue
                self._pass_over(part, error)
                if len(self._bad) >= MOST_BAD:
                    raise

    def _pass_over(self, part: list[Any], error: Exception) -> None:
        """Say which row, and of the error its class: its text may quote the row."""
        name = type(error).__name__
        row = str(part[0]) if part else ""
        log.error("row_passed_over", what=self._what, row=row, error=name)
        self._bad += part
