"""What an app may add to the desk, to a dossier's page and to the admin.

Additions have an `order`; those of all apps are sorted by it, the smallest first. So
nothing depends on the order of INSTALLED_APPS. counter.desk.registry collects the
additions of all apps.

This module imports no models, because it is loaded before them.
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
    from django.db.models import Model, QuerySet
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
    #: On a dossier's page: the next step, the part beside it, the facts, the other
    #: actions, and the help for the shortcut keys of these.
    DOSSIER_NEXT = "dossier_next"
    DOSSIER_SIDE = "dossier_side"
    DOSSIER_FACTS = "dossier_facts"
    DOSSIER_ACTIONS = "dossier_actions"
    DOSSIER_KEYS = "dossier_keys"
    #: On a dossier's page in the admin: the line under the name that tells the next
    #: step, and the sections. On a person's page in the admin: the sections.
    READ_NEXT = "read_next"
    READ = "read"
    PERSON = "person"


class ActiveKey(Protocol):
    """What the desk needs to know of a digital key; higher apps have the model."""

    valid_until: Any

    def get_kind_display(self) -> str: ...


@dataclass(frozen=True)
class ProblemList:
    """Lines for the desk's list of what needs attention, the most urgent first.

    A dossier that is already in a list before this one is left out, unless `again` is
    true.
    """

    order: int
    find: "Callable[[Clerk, datetime], Iterable[Problem]]"
    again: bool = False


@dataclass(frozen=True)
class DayCount:
    """One figure of the office's day. `count` gets the visible dossiers and the time of
    the last midnight.
    """

    order: int
    label: "str | StrPromise"
    count: "Callable[[Rows, datetime], int]"


@dataclass(frozen=True)
class Finder:
    """An app's own search, such as for the number of a receipt.

    `find` gets the text of the search field. It returns the dossiers found, or None
    when the text is not of its kind. Finders run before the desk's own search.
    """

    order: int
    find: "Callable[[str, Rows], Rows | None]"


@dataclass(frozen=True)
class Column:
    """One more column of every list of dossiers.

    `template` draws the cell of one `dossier`. `prepare` makes the queryset load what
    the template needs, with a number of queries that does not grow with the rows.
    """

    order: int
    label: "str | StrPromise"
    template: str
    prepare: "Callable[[Rows], Rows]"


@dataclass(frozen=True)
class Part:
    """A template that is drawn in a slot, with the context of the page around it."""

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
    """How to find the active keys of an applicant.

    `active` returns them sorted by their end, the last to end at the end. `related` are
    the relations that are loaded with the applicant (select_related).
    """

    related: tuple[str, ...]
    active: "Callable[[Applicant, datetime], Iterable[ActiveKey]]"


@dataclass(frozen=True)
class Inline:
    """An inline on the admin page of the model `under`."""

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
    """Which URLs act on a person: these ask about family first
    (counter.people.kinship_door).

    `namespaces` are the URL namespaces of an app's desk pages. `leads_to` maps the name
    of a URL argument to a function that returns its dossier. `read_only` are the names
    of pages that only show a dossier; they are not asked about.
    """

    namespaces: frozenset[str] = frozenset()
    leads_to: "Mapping[str, Callable[[Clerk, UUID], Dossier | None]]" = field(
        default_factory=dict
    )
    read_only: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """Everything that one app adds."""

    problems: tuple[ProblemList, ...] = ()
    counts: tuple[DayCount, ...] = ()
    finders: tuple[Finder, ...] = ()
    columns: tuple[Column, ...] = ()
    parts: tuple[Part, ...] = ()
    #: Context for the parts of a dossier's page, of this app and of higher ones.
    dossier_context: Callable[[Page], Mapping[str, Any]] | None = None
    person_keys: PersonKeys | None = None
    #: Whether another person than these has this e-mail address in the app, beside the
    #: addresses of dossiers.
    has_address: "Callable[[str, QuerySet[Applicant]], bool] | None" = None
    inlines: tuple[Inline, ...] = ()
    filters: tuple[ListFilter, ...] = ()
    acts: tuple[Act, ...] = ()
    #: Context for the app's parts of a person's page in the admin (Slot.PERSON).
    person_context: "Callable[[Applicant, Clerk], Mapping[str, Any]] | None" = None
    doors: Doors = Doors()
    #: Sentences about what an account leaves unfinished when it is switched off or
    #: moved.
    left_behind: "tuple[Callable[[Clerk], Iterable[StrOrPromise]], ...]" = ()
    #: A sentence about the delivery of the last mail with a link for an account, or "".
    account_mail: "Callable[[Clerk], str] | None" = None
    #: The URL name of the page that follows a recording; "" when the app has none.
    after_recording: str = ""
    #: The numbers of the supervisor's start page.
    overview: Overview = NO_OVERVIEW
    #: What the statistics count.
    breakdowns: tuple[Breakdown, ...] = ()
