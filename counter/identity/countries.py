"""Countries, by the three-letter codes of passports (ICAO 9303, part 3, section 5).

Names and ISO codes come from the Unicode CLDR data in Babel. Other names that people
use are in counter.identity.country_names.
"""

import difflib
import re
from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from counter.identity.country_names import (
    AMBIGUOUS,
    GONE,
    ICAO_ONLY,
    KINDS,
    OTHER_NAMES,
    SMALL_WORDS,
)
from counter.identity.country_own_names import OWN_NAMES
from counter.identity.transliteration import without_accents

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
_ICAO_ONLY: Final = frozenset(ICAO_ONLY.split())
_GONE: Final = frozenset(GONE.split())
_LANGUAGES: Final = ("nl", "en", "fr", "de")
_LONGEST_INPUT: Final = 80
_LONGEST_CODE: Final = 3
_MOST_MEANT: Final = 7
_SHORTEST_BEGINNING: Final = 3
_ALIKE: Final = 0.75
_SMALL_WORDS: Final = frozenset(SMALL_WORDS.split())
_KINDS: Final = frozenset(KINDS.split())
_SAINTS: Final = frozenset({"saint", "sainte", "sankt", "sint", "san"})


@cache
def _alpha2_of() -> dict[str, str]:
    """ISO's codes of three letters, each with its code of two letters."""
    return {
        three: two[0]
        for three, two in get_global("territory_aliases").items()
        if len(three) == _LONGEST_CODE
        and three.isalpha()
        and len(two) == 1
        and three[0] != "X"
        and three not in _GONE
    }


@cache
def internet_endings() -> frozenset[str]:
    """The top-level domains of countries, in lower case: be, uk, eu."""
    return frozenset(two.casefold() for two in _alpha2_of().values()) | {"uk", "eu"}


def _plain(text: str) -> str:
    """The text in lower case, without accents."""
    return without_accents(text.casefold().translate(_LIKE_LATIN))


def _words(text: str) -> list[str]:
    """The words of a text without elided articles: Cote d'Ivoire gives cote, ivoire."""
    words = re.findall(r"[^\W\d_]+", _plain(_ELIDED.sub(" ", text)))
    return ["st" if word in _SAINTS else word for word in words]


def _code(text: str) -> str:
    """The text as a possible code: B.E. gives be, U.K. gives uk."""
    return re.sub(r"[\s.]", "", _plain(text))


# Letters that Unicode does not decompose into a letter and an accent.
_LIKE_LATIN: Final = str.maketrans(
    "\N{LATIN SMALL LETTER O WITH STROKE}\N{LATIN SMALL LETTER DOTLESS I}"
    "\N{LATIN SMALL LETTER L WITH STROKE}",
    "oil",
)


# The article in front of a vowel: d'Espagne.
_ELIDED: Final = re.compile(
    r"(?<![^\W\d_])[dl]['\u2018\u2019\u02bc\u00b4`](?=\s*[^\W\d_])", re.IGNORECASE
)


# How people type umlauts on a keyboard without them: Oesterreich, Suedafrika.
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def _folded(text: str) -> str:
    """The text without accents, signs, case and articles, to compare spellings."""
    return "".join(_telling(_words(text)))


def _telling(words: list[str]) -> list[str]:
    """The words without articles. The a of U.A.E. stays, because it is a single letter
    beside other single letters.
    """
    is_letter = [len(word) == 1 for word in ("--", *words, "--")]
    telling = [
        word
        for at, word in enumerate(words, 1)
        if word not in _SMALL_WORDS
        or (is_letter[at] and (is_letter[at - 1] or is_letter[at + 1]))
    ]
    return telling or words


@cache
def _codes() -> dict[str, str]:
    """Every code of two or three letters, in lower case, with its passport code."""
    codes = {two.casefold(): three for three, two in _alpha2_of().items()}
    codes |= {three.casefold(): three for three in (*_alpha2_of(), *_ICAO_ONLY)}
    # Germany's documents have the letter D; Kosovo has several unofficial codes.
    return codes | {"d": "DEU"} | dict.fromkeys(("xk", "xkx", "xkk", "xxk"), "RKS")


@cache
def _codes_by_name() -> dict[str, str]:
    """Every name in four languages, folded, with its passport code."""
    codes: dict[str, str] = {}
    for three, two in _alpha2_of().items():
        for language in _LANGUAGES:
            if name := Locale(language).territories.get(two):
                codes.setdefault(_folded(name), three)
    for three, names in (*OTHER_NAMES.items(), *OWN_NAMES.items()):
        for name in names.split(","):
            codes.setdefault(_folded(name), three)
    for three, two in _alpha2_of().items():
        german = Locale("de").territories.get(two, "").casefold()
        if (spelt := german.translate(_UMLAUTS)) != german:
            codes.setdefault(_folded(spelt), three)
    return codes


