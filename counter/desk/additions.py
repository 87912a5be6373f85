"""What an app may add to the desk, to a dossier's page and to the admin.

Everything has a number that says where it stands among what other apps bring, the
smallest first, so that nothing depends on the order of INSTALLED_APPS.
counter.desk.registry puts the additions of all apps together.

Nothing of models is imported here: the admin is loaded before them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from counter.desk.acts import Act
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
    """A place on a page where other apps may show something (`Part`)."""

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
    #: Of a supervisor's page of a dossier: the line under the name that says what comes
    #: next, and the sections. Of a person: the sections.
    READ_NEXT = "read_next"
    READ = "read"
    PERSON = "person"


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
    """A dossier's page that is about to be drawn, or the part of it that reloads
    itself.

    `last_entry` is the newest journal entry on it, 0 for none. `is_answer` is true for
    the page that follows a payment: only that one tells how much change to give.
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
    acts: tuple[Act, ...] = ()
    #: What the app's parts of a person's page in the admin show (Slot.PERSON).
    person_context: "Callable[[Applicant, Clerk], Mapping[str, Any]] | None" = None
    doors: Doors = Doors()
    #: What an account leaves that is switched off, or moved: a sentence each.
    left_behind: "tuple[Callable[[Clerk], Iterable[StrOrPromise]], ...]" = ()
    #: How the last mail with a link for an account fares, in a sentence; or nothing.
    account_mail: "Callable[[Clerk], str] | None" = None
    #: The name of the page of a dossier that was just recorded.
    after_recording: str = ""
    #: The numbers of the supervisor's start page.
    overview: Overview = NO_OVERVIEW
    #: What the statistics count.
    breakdowns: tuple[Breakdown, ...] = ()
