"""What each app brings to the desk, to a dossier's page and to the admin.

An app says it in its `apps.py` (`HouseConfig.at_the_desk`); this app is no exception.
Everything has a number that says where it stands among what other apps bring, the
smallest first, so that nothing depends on the order of INSTALLED_APPS. Two things with
the same number in the same place are refused (ImproperlyConfigured).

Nothing of models is imported here: the admin is loaded before them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from counter.database.privileges import HouseConfig
from counter.overview.brought import NO_OVERVIEW, Overview
from counter.statistics.brought import Breakdown

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import SimpleListFilter
    from django.db.models import Model
    from django_stubs_ext import StrOrPromise, StrPromise

    from counter.desk.problem import Problem
    from counter.models import Applicant, Clerk, Dossier
    from counter.querysets import DossierQuerySet
    from counter.supervision.house_admin import HouseInline

    type Rows = DossierQuerySet[Dossier]


class Slot(StrEnum):
    """A place on a page where other apps show something (`Part`)."""

    #: The bar above every page of the desk, and the help for its keys.
    BAR = "bar"
    BAR_KEYS = "bar_keys"
    #: Of a dossier's page: what comes next, beside it, among the facts, among what else
    #: can be done; and the help for the keys of all that.
    DOSSIER_NEXT = "dossier_next"
    DOSSIER_SIDE = "dossier_side"
    DOSSIER_FACTS = "dossier_facts"
    DOSSIER_ACTIONS = "dossier_actions"
    DOSSIER_KEYS = "dossier_keys"


class _Placed(Protocol):
    @property
    def order(self) -> int: ...


class ActiveKey(Protocol):
    """What is said of a key of somebody who came before."""

    valid_until: Any

    def get_kind_display(self) -> str: ...


@dataclass(frozen=True)
class ProblemList:
    """Lines for the desk's list of what needs attention, the most pressing first.

    A dossier that a list before this one named is left out, unless `again`.
    """

    order: int
    find: "Callable[[Clerk, datetime], Iterable[Problem]]"
    again: bool = False


@dataclass(frozen=True)
class DayCount:
    """One number of the office's day: of these dossiers, since midnight."""

    order: int
    label: "str | StrPromise"
    count: "Callable[[Rows, datetime], int]"


@dataclass(frozen=True)
class Finder:
    """Dossiers for a text typed into the search field; None when it means none such.

    Asked before everything that the desk itself looks for.
    """

    order: int
    find: "Callable[[str, Rows], Rows | None]"


@dataclass(frozen=True)
class Column:
    """One more column of every list of dossiers.

    `template` draws the cell of `dossier`; `prepare` has the rows loaded with what it
    needs, in as many queries for many rows as for one.
    """

    order: int
    label: "str | StrPromise"
    template: str
    prepare: "Callable[[Rows], Rows]"


@dataclass(frozen=True)
class Part:
    """A template drawn in a slot, with all that the page around it knows."""

    slot: Slot
    order: int
    template: str


@dataclass(frozen=True)
class Page:
    """A dossier's page that is about to be drawn, or its part that asks for itself.

    `last_entry` is the newest journal entry on it, 0 for none; `is_answer` when it
    follows a payment, which alone tells the change.
    """

    dossier: "Dossier"
    at: datetime
    last_entry: int
    is_answer: bool = False


@dataclass(frozen=True)
class PersonKeys:
    """The active keys of somebody who came before, the one that ends last at the end.

    `related` is loaded with the person.
    """

    related: tuple[str, ...]
    active: "Callable[[Applicant, datetime], Iterable[ActiveKey]]"


@dataclass(frozen=True)
class Inline:
    """Rows shown in the admin below a row of `under`."""

    order: int
    under: "type[Model]"
    inline: "type[HouseInline]"


@dataclass(frozen=True)
class ListFilter:
    """A filter of the admin's list of dossiers."""

    order: int
    filter: "type[SimpleListFilter]"


@dataclass(frozen=True)
class Doors:
    """Which addresses act on a person (counter.people.kinship_door).

    `namespaces` are those of the desk; `leads_to` says by the name of an address's
    argument which dossier it leads to; `read_only` are pages that only show one.
    """

    namespaces: frozenset[str] = frozenset()
    leads_to: "Mapping[str, Callable[[Clerk, UUID], Dossier | None]]" = field(
        default_factory=dict
    )
    read_only: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """All that one app brings."""

    problems: tuple[ProblemList, ...] = ()
    counts: tuple[DayCount, ...] = ()
    finders: tuple[Finder, ...] = ()
    columns: tuple[Column, ...] = ()
    parts: tuple[Part, ...] = ()
    #: What the app's parts of a dossier's page, and those of higher apps, may show.
    dossier_context: Callable[[Page], Mapping[str, Any]] | None = None
    person_keys: PersonKeys | None = None
    inlines: tuple[Inline, ...] = ()
    filters: tuple[ListFilter, ...] = ()
    doors: Doors = Doors()
    #: What an account leaves that is switched off, or moved: a sentence each.
    left_behind: "tuple[Callable[[Clerk], Iterable[StrOrPromise]], ...]" = ()
    #: The name of the page of a dossier that was just recorded.
    after_recording: str = ""
    #: The numbers of the supervisor's start page.
    overview: Overview = NO_OVERVIEW
    #: What the statistics count.
    breakdowns: tuple[Breakdown, ...] = ()


