"""Collects the additions of all apps to the desk (counter.desk.additions).

Each app returns its additions from `HouseConfig.at_the_desk` in its `apps.py`; so does
this app. Two additions of one kind with the same `order` raise ImproperlyConfigured.

This module imports no models, because it is loaded before them.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from counter.database.privileges import HouseConfig
from counter.desk.acts import Act
from counter.desk.additions import (
    Column,
    Contribution,
    DayCount,
    Doors,
    Finder,
    Page,
    PersonKeys,
    ProblemList,
    Slot,
)
from counter.statistics.brought import Breakdown

if TYPE_CHECKING:
    from django.contrib.admin import SimpleListFilter
    from django.db.models import Model, QuerySet
    from django_stubs_ext import StrOrPromise

    from counter.desk.additions import Rows
    from counter.models import Applicant, Clerk
    from counter.supervision.house_admin import HouseInline


class _Placed(Protocol):
    @property
    def order(self) -> int: ...


def contributions() -> Iterator[Contribution]:
    """The additions of each app, in no particular order."""
    for app in apps.get_app_configs():
        if isinstance(app, HouseConfig):
            yield app.at_the_desk()


def in_order[P: _Placed](entries: Iterable[P]) -> tuple[P, ...]:
    """Sort by `order`. Raises ImproperlyConfigured when two have the same."""
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
    """The same queryset, which also loads what the additional columns show."""
    for column in columns():
        rows = column.prepare(rows)
    return rows


def breakdowns() -> tuple[Breakdown, ...]:
    return in_order(one for brought in contributions() for one in brought.breakdowns)


def parts() -> dict[str, list[str]]:
    """The templates to draw, by the name of their slot."""
    brought = [part for brings in contributions() for part in brings.parts]
    return {
        slot.value: [
            part.template
            for part in in_order(part for part in brought if part.slot is slot)
        ]
        for slot in Slot
    }


def _apart[V](mappings: Iterable[Mapping[str, V]]) -> dict[str, V]:
    """Merge the dictionaries of all apps. Raises ImproperlyConfigured when two use the
    same name.
    """
    together: dict[str, V] = {}
    for more in mappings:
        if twice := together.keys() & more.keys():
            raise ImproperlyConfigured(f"Two apps bring {sorted(twice)}.")
        together |= more
    return together


def dossier_context(page: Page, **own: Any) -> dict[str, Any]:
    """The context of a dossier's page: `own`, and what the parts of all apps need."""
    brought = (each.dossier_context for each in contributions())
    return _apart([own, *(context(page) for context in brought if context)])


def person_context(
    person: "Applicant", clerk: "Clerk", /, **own: Any
) -> dict[str, Any]:
    """The context of a person's page in the admin, as in `dossier_context`."""
    brought = (each.person_context for each in contributions())
    return _apart([own, *(context(person, clerk) for context in brought if context)])


def _one[T](brought: Iterable[T], contribution: str) -> T | None:
    """The only one of these; None when there is none. Raises ImproperlyConfigured when
    there are several.
    """
    all_brought = list(brought)
    if len(all_brought) > 1:
        raise ImproperlyConfigured(f"Two apps bring {contribution}.")
    return all_brought[0] if all_brought else None


def person_keys() -> PersonKeys | None:
    keys = (brought.person_keys for brought in contributions())
    return _one((entry for entry in keys if entry is not None), "the keys of a person")


def has_address(address: str, owners: "QuerySet[Applicant]") -> bool:
    """Whether some app has this e-mail address for another person than the owners."""
    asked = (brought.has_address for brought in contributions())
    return any(has(address, owners) for has in asked if has is not None)


def after_recording() -> str:
    """The URL name of the page after a recording; the dossier's page by default."""
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


def acts() -> tuple[Act, ...]:
    return in_order(entry for brings in contributions() for entry in brings.acts)


def doors() -> Doors:
    """The doors of all apps, merged into one."""
    every = [brought.doors for brought in contributions()]
    return Doors(
        namespaces=frozenset().union(*(door.namespaces for door in every)),
        leads_to=_apart(door.leads_to for door in every),
        read_only=frozenset().union(*(door.read_only for door in every)),
    )


def account_mail(clerk: "Clerk") -> str:
    """A sentence about the delivery of the last mail with a link for this account; ""
    when there is none.
    """
    tells = (brought.account_mail for brought in contributions())
    tell = _one((one for one in tells if one is not None), "the mail of an account")
    return tell(clerk) if tell else ""


def left_behind(clerk: "Clerk") -> "Iterator[StrOrPromise]":
    """Sentences about what somebody else has to finish when this account is switched
    off or moved to another office.
    """
    for brought in contributions():
        for tell in brought.left_behind:
            yield from tell(clerk)
