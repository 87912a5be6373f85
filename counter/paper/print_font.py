"""The two fonts for printing, and the characters that they have.

A character without a glyph would be printed as a box, or in any other font of the
machine. So names must be typed in characters that the fonts have. In other text, a
missing character is replaced (docs/decisions/030-names-in-latin-letters.md).
"""

import unicodedata
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

DIRECTORY: Final = Path(str(resources.files("font_source_sans_pro"))) / "files"
NAMES: Final = frozenset({"SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf"})
#: Printed instead of a character for which the fonts have nothing similar.
UNKNOWN: Final = "?"


@cache
def _drawn() -> frozenset[int]:
    """The code points for which both fonts have a glyph."""
    # Imported only when needed: it takes twenty milliseconds and seven megabytes.
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    covered = []
    for name in sorted(NAMES):
        with TTFont(DIRECTORY / name, lazy=True) as font:
            covered.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*covered)


def _is_drawn(sign: str) -> bool:
    # Line ends, joiners and other such characters need no glyph.
    return ord(sign) in _drawn() or unicodedata.category(sign) in {"Cc", "Cf"}


def missing(text: str) -> list[str]:
    """The characters that cannot be printed, each once, in their order."""
    composed = unicodedata.normalize("NFC", text)
    return [sign for sign in dict.fromkeys(composed) if not _is_drawn(sign)]


def printable(text: str) -> str:
    """The text with missing characters replaced: without their accents, or by "?"."""
    if not (absent := missing(text)):
        return text
    composed = unicodedata.normalize("NFC", text)
    return composed.translate({ord(sign): _instead(sign) for sign in absent})


def _instead(sign: str) -> str:
    if unicodedata.combining(sign):
        return ""
    if unicodedata.category(sign)[0] == "Z":
        return " "
    plain = "".join(filter(_is_drawn, unicodedata.normalize("NFKD", sign)))
    return plain or UNKNOWN
