"""What the usual closing days are called in the visitor's language.

The supervisor types the occasion of a closing day in Dutch. The legal holidays and the
usual ones of Leuven are a closed list; anything else stays as it was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_lazy as _

from counter.models import ClosingDay

_NAMES: Final[Mapping[str, object]] = MappingProxyType(
    {
        "nieuwjaar": _("New Year"),
        "pasen": _("Easter"),
        "paasmaandag": _("Easter Monday"),
        "dag van de arbeid": _("Labour Day"),
        "o.l.h.-hemelvaart": _("Ascension Day"),
        "vrijdag na o.l.h.-hemelvaart": _("Friday after Ascension Day"),
        "brugdag": _("extra closing day"),
        "pinksteren": _("Whit Sunday"),
        "pinkstermaandag": _("Whit Monday"),
        "feest van de vlaamse gemeenschap": _("Day of the Flemish Community"),
        "nationale feestdag": _("Belgian National Day"),
        "o.l.v.-hemelvaart": _("Assumption Day"),
        "kermismaandag": _("Fair Monday in Leuven"),
        "allerheiligen": _("All Saints' Day"),
        "allerzielen": _("All Souls' Day"),
        "wapenstilstand": _("Armistice Day"),
        "kerstmis": _("Christmas Day"),
        "tweede kerstdag": _("day after Christmas"),
    }
)


@dataclass(frozen=True)
class Closed:
    """A day, what it is called, and whether those are the supervisor's own words."""

    date: date
    occasion: str
    is_typed: bool


def closed(day: ClosingDay) -> Closed:
    name = _NAMES.get(day.occasion.strip().casefold())
    return Closed(
        date=day.date,
        occasion=day.occasion if name is None else str(name),
        is_typed=name is None,
    )