@cache
def _ambiguous() -> dict[str, list[str]]:
    return {
        _folded(name): codes.split()
        for names, codes in AMBIGUOUS.items()
        for name in names.split(",")
    }


def read(text: str) -> str | None:
    """The passport code for a typed code or name.

    None when the text is no country, or can mean several (`meant`).
    """
    if len(text) > _LONGEST_INPUT:
        return None
    words = _words(text)
    folded = _folded(text)
    code = _code(text)
    # ST is the code of a country, but St. is the abbreviation of saint.
    is_code = folded not in _ambiguous() or text.strip().upper() == text.strip()
    if code in _codes() and is_code:
        return _codes()[code]
    names = _codes_by_name()
    if folded in _ambiguous():
        return None
    if folded in names:
        return names[folded]
    # "Kingdom of Belgium" is read as Belgium. "Republic of the Congo" was found above:
    # there the first words belong to the name.
    bare = _folded(" ".join(word for word in words if word not in _KINDS))
    return None if bare in _ambiguous() else names.get(bare)


def meant(text: str) -> list[str]:
    """The countries that a text may mean if `read` gives None, the likeliest first."""
    if len(text) > _LONGEST_INPUT:
        return []
    folded = _folded(text)
    bare = _folded(" ".join(word for word in _words(text) if word not in _KINDS))
    if several := _ambiguous().get(folded) or _ambiguous().get(bare):
        return several
    if len(folded) < _SHORTEST_BEGINNING:
        return []
    names = _codes_by_name()
    codes = [names[name] for name in sorted(names) if name.startswith(folded)]
    codes += _by_any_order().get(_in_order(text), [])
    if not codes:
        # A country's name among other words: Congo (DRC), Germany, Federal Rep. of.
        for word in _telling(_words(text)):
            codes += _ambiguous().get(word) or ([names[word]] if word in names else [])
        alike = difflib.get_close_matches(folded, names, n=_MOST_MEANT, cutoff=_ALIKE)
        codes += [names[name] for name in alike]
    return list(dict.fromkeys(codes))[:_MOST_MEANT]


def _in_order(text: str) -> str:
    """The words sorted, so that Korea-Zuid and Zuid-Korea are equal."""
    return " ".join(sorted(_telling(_words(text))))


@cache
def _by_any_order() -> dict[str, list[str]]:
    """Each name with its words sorted, and the countries that have it."""
    codes: dict[str, list[str]] = {}
    for three, two in _alpha2_of().items():
        for language in _LANGUAGES:
            if name := Locale(language).territories.get(two):
                codes.setdefault(_in_order(name), []).append(three)
    for three, names in OTHER_NAMES.items():
        for name in names.split(","):
            codes.setdefault(_in_order(name), []).append(three)
    return codes


def name(code: str) -> str:
    """The country's name in the reader's language; the code when it has no name."""
    two = "XK" if code == "RKS" else _alpha2_of().get(code)
    if two is None:
        return OTHER_NAMES.get(code, code).partition(",")[0]
    return str(Locale(_language()).territories.get(two, code))


def _language() -> str:
    language = get_language() or "nl"
    return language if language in _LANGUAGES else "en"


def suggestions() -> SafeString:
    """The `datalist` for a country field, which suggests countries while one types.

    A datalist is a part of the browser. It works with the keyboard and with screen
    readers, and needs no script.
    """
    return _suggestions(_language())


@cache
def _suggestions(language: str) -> SafeString:
    territories = Locale(language).territories
    options = {
        territories.get(two, three): three for three, two in _alpha2_of().items()
    }
    for three, names in OTHER_NAMES.items():
        options = _others(three, names) | options
    rows = sorted(options.items(), key=lambda option: _words(option[0]))
    return format_html(
        '<datalist id="countries">{}</datalist>',
        format_html_join("", '<option value="{}" label="{}">', map(_labelled, rows)),
    )


def _others(three: str, names: str) -> dict[str, str]:
    """The other names to suggest: only those that are longer than a code."""
    suggested = [name.strip() for name in names.split(",")]
    return {name: three for name in suggested if len(name) > _LONGEST_CODE}


def _labelled(option: tuple[str, str]) -> tuple[str, str]:
    written, code = option
    called = name(code)
    return written, code if called in (written, code) else f"{code}, {called}"
