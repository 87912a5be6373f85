"""How a machine-readable zone may write each letter of a name.

A zone has only A to Z. ICAO 9303 part 3, section 6, has one or several spellings for
each letter; letters that it does not list lose their accents. See docs/domain.md#names.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

#: One letter: its readings in a to z, the usual one first.
type Letter = tuple[str, ...]

# Letters that a zone may write as two or three letters, and letters that Unicode does
# not decompose into a letter and an accent.
_LATIN: Final[dict[str, Letter]] = {
    "ä": ("ae", "a"),
    "å": ("aa", "a"),
    "æ": ("ae", "a"),
    "ö": ("oe", "o"),
    "ő": ("o", "oe"),
    "ø": ("oe", "o"),
    "œ": ("oe", "o"),
    "ü": ("ue", "uxx", "u"),
    "ű": ("u", "ue", "uxx"),
    "ñ": ("n", "nxx"),
    "ß": ("ss", "s", "sz"),
    "þ": ("th",),
    "ð": ("d", "dh", "th"),
    "đ": ("d", "dj"),
    "ł": ("l",),
    "ŀ": ("l",),
    "ħ": ("h",),
    "ŋ": ("n", "ng"),
    "ŧ": ("t",),
    "ı": ("i",),
    "ĳ": ("ij", "y"),
    "ÿ": ("y", "ij"),
    "ĸ": ("q", "k"),
    "ŉ": ("n",),
    "ſ": ("s",),
    "ə": ("e", "a"),
    "ɛ": ("e",),
    "ɔ": ("o",),
    "ƀ": ("b",),
    "ɓ": ("b",),
    "ɖ": ("d",),
    "ɗ": ("d",),
    "ƒ": ("f",),
    "ɣ": ("g",),
    "ƙ": ("k",),
    "ɲ": ("n", "ny"),
    "ƴ": ("y",),
}
# Letters of the phonetic alphabet in African names, by their name in Unicode. A turned
# or barred letter that is not listed has the reading of the plain one (`_by_name`).
_NAMED: Final[dict[str, Letter]] = {
    "ALPHA": ("a",),
    "TURNED ALPHA": ("a", "o"),
    "OPEN E": ("e",),
    "REVERSED OPEN E": ("e",),
    "CLOSED REVERSED OPEN E": ("e",),
    "SCHWA": ("e", "a"),
    "IOTA": ("i",),
    "UPSILON": ("u", "v"),
    "RAMS HORN": ("o", "u"),
    "GAMMA": ("g",),
    "PHI": ("f", "ph"),
    "ESH": ("sh", "s", "ch"),
    "EZH": ("z", "zh", "j"),
    "LEZH": ("l", "lzh"),
    "HENG": ("sh", "s"),
    "ENG": ("n", "ng"),
    "V": ("v", "w"),
    "TURNED V": ("a", "u", "v"),
    "TURNED M": ("u", "m"),
    # A zone leaves these out.
    "GLOTTAL STOP": ("",),
    "REVERSED GLOTTAL STOP": ("",),
    "PHARYNGEAL VOICED FRICATIVE": ("",),
    "ALVEOLAR CLICK": ("",),
    "BILABIAL CLICK": ("",),
    "DENTAL CLICK": ("",),
    "LATERAL CLICK": ("",),
    "RETROFLEX CLICK": ("",),
}
_NAME: Final = re.compile(
    r"LATIN (?:SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL )?(.+?)(?: WITH .+| BAR)?"
)
_TURNED: Final = re.compile(
    r"(?:TURNED |REVERSED |INVERTED |BARRED |SCRIPT |DOTLESS )+"
)
_LONGEST_LETTER: Final = 2
# Section 6 B, with the readings in each language that has the letter.
_CYRILLIC: Final[dict[str, Letter]] = {
    "а": ("a",),
    "б": ("b",),
    "в": ("v", "w"),
    "г": ("g", "h"),
    "ґ": ("g",),
    "д": ("d",),
    "е": ("e", "ie", "ye"),
    "ё": ("e", "io", "yo"),
    "є": ("ie", "ye", "e"),
    "ж": ("zh", "z", "j"),
    "з": ("z",),
    "и": ("i", "y"),
    "й": ("i", "y", "j"),
    "і": ("i",),
    "ї": ("i", "yi"),
    "ј": ("j",),
    "к": ("k",),
    "л": ("l",),
    "м": ("m",),
    "н": ("n",),
    "о": ("o",),
    "п": ("p",),
    "р": ("r",),
    "с": ("s", "ss"),
    "т": ("t",),
    "у": ("u", "ou"),
    "ў": ("u",),
    "ф": ("f",),
    "х": ("kh", "h", "ch"),
    "ц": ("ts", "c", "tc"),
    "ч": ("ch", "c", "tch"),
    "ш": ("sh", "s", "ch"),
    "щ": ("shch", "sht", "shh"),
    "ъ": ("ie", "a", "u", ""),
    "ы": ("y",),
    "ь": ("",),
    "э": ("e",),
    "ю": ("iu", "yu", "u"),
    "я": ("ia", "ya", "a"),
    "ѓ": ("g", "gj"),
    "ђ": ("d", "dj"),
    "ѕ": ("dz",),
    "ќ": ("k", "kj"),
    "љ": ("lj",),
    "њ": ("nj",),
    "ћ": ("c",),
    "џ": ("dz",),
}
# ELOT 743, which Greek passports use. Its pairs of letters result from these readings.
_GREEK: Final[dict[str, Letter]] = {
    "α": ("a",),
    "β": ("v", "b"),
    "γ": ("g", "n", "y"),
    "δ": ("d",),
    "ε": ("e",),
    "ζ": ("z",),
    "η": ("i", "h"),
    "θ": ("th",),
    "ι": ("i",),
    "κ": ("k", "c"),
    "λ": ("l",),
    "μ": ("m",),
    "ν": ("n",),
    "ξ": ("x", "ks"),
    "ο": ("o",),
    "π": ("p",),
    "ρ": ("r",),
    "σ": ("s",),
    "ς": ("s",),
    "τ": ("t",),
    "υ": ("y", "u", "v", "f", "i"),
    "φ": ("f", "ph"),
    "χ": ("ch", "h"),
    "ψ": ("ps",),
    "ω": ("o",),
}
# At the beginning of a word these pairs are one sound, for which Greek has no letter.
_GREEK_INITIALS: Final[dict[str, Letter]] = {
    "μπ": ("b", "mp"),
    "ντ": ("d", "nt"),
    "γκ": ("g", "gk"),
}
_READINGS: Final = _LATIN | _CYRILLIC | _GREEK


def without_accents(text: str) -> str:
    """The text without accents; ø and ł are letters of their own and stay."""
    taken_apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in taken_apart if not unicodedata.combining(sign))


def words(name: str) -> list[tuple[Letter, ...]]:
    """The letters of each word; a hyphen ends a word, an apostrophe does not."""
    composed = unicodedata.normalize("NFC", name).lower()
    parts = "".join(
        " " if c.isspace() or unicodedata.category(c) == "Pd" else c for c in composed
    ).split()
    return [word for word in map(_word, parts) if word]


def _word(part: str) -> tuple[Letter, ...]:
    initial = _GREEK_INITIALS.get(part[:2])
    rest = part[2:] if initial else part
    letters = tuple(letter for c in rest for letter in _letters(c))
    return (initial, *letters) if initial else letters


def is_readable(letters: Iterable[Letter]) -> bool:
    """Whether all letters can be written in a to z; those of an Arabic or Chinese name
    cannot.
    """
    return all(reading.isascii() for letter in letters for reading in letter)


@lru_cache(maxsize=4096)
def _letters(character: str) -> tuple[Letter, ...]:
    """The letters for one character; none for an accent, a digit or punctuation."""
    if character in _READINGS:
        return (_READINGS[character],)
    taken_apart = unicodedata.normalize("NFKD", character).lower()
    if taken_apart in _READINGS:
        return (_READINGS[taken_apart],)
    return tuple(
        _READINGS.get(c) or _by_name(c)
        for c in taken_apart
        # A modifier letter (Lm) is used as an apostrophe, which a zone leaves out.
        if c.isalpha() and unicodedata.category(c) != "Lm"
    )


def _by_name(character: str) -> Letter:
    """The readings of a Latin letter by its Unicode name; others stay as they are."""
    match = _NAME.fullmatch(unicodedata.name(character, ""))
    if match is None:
        return (character,)
    if match[1] in _NAMED:
        return _NAMED[match[1]]
    plain = _TURNED.sub("", match[1]).lower()
    if plain.upper() in _NAMED:
        return _NAMED[plain.upper()]
    return (plain if len(plain) <= _LONGEST_LETTER else character,)
