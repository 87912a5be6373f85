"""The people whom most tests ask for, written once for several tests.

Four of ten quick tests begin with the office, its price and Els. A transaction stays
open around the tests. In it each of these rows has a savepoint, one within the other,
and a test runs in one more, which is rolled back when the test ends. A test finds the
rows that it asks for and no others: what it does not name is rolled back before it
begins. It gets copies of the objects, so that it may change them.

No row is older than `OLDEST` when a test begins, so that a test may count the seconds
since its people were made. The rows are not there for a test that commits or uses no
database, nor for one whose fixtures set the clock or that asks for `own_cast`.
"""

import copy
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Final

import pytest
from django.db import connection, models, transaction
from django.utils import translation
from pytest_django import DjangoDbBlocker

from counter.enums import Role
from tests import cast

type Row = models.Model
type Rows = dict[str, Any]

#: In seconds: how old a row may be when a test begins.
OLDEST: Final = 5.0
#: In seconds: a clock that is further off was set, however slow the machine is.
_ANOTHER_DAY: Final = 6 * 3600.0
#: Each row is made from those before it. A test finds the rows up to the first one that
#: it does not name.
MAKERS: Final[dict[str, Callable[[Rows], Row]]] = {
    "office": lambda _: cast.make_office(),
    "tariff": lambda rows: cast.make_tariff(rows["office"]),
    "els": lambda rows: cast.make_clerk("els", rows["office"], desk="Loket 1"),
    "sofie": lambda rows: cast.make_clerk(
        "sofie", rows["office"], desk="", role=Role.SUPERVISOR
    ),
}
#: Fixtures of tests that commit, and of those that want their people made anew.
MAKES_ITS_OWN: Final = {
    "own_cast",
    "time_machine",
    "transactional_db",
    "live_server",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
}


@dataclass(frozen=True)
class _Level:
    """A row of the cast with its savepoint; the first has the transaction itself."""

    name: str
    row: Row
    savepoint: transaction.Atomic
    made: float


class SharedCast:
    """The shared rows that are in the database before a test begins."""

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self._blocker = blocker
        self._levels: list[_Level] = []
        self._copies: Rows = {}

    def prepare(self, names: Collection[str]) -> None:
        """Have in the database the rows of `MAKERS` that come before the first one that
        is not in `names`, and no other rows of the cast.
        """
        wanted = []
        for name in MAKERS:
            if name not in names:
                break
            wanted.append(name)
        self._copies = {}
        if not wanted and not self._levels:
            return
        with self._blocker.unblock(), translation.override("nl"):
            self._drop_from(self._first_unfit(wanted))
            for name in wanted[len(self._levels) :]:
                self._add(name)
        rows = {level.name: level.row for level in self._levels}
        # Copied together, so that the clerk's office is the very office of the test.
        self._copies = copy.deepcopy(rows)

    def row(self, name: str) -> Any:  # noqa: ANN401 (of the model that the name says)
        """The row of that name for this test; None when the test has to make it."""
        row = self._copies.get(name)
        if row is not None and abs(time.time() - self._levels[0].made) > _ANOTHER_DAY:
            raise pytest.UsageError(
                f"{name} was made under another clock than the test: ask for own_cast."
            )
        return row

    def _first_unfit(self, wanted: list[str]) -> int:
        """The number of levels that may stay."""
        is_broken = connection.closed_in_transaction or connection.needs_rollback
        if is_broken or len(connection.savepoint_ids) != len(self._levels) - 1:
            return 0
        now = time.time()
        fit = 0
        for level, name in zip(self._levels, wanted, strict=False):
            if level.name != name or abs(now - level.made) > OLDEST:
                break
            fit += 1
        return fit

    def _drop_from(self, first: int) -> None:
        while len(self._levels) > first:
            savepoint = self._levels.pop().savepoint
            transaction.set_rollback(True)
            savepoint.__exit__(None, None, None)

    def _add(self, name: str) -> None:
        savepoint = transaction.atomic()
        # As Django's own TestCase does, so that durable transactions do not count it.
        savepoint._from_testcase = True  # type: ignore[attr-defined]
        savepoint.__enter__()
        rows = {level.name: level.row for level in self._levels}
        try:
            row = MAKERS[name](rows)
            # Checked here once, instead of at the end of each test.
            connection.check_constraints()
        except BaseException:
            transaction.set_rollback(True)
            savepoint.__exit__(None, None, None)
            raise
        self._levels.append(_Level(name, row, savepoint, time.time()))


def names_of(item: pytest.Item) -> Collection[str]:
    """The fixtures of a test, if it may find shared rows; else none.

    It may not if it commits, or if one of its fixtures sets the clock: what the test
    makes afterwards has to be made at that time.
    """
    known: Any = getattr(item, "_fixtureinfo", None)
    mark = item.get_closest_marker("django_db")
    if known is None or (mark is not None and (mark.args or mark.kwargs)):
        return ()
    # An argument of parametrize is no fixture, whatever its name.
    call: Any = getattr(item, "callspec", None)
    names = set(known.names_closure) - set(call.params if call else ())
    if names & MAKES_ITS_OWN:
        return ()
    made = chain.from_iterable(known.name2fixturedefs.values())
    return () if any(_sets_the_clock(one.func) for one in made) else names


@cache
def _sets_the_clock(fixture: Callable[..., object]) -> bool:
    code = getattr(fixture, "__code__", None)
    return code is not None and not {"travel", "move_to"}.isdisjoint(code.co_names)
