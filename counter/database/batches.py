"""Handles due rows in batches, so that a row with an error does not stop the others."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

BATCH: Final = 200
#: With so many failed rows, the cause is probably not in the rows.
MOST_BAD: Final = 20
#: Errors of the database as a whole, which no row causes.
_NOT_OF_THE_ROW: Final = (OperationalError, InterfaceError)

log = structlog.get_logger("sleutelloket.housekeeping")


class RowsFailedError(Exception):
    """Some rows could not be handled. Its argument is their number."""


class Apply(Protocol):
    """A function that handles a batch in one transaction; it returns how many rows.

    It takes at most `batch` rows: those with the keys in `only`; or, if that is None,
    of all due rows. It never takes rows with the keys in `without`.
    """

    def __call__(
        self, *, batch: int, only: list[Any] | None, without: list[Any]
    ) -> int: ...


class Batches:
    """Handles batches when iterated, and yields how many rows of each were handled.

    When a batch fails, it is halved until the failing row is alone. That row is logged,
    with `name` as the kind of work, and skipped. With `MOST_BAD` such rows its error is
    raised, and errors of the database as a whole are raised at once. No batch begins
    after `until`, a time of time.monotonic.
    """

    def __init__(
        self,
        apply: Apply,
        due: Callable[[], QuerySet[Any]],
        *,
        name: str,
        until: float,
        size: int = BATCH,
    ) -> None:
        self._apply, self._due, self._name = apply, due, name
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
        """Raise RowsFailedError when rows were skipped."""
        if self._bad:
            raise RowsFailedError(len(self._bad))

    def _is_late(self) -> bool:
        return time.monotonic() >= self._until

    def _parted(self) -> Iterator[int]:
        """Handle the failed batch again in halves, down to each row that fails."""
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
        """Skip the row; log it with the error's class: its text may quote the row."""
        row = str(part[0]) if part else ""
        kind = type(error).__name__
        log.error("row_passed_over", what=self._name, row=row, error=kind)
        self._bad += part
