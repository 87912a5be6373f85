"""The two fonts that paper is printed in, and the letters that they have.

A letter without a glyph is printed as a box, or by whatever other font the machine
happens to have. So names are asked for in letters that are here, and what comes from
elsewhere is printed without the ones that are not
(docs/decisions/030-names-in-latin-letters.md).
"""

import unicodedata
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

DIRECTORY: Final = Path(str(resources.files("font_source_sans_pro"))) / "files"
NAMES: Final = frozenset({"SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf"})
#: Printed instead of a letter that the fonts have nothing like.
UNKNOWN: Final = "?"


@cache
def _drawn() -> frozenset[int]:
    """The code points that both fonts have a glyph for."""
    # Twenty milliseconds and seven megabytes, for processes that read names.
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    covered = []
    for name in sorted(NAMES):
        with TTFont(DIRECTORY / name, lazy=True) as font:
            covered.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*covered)


def _is_drawn(sign: str) -> bool:
    # Line ends, joiners and the like have no shape of their own.
    return ord(sign) in _drawn() or unicodedata.category(sign) in {"Cc", "Cf"}


def missing(text: str) -> list[str]:
    """The signs that cannot be printed, each once, in their order."""
    composed = unicodedata.normalize("NFC", text)
    return [sign for sign in dict.fromkeys(composed) if not _is_drawn(sign)]


def printable(text: str) -> str:
    """The text with a letter of the fonts for each other one: plain, or else a ?."""
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
