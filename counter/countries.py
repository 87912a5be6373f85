"""Countries as passports write them: three letters (ICAO 9303, part 3, section 5).

Names and the ISO codes come from the Unicode CLDR data in Babel.
"""

import unicodedata
from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language

BELGIUM: Final = "BEL"
# EU and EEA members and Switzerland, whose identity cards are accepted.
IDENTITY_CARD_COUNTRIES: Final = frozenset(
    [
        "AUT",
        "BEL",
        "BGR",
        "CHE",
        "CYP",
        "CZE",
        "DEU",
        "DNK",
        "ESP",
        "EST",
        "FIN",
        "FRA",
        "GRC",
        "HRV",
        "HUN",
        "IRL",
        "ISL",
        "ITA",
        "LIE",
        "LTU",
        "LUX",
        "LVA",
        "MLT",
        "NLD",
        "NOR",
        "POL",
        "PRT",
        "ROU",
        "SVK",
        "SVN",
        "SWE",
    ]
)
# Issuers without an ISO code: British nationals, the EU, the UN, Kosovo, and papers
# of stateless persons, refugees and persons of unknown nationality.
_ICAO_ONLY: Final = frozenset(
    [
        "EUE",
        "GBD",
        "GBN",
        "GBO",
        "GBP",
        "GBS",
        "RKS",
        "UNA",
        "UNK",
        "UNO",
        "XXA",
        "XXB",
        "XXC",
        "XXX",
    ]
)
# Countries of the past, and "unknown".
_GONE: Final = frozenset(["BUR", "DDR", "FXX", "TMP", "YMD", "ZAR", "ZZZ"])
_LANGUAGES: Final = ("nl", "en", "fr", "de")
_LONGEST_INPUT: Final = 80


@cache
def _alpha2_of() -> dict[str, str]:
    """ISO's three letters to its two."""
    return {
        three: two[0]
        for three, two in get_global("territory_aliases").items()
        if len(three) == 3
        and three.isalpha()
        and len(two) == 1
        and three[0] not in "QX"
        and three not in _GONE
    }


def _folded(text: str) -> str:
    """Without accents, signs and case, so that Cote d'Ivoire is found."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if c.isalpha()).casefold()


@cache
def _codes_by_name() -> dict[str, str]:
    """Every way of writing a country: two or three letters, names in four languages."""
    found = {code.casefold(): code for code in _ICAO_ONLY}
    # Germany's documents have one letter, Kosovo's an own code.
    found["d"] = "DEU"
    found["xk"] = found["kosovo"] = "RKS"
    for three, two in _alpha2_of().items():
        found[three.casefold()] = found[two.casefold()] = three
        for language in _LANGUAGES:
            name = Locale(language).territories.get(two)
            if name:
                found.setdefault(_folded(name), three)
    return found


def read(text: str) -> str | None:
    """The three letters for a code or a name as typed; None when it is no country."""
    if len(text) > _LONGEST_INPUT:
        return None
    return _codes_by_name().get(_folded(text))


def name(code: str) -> str:
    """The country in the reader's language; the code itself when it has no name."""
    two = _alpha2_of().get(code)
    language = get_language() or "nl"
    names = Locale(language if language in _LANGUAGES else "en").territories
    return names.get(two, code) if two else code
