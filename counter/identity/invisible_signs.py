"""Distinguishes invisible characters that belong to a word from all others."""

import unicodedata
from typing import Final

#: Invisible characters that change how letters of Persian and Indic names are joined.
JOINERS: Final = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


def is_of_a_text(character: str) -> bool:
    """Whether the character can belong to a text.

    False for control and format characters: direction marks, tags, soft hyphens.
    """
    return character in JOINERS or unicodedata.category(character)[0] != "C"


def on_one_line(text: str) -> str:
    """The text without such characters, and with one space between two words.

    Line breaks and tabs are spaces here. The characters go first: one between two
    spaces, or after the last word, would leave a space too many.
    """
    kept = (c for c in text if c.isspace() or is_of_a_text(c))
    return " ".join("".join(kept).split())
