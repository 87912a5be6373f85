"""The menu of the admin, by headings that follow the work of an office."""

from collections.abc import Iterable
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Heading(Enum):
    """The headings of the menu, in their order."""

    PEOPLE = auto()
    DOSSIERS = auto()
    MONEY = auto()
    OFFICE = auto()
    MESSAGES = auto()
    JOURNAL = auto()
    #: Counters, seals and movements, for those who investigate how the system works.
    TECHNICAL = auto()

    @property
    def label(self) -> "StrPromise":
        return _LABELS[self]


_LABELS: Final = {
    Heading.PEOPLE: _("People"),
    Heading.DOSSIERS: _("Dossiers"),
    Heading.MONEY: _("Money"),
    Heading.OFFICE: _("Office"),
    Heading.MESSAGES: _("Messages"),
    Heading.JOURNAL: _("Journal"),
    Heading.TECHNICAL: _("Technical"),
}


class Place(NamedTuple):
    """An admin's place in the menu: its heading, and its order under that heading."""

    heading: Heading
    order: int


def parts(places: Iterable[tuple[Place, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Make the menu as Django's templates need it, from entries with their places.

    A heading without entries is left out.
    """
    ordered = sorted(places, key=lambda entry: entry[0].order)
    menu = []
    for heading in Heading:
        entries = [entry for place, entry in ordered if place.heading is heading]
        if entries:
            menu.append(
                {
                    "name": heading.label,
                    "app_label": heading.name.lower(),
                    "app_url": "",
                    "has_module_perms": True,
                    "models": entries,
                }
            )
    return menu
