"""One table of rules: what is kept, from which event it counts, how long, and why.

An app says it in its `apps.py` (`HouseConfig.retention`), this one in `own_rules.py`;
CONTRIBUTING.md has the steps. Rules run in the order of their numbers
(counter.retention.running), whatever the order of INSTALLED_APPS. Two with the same
number or the same code are refused (ImproperlyConfigured).

Nothing of models is imported here: the admin and the models' own checks need it.
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
#: Half a year, as periods are counted in days.
HALF_A_YEAR: Final = 183
A_YEAR: Final = 365


class Act(Enum):
    """What becomes of a row whose time is over, in words."""

    DELETED = _("the row is deleted")
    EMPTIED = _("the field is emptied")
    ANONYMISED = _("what says who it was is removed, the row stays")
    CLOSED = _("the dossier is closed")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of the table.

    `past` gives the rows whose event lies at or before an instant and that were not
    dealt with yet; the run gives it the instant that lies the period before now.
    `empties` names the columns that are emptied, with what stands there then; `remove`
    does what is more than that and says to how many. With neither, rows are deleted.
    Where `past` begins with all ends that there were, `past_of` gives the same of some
    applicants, beginning with them. `office` is the lookup from a row to its office,
    empty where rows belong to none: then the period is the whole house's.
    `dossiers` and `people` are the lookups to dossiers and applicants, by which holds
    are found and what belongs to a person who asks to be forgotten; `of_people` says it
    where the rows know no person.

    An office chooses another `period` within the `bounds`; without them it is fixed.
    What the person asks to erase goes after the shortest already.
    """

    code: str
    order: int
    model: str
    what: "Words"
    event: "Words"
    act: Act
    ground: "Words"
    period: timedelta
    past: "Callable[[datetime], Rows]"
    past_of: "Callable[[datetime, list[UUID]], Rows] | None" = None
    empties: "Mapping[str, Any] | None" = None
    remove: "Callable[[Rows, datetime], int] | None" = None
    #: The shortest and the longest that an office may choose; None where it is fixed.
    bounds: tuple[timedelta, timedelta] | None = None
    office: str = ""
    dossiers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    #: The rows of these applicants, where no lookup leads to them.
    of_people: "Callable[[list[UUID]], Rows] | None" = None
    #: Only for dossiers that nothing needs any more (`Need`).
    unneeded: bool = False
    #: About who works here: no business of the public's notice.
    of_staff: bool = False
    hourly: bool = False

    @property
    def to_person(self) -> tuple[str, ...]:
        """The lookups from a row to the applicant whose it is."""
        through = (
            "applicant" if lookup == "pk" else f"{lookup}__applicant"
            for lookup in self.dossiers
        )
        return (*through, *self.people)

    @property
    def is_about_people(self) -> bool:
        return bool(self.to_person or self.of_people)

    def rows_of(self, people: "list[UUID]") -> "Rows":
        """All rows of the model that are these applicants', whatever their time.

        Each lookup by itself, so that each uses its own index: with an OR over two
        joins all rows there are would be read.
        """
        if self.of_people:
            return self.of_people(people).order_by()
        every: Rows = apps.get_model(self.model)._default_manager.order_by()
        each = [every.filter(**{f"{way}__in": people}) for way in self.to_person]
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
        """Why an office cannot choose so many days; empty when it can."""
        if self.shortest <= timedelta(days=days) <= self.longest:
            return ""
        return gettext(
            "“%(what)s” is kept for at least %(shortest)s and at most %(longest)s."
        ) % {
            "what": self.what,
            "shortest": in_words(self.shortest),
            "longest": in_words(self.longest),
        }

    def within(self, days: int) -> timedelta:
        """A period that was chosen, inside today's bounds."""
        return min(max(timedelta(days=days), self.shortest), self.longest)


@dataclass(frozen=True, kw_only=True)
class Need:
    """Why a dossier is still needed, whatever its period: money that goes back.

    `dossiers` gives the keys of those that are. `why` ends the sentence that is said
    to whoever asks to erase it.
    """

    order: int
    why: "Words"
    dossiers: "Callable[[datetime], Rows]"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What stays when everything about the person has gone, and why."""

    order: int
    what: "Words"
    ground: "Words"
    #: Calendar years; 0 for what is about nobody from the beginning.
    years: int
    #: About who works here: no business of the public's notice.
    of_staff: bool = False

    @property
    def period(self) -> str:
        """As a sentence has it; empty for what is about nobody."""
        if not self.years:
            return ""
        words = in_words(self.years * A_YEAR * DAY)
        return gettext("at least %(period)s") % {"period": words}


@dataclass(frozen=True, kw_only=True)
class Retention:
    """All that one app brings.

    `forget_dossiers` removes what the app keeps of the persons of these dossiers,
    `forget_people` of these applicants; both run in the transaction of the rule, the
    higher app first, and leave the rows that are counted.
    """

    rules: tuple[Rule, ...] = ()
    needs: tuple[Need, ...] = ()
    kept: tuple[Kept, ...] = ()
    forget_dossiers: "Callable[[list[UUID], datetime], None] | None" = None
    forget_people: "Callable[[list[UUID], datetime], None] | None" = None
    #: Of these dossiers those on which somebody is at work: the app locks what it locks
    #: before a dossier, as far as nobody else has.
    in_hand: "Callable[[list[UUID]], set[UUID]] | None" = None
    #: Addresses at which these applicants showed that they read their mail.
    addresses: "Callable[[list[UUID]], Iterable[str]] | None" = None


def _brought() -> Iterator[Retention]:
    """The highest app first: INSTALLED_APPS follows the import line."""
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
    """All of them, in the order in which they run."""
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
    """Raises LookupError when no app brings it."""
    if (known := find(code)) is None:
        raise LookupError(code)
    return known


def in_hand(keys: "list[UUID]") -> "set[UUID]":
    """The dossiers that are left for the next run, because somebody acts on them."""
    busy: set[UUID] = set()
    for brought in _brought():
        if brought.in_hand:
            busy |= brought.in_hand(keys)
    return busy


def addresses(people: "list[UUID]") -> "list[str]":
    """What apps know to be these applicants' own addresses."""
    return [
        address
        for brought in _brought()
        if brought.addresses
        for address in brought.addresses(people)
    ]


def forget_dossiers(keys: "list[UUID]", at: datetime) -> None:
    """Every app removes what it keeps of the persons of these dossiers."""
    for brought in _brought():
        if brought.forget_dossiers:
            brought.forget_dossiers(keys, at)


def forget_people(keys: "list[UUID]", at: datetime) -> None:
    for brought in _brought():
        if brought.forget_people:
            brought.forget_people(keys, at)


def in_words(period: timedelta) -> str:
    """As it stands in a sentence: "30 days", "6 months", "10 years"."""
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