def contributions() -> Iterator[Contribution]:
    """In no order that means anything."""
    for app in apps.get_app_configs():
        if isinstance(app, HouseConfig):
            yield app.at_the_desk()


def in_order[P: _Placed](entries: Iterable[P]) -> tuple[P, ...]:
    """The smallest number first. ImproperlyConfigured when two have the same."""
    placed = tuple(sorted(entries, key=lambda entry: entry.order))
    for one, other in pairwise(placed):
        if one.order == other.order:
            raise ImproperlyConfigured(f"{one} and {other} have the same place.")
    return placed


def problem_lists() -> tuple[ProblemList, ...]:
    return in_order(entry for brought in contributions() for entry in brought.problems)


def day_counts() -> tuple[DayCount, ...]:
    return in_order(entry for brought in contributions() for entry in brought.counts)


def finders() -> tuple[Finder, ...]:
    return in_order(entry for brought in contributions() for entry in brought.finders)


def columns() -> tuple[Column, ...]:
    return in_order(entry for brought in contributions() for entry in brought.columns)


def with_columns(rows: "Rows") -> "Rows":
    """The same dossiers, loaded with what the columns of a list show of them."""
    for column in columns():
        rows = column.prepare(rows)
    return rows


def breakdowns() -> tuple[Breakdown, ...]:
    return in_order(one for brought in contributions() for one in brought.breakdowns)


def parts() -> dict[str, list[str]]:
    """By slot, the templates that are drawn there."""
    brought = [part for brings in contributions() for part in brings.parts]
    return {
        slot.value: [
            part.template
            for part in in_order(part for part in brought if part.slot is slot)
        ]
        for slot in Slot
    }


def _apart[V](mappings: Iterable[Mapping[str, V]]) -> dict[str, V]:
    """All in one; ImproperlyConfigured when two call something by the same name."""
    together: dict[str, V] = {}
    for more in mappings:
        if twice := together.keys() & more.keys():
            raise ImproperlyConfigured(f"Two apps bring {sorted(twice)}.")
        together |= more
    return together


def dossier_context(page: Page, **own: Any) -> dict[str, Any]:
    """What a dossier's page shows: its `own`, and what the parts of all apps need."""
    brought = (each.dossier_context for each in contributions())
    return _apart([own, *(context(page) for context in brought if context)])


def _one[T](brought: Iterable[T], what: str) -> T | None:
    """What at most one app brings."""
    found = list(brought)
    if len(found) > 1:
        raise ImproperlyConfigured(f"Two apps bring {what}.")
    return found[0] if found else None


def person_keys() -> PersonKeys | None:
    keys = (brought.person_keys for brought in contributions())
    return _one((entry for entry in keys if entry is not None), "the keys of a person")


def after_recording() -> str:
    """The name of the page that follows a recording: the dossier's own by itself."""
    pages = (brought.after_recording for brought in contributions())
    return (
        _one(filter(None, pages), "what follows a recording")
        or "counter_dossiers:dossier"
    )


def inlines_under(model: "type[Model]") -> "tuple[type[HouseInline], ...]":
    brought = (entry for brings in contributions() for entry in brings.inlines)
    placed = in_order(entry for entry in brought if entry.under is model)
    return tuple(entry.inline for entry in placed)


def filters() -> "tuple[type[SimpleListFilter], ...]":
    placed = in_order(entry for brings in contributions() for entry in brings.filters)
    return tuple(entry.filter for entry in placed)


def doors() -> Doors:
    """Those of all apps together."""
    every = [brought.doors for brought in contributions()]
    return Doors(
        namespaces=frozenset().union(*(door.namespaces for door in every)),
        leads_to=_apart(door.leads_to for door in every),
        read_only=frozenset().union(*(door.read_only for door in every)),
    )


def left_behind(clerk: "Clerk") -> "Iterator[StrOrPromise]":
    """What the account leaves to be done when it is switched off, or moves."""
    for brought in contributions():
        for tell in brought.left_behind:
            yield from tell(clerk)
