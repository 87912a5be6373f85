"""Domains that look like another one: letters of several alphabets in one label.

``kul\N{CYRILLIC SMALL LETTER IE}uven.be`` is read as kuleuven.be and is somebody
else's, or nobody's. Registries refuse such names and browsers show them as xn--; here
they are refused. A label in one alphabet is none of these, but for one whose letters
all look like ours, below an ending in ours.
"""

import unicodedata
from typing import Final

# Each with the letter of a to z that it looks like: Cyrillic, Greek, Armenian, Latin.
_ALIKE: Final = """
    аa сc ԁd еe һh іi јj ӏl оo рp ԛq ѕs ԝw хx уy кk мm тt нh пn гr вb ьb ѵv ѡw
    үy ҽe ԍg
    αa οo νv ιi κk ρp υu ηn τt ωw χx γy εe
    օo ոn սu հh զq ցg յj
    ıi ɡg ɑa ɩi ɪi ʟl ʀr ʏy ɴn ʙb ɢg ʜh ꜱs ᴀa ᴄc ᴅd ᴇe ᴊj ᴋk ᴍm ᴏo ᴘp ᴛt ᴜu ᴠv
    ᴡw ᴢz ƅb ȷj ɨi ʉu ʋv ɓb ɗd ƒf ɛe ſs łl đd øo ħh ŧt ŋn
"""
#: Letters that look like one of a to z, for str.translate.
LOOKS_LIKE: Final = {ord(pair[0]): pair[1] for pair in _ALIKE.split()}
# These look like theirs only as small capitals or in italics.
_ROUGHLY: Final = frozenset("кмтнвьκητωχγε")
#: Endings in another alphabet that there are, though they look like ours.
_ENDINGS: Final = frozenset({"ком", "рус", "мон", "орг", "ευ"})
# Letters without a mark that registries of names in our alphabet take everywhere, and
# those that they take only where people write them.
_LETTERS: Final = frozenset("æœøßþðđł")
_LETTERS_OF: Final = {
    "ı": {"tr", "az"},
    "ə": {"az"},
    "ħ": {"mt"},
    "ŋ": {"no", "se", "fi"},
    "ŧ": {"no", "se", "fi"},
}
_EAST_ASIAN: Final = frozenset(
    {"CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO"}
)


def is_deceptive(domain: str) -> bool:
    """Whether one of its labels looks like another. `domain` in letters, not xn--."""
    labels = domain.split(".")
    ending = labels[-1]
    if not ending.isascii() and _looks_latin(ending) and ending not in _ENDINGS:
        return True
    return any(
        _is_mixed(label)
        or (_is_latin(label) and not _is_plain(label, ending))
        or (ending.isascii() and _looks_latin(label) and _ROUGHLY.isdisjoint(label))
        for label in labels
        if not label.isascii()
    )


def _script(sign: str) -> str:
    """The alphabet of a letter or a digit; empty for a mark or sign that several have.

    Python has the names of Unicode and not its scripts; they begin with them.
    """
    if unicodedata.category(sign)[0] not in "LMN" or "0" <= sign <= "9":
        return ""
    first = unicodedata.name(sign, "").partition(" ")[0]
    if first == "COMBINING":
        return ""
    return "EAST ASIAN" if first in _EAST_ASIAN else first


def _is_mixed(label: str) -> bool:
    # Numerals have names of their own: ARABIC-INDIC DIGIT ONE goes with ARABIC.
    letters = {_script(sign) for sign in label if sign.isalpha()} - {""}
    if len(letters) > 1:
        return True
    return "LATIN" in letters and any(_script(s) not in {"LATIN", ""} for s in label)


def _is_latin(label: str) -> bool:
    return any(_script(sign) == "LATIN" for sign in label)


def _is_plain(label: str, ending: str) -> bool:
    """Only letters that names in our alphabet have: with marks, but no mark alone."""
    return all(
        sign.isascii()
        or not (sign.isalpha() or unicodedata.combining(sign))
        or sign in _LETTERS
        or ending in _LETTERS_OF.get(sign, ())
        or _is_marked(sign)
        for sign in label
    )


def _is_marked(letter: str) -> bool:
    """Whether it is one of a to z with marks."""
    apart = unicodedata.normalize("NFD", letter)
    return apart[0].isascii() and all(map(unicodedata.combining, apart[1:]))


def _looks_latin(label: str) -> bool:
    """Whether it is in another alphabet, and all its letters look like ours."""
    letters = [sign for sign in label if sign.isalpha()]
    return (
        bool(letters)
        and not _is_latin(label)
        and all(ord(sign) in LOOKS_LIKE for sign in letters)
    )
