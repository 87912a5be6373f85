"""The registry of retention rules: what is kept, since which event, how long, and why.

Each app returns its rules from `HouseConfig.retention`; those of this app are in
`own_rules.py`, and CONTRIBUTING.md has the steps. Rules run in the order of their
`order` (counter.retention.running), whatever the order of INSTALLED_APPS. Two rules
with the same `order` or the same `code` raise ImproperlyConfigured.

This module imports no models, because models and the admin import it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from counter.database.privileges import HouseConfig

if TYPE_CHECKING:
    from uuid import UUID

    from django_stubs_ext import StrPromise

    type Rows = models.QuerySet[Any]
    type Words = str | StrPromise

DAY: Final = timedelta(days=1)
#: Half a year in days.
HALF_A_YEAR: Final = 183
A_YEAR: Final = 365


class Act(Enum):
    """What is done with a row after its period, in words."""

    DELETED = _("the row is deleted")
    EMPTIED = _("the field is emptied")
    ANONYMISED = _("what says who it was is removed, the row stays")
    CLOSED = _("the dossier is closed")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One retention rule, about the rows of one `model`.

    `past` returns the rows whose event is at or before an instant and that still have
    something to remove; the run passes "now minus the period". `past_of` returns the
    same for some applicants only; it is for rules whose `past` would read too many
    rows. `empties` maps the columns to empty to their new values; `remove` does more
    than that and returns for how many rows. Without both, the rows are deleted.
    `office` is the lookup from a row to its office, "" when rows belong to none. The
    lookups in `dossiers` and `people` lead to dossiers and applicants: they find legal
    holds, and the rows of a person who asks for erasure. `of_people` finds these when
    no lookup does.

    An office may choose another `period` within the `bounds`; without bounds it is
    fixed. For an erasure that the person asks for, the shortest period counts.
    """

    code: str
    order: int
    model: str
    data: "Words"
    event: "Words"
    act: Act
    ground: "Words"
    period: timedelta
    past: "Callable[[datetime], Rows]"
    past_of: "Callable[[datetime, list[UUID]], Rows] | None" = None
    empties: "Mapping[str, Any] | None" = None
    remove: "Callable[[Rows, datetime], int] | None" = None
    #: The shortest and longest period that an office may choose; None when it is fixed.
    bounds: tuple[timedelta, timedelta] | None = None
    office: str = ""
    dossiers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    #: Returns the rows of these applicants, when no lookup leads to them.
    of_people: "Callable[[list[UUID]], Rows] | None" = None
    #: Leaves dossiers alone that are still needed (`Need`).
    unneeded: bool = False
    #: About staff: not part of the privacy notice for the public.
    of_staff: bool = False
    hourly: bool = False

    @property
    def to_person(self) -> tuple[str, ...]:
        """The lookups from a row to its applicant."""
        through = (
            "applicant" if lookup == "pk" else f"{lookup}__applicant"
            for lookup in self.dossiers
        )
        return (*through, *self.people)

    @property
    def is_about_people(self) -> bool:
        return bool(self.to_person or self.of_people)

    def rows_of(self, people: "list[UUID]") -> "Rows":
        """All rows of these applicants, also those whose period is not over.

        Each lookup is a query of its own in a UNION, so that each uses its index: an OR
        over two joins would read the whole table.
        """
        if self.of_people:
            return self.of_people(people).order_by()
        every: Rows = apps.get_model(self.model)._default_manager.order_by()
        each = [every.filter(**{f"{lookup}__in": people}) for lookup in self.to_person]
        first, *others = each
        if not others:
            return first
        keys = first.values("pk").union(*(rows.values("pk") for rows in others))
        return every.filter(pk__in=keys)

    @property
    def shortest(self) -> timedelta:
        return self.bounds[0] if self.bounds else self.period

    @property
    def longest(self) -> timedelta:
        return self.bounds[1] if self.bounds else self.period

    @property
    def is_editable(self) -> bool:
        return bool(self.office) and self.bounds is not None

    def why_not(self, days: int) -> str:
        """A sentence why an office may not choose this number of days, or ""."""
        # Days and no timedelta, which refuses a number of ten digits.
        if self.shortest.days <= days <= self.longest.days:
            return ""
        return gettext(
            "“%(data)s” is kept for at least %(shortest)s and at most %(longest)s."
        ) % {
            "data": self.data,
            "shortest": in_words(self.shortest),
            "longest": in_words(self.longest),
        }

    def within(self, days: int) -> timedelta:
        """The period for a chosen number of days, limited to the present bounds."""
        return timedelta(days=min(max(days, self.shortest.days), self.longest.days))


