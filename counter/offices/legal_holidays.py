"""Holidays of Belgium: what a supervisor picks closing days from, and their names.

Nothing here closes an office: a holiday counts once it is one of its closing days.

The legal holidays and their names come from the library `holidays`. It has no regional
days for Belgium; these and others on which offices are usually closed stand here.
"""

import datetime
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import holidays
from dateutil.easter import easter
from django.utils import translation
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_COUNTRY: Final = "BE"
#: Closing days are kept with their Dutch name.
DUTCH: Final = "nl"
# What the library writes otherwise than Belgian offices do.
_SPELLING: Final = (
    ("O. L. H. ", "O.L.H.-"),
    ("O. L. V. ", "O.L.V.-"),
    ("Labor Day", "Labour Day"),
    ("l'Armistice", "l\N{RIGHT SINGLE QUOTATION MARK}Armistice"),
)


def _every(month: int, day: int) -> Callable[[int], datetime.date]:
    return lambda year: datetime.date(year, month, day)


def _after_ascension(year: int) -> datetime.date:
    sunday: datetime.date = easter(year)
    return sunday + datetime.timedelta(days=40)


def _fair_monday(year: int) -> datetime.date:
    """The day after the first Sunday of September."""
    first = datetime.date(year, 9, 1)
    return first + datetime.timedelta(days=7 - first.weekday())


_USUAL: Final[tuple[tuple[Callable[[int], datetime.date], "StrPromise"], ...]] = (
    (_after_ascension, _("Friday after Ascension Day")),
    (_every(7, 11), _("Day of the Flemish Community")),
    (_fair_monday, _("Fair Monday in Leuven")),
    (_every(9, 27), _("Day of the French Community")),
    (_every(11, 2), _("All Souls' Day")),
    (_every(11, 15), _("Day of the German-speaking Community")),
    (_every(12, 26), _("day after Christmas")),
)


@dataclass(frozen=True)
class Holiday:
    """A date with its Dutch name."""

    date: datetime.date
    name: str


def legal(year: int) -> list[Holiday]:
    """The twelve legal holidays, Easter Sunday and Whit Sunday among them."""
    names = _legal_names(year, DUTCH)
    return [Holiday(date, name) for date, name in sorted(names.items())]


def usual(year: int) -> list[Holiday]:
    """Days of the Communities, and others on which offices are usually closed."""
    with translation.override(DUTCH):
        return [Holiday(rule(year), str(name)) for rule, name in _USUAL]


def name_of(date: datetime.date, occasion: str) -> str | None:
    """What a closing day is called in the language in force; None for an own occasion.

    A legal holiday is known by its date, whatever was typed. On the other days an
    office may well be closed for a reason of its own: those are known by their date
    and their Dutch name together. Also None when the library has no such language.
    """
    language = translation.get_language() or DUTCH
    if name := _legal_names(date.year, language).get(date):
        return name
    typed = occasion.strip().casefold()
    for holiday, (_rule, name_here) in zip(usual(date.year), _USUAL, strict=True):
        if holiday.date == date and holiday.name.casefold() == typed:
            return str(name_here)
    return None


@functools.lru_cache(maxsize=64)
def _legal_names(year: int, language: str) -> Mapping[datetime.date, str]:
    known = _languages().get(language.partition("-")[0])
    if known is None:
        return {}
    days = holidays.country_holidays(_COUNTRY, years=year, language=known)
    return {date: _spelled(name) for date, name in days.items()}


@functools.cache
def _languages() -> Mapping[str, str]:
    """The library's languages (`en_US`) by those of an address (`en`)."""
    known = holidays.list_localized_countries()[_COUNTRY]
    return {language.partition("_")[0]: language for language in known}


def _spelled(name: str) -> str:
    for theirs, ours in _SPELLING:
        name = name.replace(theirs, ours)
    return name
