"""The holidays of Belgium with their names, from which a supervisor picks closing days.

An office is closed on a holiday only when it is one of the office's closing days.

The legal holidays and their names come from the library `holidays`. That has no
regional holidays of Belgium; these, and other days on which offices are usually closed,
are defined here.
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
#: Closing days are stored with their Dutch name.
DUTCH: Final = "nl"
# The library's spellings, and those that Belgian offices use.
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
    """The twelve legal holidays, with Easter Sunday and Whit Sunday."""
    names = _legal_names(year, DUTCH)
    return [Holiday(date, name) for date, name in sorted(names.items())]


def usual(year: int) -> list[Holiday]:
    """Days of the Communities, and others on which offices are usually closed."""
    with translation.override(DUTCH):
        return [Holiday(rule(year), str(name)) for rule, name in _USUAL]


def name_of(date: datetime.date, occasion: str) -> str | None:
    """The name of a closing day in the active language; None if it is no holiday here.

    A legal holiday is recognised by its date, with any typed occasion. The other days
    are recognised by their date and Dutch name together, because an office may be
    closed on that date for another reason. For a legal holiday also None when the
    library does not have the language.
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
    """The library's language codes (`en_US`), by those of our URLs (`en`)."""
    known = holidays.list_localized_countries()[_COUNTRY]
    return {language.partition("_")[0]: language for language in known}


def _spelled(name: str) -> str:
    for theirs, ours in _SPELLING:
        name = name.replace(theirs, ours)
    return name
