"""Recognises domains that look like another one, with letters of several alphabets.

People read ``kul\N{CYRILLIC SMALL LETTER IE}uven.be`` as kuleuven.be, but it belongs to
somebody else, or to nobody. Registries refuse such names and browsers show them as
xn--; here they are refused too. A label in one alphabet is accepted, unless all its
letters look like Latin ones and the ending is Latin.
"""

import unicodedata
from typing import Final

# Cyrillic, Greek, Armenian and Latin letters, each with the similar letter of a to z.
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
# Letters that are similar only as small capitals or in italics.
_ROUGHLY: Final = frozenset("кмтнвьκητωχγε")
#: Real endings in another alphabet whose letters look like Latin ones.
_ENDINGS: Final = frozenset({"ком", "рус", "мон", "орг", "ευ"})
# Latin letters besides a to z, without an accent, that all registries accept; and those
# that are accepted only below the endings of some countries.
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
    """Whether a label of the domain imitates another. `domain` is not in ASCII form."""
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
    """The alphabet of a letter or digit; "" for characters that belong to no alphabet.

    Python does not have Unicode's scripts, but names of characters begin with them.
    """
    if unicodedata.category(sign)[0] not in "LMN" or "0" <= sign <= "9":
        return ""
    first = unicodedata.name(sign, "").partition(" ")[0]
    if first == "COMBINING":
        return ""
    return "EAST ASIAN" if first in _EAST_ASIAN else first


def _is_mixed(label: str) -> bool:
    # Digits count only in a label with Latin letters: the name ARABIC-INDIC DIGIT ONE
    # does not begin with ARABIC, although both belong together.
    letters = {_script(sign) for sign in label if sign.isalpha()} - {""}
    if len(letters) > 1:
        return True
    return "LATIN" in letters and any(_script(s) not in {"LATIN", ""} for s in label)


def _is_latin(label: str) -> bool:
    return any(_script(sign) == "LATIN" for sign in label)


def _is_plain(label: str, ending: str) -> bool:
    """Whether the label has only letters that Latin names have, also with accents.

    False when an accent is a character of its own.
    """
    return all(
        sign.isascii()
        or not (sign.isalpha() or unicodedata.combining(sign))
        or sign in _LETTERS
        or ending in _LETTERS_OF.get(sign, ())
        or _is_marked(sign)
        for sign in label
    )


def _is_marked(letter: str) -> bool:
    """Whether the letter is one of a to z with accents."""
    apart = unicodedata.normalize("NFD", letter)
    return apart[0].isascii() and all(map(unicodedata.combining, apart[1:]))


def _looks_latin(label: str) -> bool:
    """Whether the label is in another alphabet, and all its letters look like Latin."""
    letters = [sign for sign in label if sign.isalpha()]
    return (
        bool(letters)
        and not _is_latin(label)
        and all(ord(sign) in LOOKS_LIKE for sign in letters)
    )