@dataclass(frozen=True, kw_only=True)
class Need:
    """A reason to keep a dossier beyond its period, such as money to be paid back.

    `dossiers` returns the keys of the dossiers that are needed. `why` is the end of the
    sentence for a person who asks for erasure.
    """

    order: int
    why: "Words"
    dossiers: "Callable[[datetime], Rows]"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept after all personal data are removed, and why."""

    order: int
    data: "Words"
    ground: "Words"
    #: Calendar years; 0 for data that never identified anybody.
    years: int
    #: About staff: not part of the privacy notice for the public.
    of_staff: bool = False

    @property
    def period(self) -> str:
        """The period in words; "" when `years` is 0."""
        if not self.years:
            return ""
        words = in_words(self.years * A_YEAR * DAY)
        return gettext("at least %(period)s") % {"period": words}


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Everything that one app says about retention.

    `forget_dossiers` removes the personal data that the app keeps with these dossiers,
    `forget_people` those with these applicants. Both are called in the transaction of
    the rule, the highest app first, and keep the rows for the statistics.
    """

    rules: tuple[Rule, ...] = ()
    needs: tuple[Need, ...] = ()
    kept: tuple[Kept, ...] = ()
    forget_dossiers: "Callable[[list[UUID], datetime], None] | None" = None
    forget_people: "Callable[[list[UUID], datetime], None] | None" = None
    #: Returns those of these dossiers that another transaction is changing. For the
    #: rest the app takes its locks that come before the lock of a dossier.
    in_hand: "Callable[[list[UUID]], set[UUID]] | None" = None
    #: E-mail addresses that these applicants have proved to be theirs.
    addresses: "Callable[[list[UUID]], Iterable[str]] | None" = None


def _brought() -> Iterator[Retention]:
    """Those of all apps, the highest first: the order of INSTALLED_APPS."""
    for app in apps.get_app_configs():
        if isinstance(app, HouseConfig):
            yield app.retention()


def _in_order[P: (Rule, Need, Kept)](entries: Iterator[P]) -> tuple[P, ...]:
    placed = tuple(sorted(entries, key=lambda entry: entry.order))
    if len({entry.order for entry in placed}) < len(placed):
        raise ImproperlyConfigured("Two things of the retention have the same place.")
    return placed


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order in which they run."""
    placed = _in_order(rule for brought in _brought() for rule in brought.rules)
    if len({rule.code for rule in placed}) < len(placed):
        raise ImproperlyConfigured("Two retention rules have the same code.")
    return placed


@cache
def needs() -> tuple[Need, ...]:
    return _in_order(need for brought in _brought() for need in brought.needs)


@cache
def kept() -> tuple[Kept, ...]:
    return _in_order(line for brought in _brought() for line in brought.kept)


def kept_of_the_public() -> list[Kept]:
    return [line for line in kept() if not line.of_staff]


def find(code: str) -> Rule | None:
    return next((rule for rule in rules() if rule.code == code), None)


def rule(code: str) -> Rule:
    """The rule with this code. Raises LookupError when there is none."""
    if (known := find(code)) is None:
        raise LookupError(code)
    return known


def in_hand(keys: "list[UUID]") -> "set[UUID]":
    """The dossiers that another transaction is changing: left for the next run."""
    busy: set[UUID] = set()
    for brought in _brought():
        if brought.in_hand:
            busy |= brought.in_hand(keys)
    return busy


def addresses(people: "list[UUID]") -> "list[str]":
    """The e-mail addresses that these applicants have proved to be theirs."""
    return [
        address
        for brought in _brought()
        if brought.addresses
        for address in brought.addresses(people)
    ]


def forget_dossiers(keys: "list[UUID]", at: datetime) -> None:
    """Have every app remove the personal data that it keeps with these dossiers."""
    for brought in _brought():
        if brought.forget_dossiers:
            brought.forget_dossiers(keys, at)


def forget_people(keys: "list[UUID]", at: datetime) -> None:
    for brought in _brought():
        if brought.forget_people:
            brought.forget_people(keys, at)


def in_words(period: timedelta) -> str:
    """The period in the reader's language: "30 days", "6 months", "10 years"."""
    days = period.days
    if not period:
        return gettext("not a day longer")
    if days == 0:
        hours = period // timedelta(hours=1)
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    if days and days % A_YEAR == 0:
        years = days // A_YEAR
        return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}
    if days == HALF_A_YEAR:
        return gettext("6 months")
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
