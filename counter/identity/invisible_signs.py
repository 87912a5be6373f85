"""Which characters that nobody sees belong to a word, and which only disguise it."""

import unicodedata
from typing import Final

#: They shape the letters of Persian and Indic names.
JOINERS: Final = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


def is_of_a_text(character: str) -> bool:
    """False for control and format characters: direction marks, tags, soft hyphens."""
    return character in JOINERS or unicodedata.category(character)[0] != "C"
