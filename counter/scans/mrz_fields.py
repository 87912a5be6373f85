"""Cutting scanned lines into the fields of ICAO 9303 and of the old French card.

The layouts stand in docs/domain.md#identity-documents.

Nothing here judges a field: counter.scans.mrz does.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

#: The characters of a zone.
ZONE_CHARACTERS: Final = re.compile(r"[A-Z0-9<]+")
NOT_OF_A_ZONE_AT_ENDS: Final = re.compile(r"^[^A-Z0-9<]+|[^A-Z0-9<]+$")
# Readers end a line with Enter or Tab and may frame it with control characters.
_BREAKS: Final = re.compile(r"[\x00-\x20\x7f-\xa0]+")

_LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Not str.upper(): it makes two letters of some single foreign ones.
TO_UPPER: Final = str.maketrans(_LOWER, _UPPER)
# What a reader set to a US keyboard types on a Belgian AZERTY computer, with and
# without Caps Lock or a browser's upper-casing. On a French one 6 is - and 8 is _.
FROM_AZERTY: Final = TO_UPPER | str.maketrans(
    "aAqQzZwW?,.;&é\"'(§è!çàÉÈÇÀ-_", "QQAAWWZZMM<<1234567890279068"
)
# The reverse: a reader set to a Belgian keyboard on a computer with a US one.
FROM_QWERTY: Final = TO_UPPER | str.maketrans(
    "aAqQzZwW:;!@#$%^&*()\\|>", "QQAAWWZZMM1234567890<<<"
)

# No other document of two lines of 36 begins so: the French card of today has three.
_FRENCH_CARD: Final = "IDFRA"

#: A card's line has 30 characters, and a reader may lose some.
SHORTEST_LINE: Final = 26


class MrzFormat(Enum):
    """Number of lines, characters a line, and who laid them out."""

    TD1 = (3, 30, "ICAO")
    TD2 = (2, 36, "ICAO")
    TD3 = (2, 44, "ICAO")
    FRENCH_CARD = (2, 36, "France")


@dataclass(frozen=True, repr=False)
class Zone:
    """The fields of any format, still as printed."""

    format: MrzFormat
    code: str
    state: str
    name: str
    number: str
    number_check: str
    overflow: str  # where a long number continues; "" when the format has none
    nationality: str
    birth: str
    birth_check: str
    sex: str
    expiry: str
    expiry_check: str
    optional: str
    optional_check: str  # "" when the format has none
    composite: str
    composite_check: str
    states_expiry: bool = True


def is_meant(text: str) -> bool:
    """Whether this is a reader's text, complete or not, and no name or number.

    True also for a line with a character too few or too many, which split() refuses.
    """
    long = [
        (table, line)
        for table in (TO_UPPER, FROM_AZERTY)
        for line in _lines(text.translate(table))
        if ZONE_CHARACTERS.fullmatch(line) and len(line) >= SHORTEST_LINE
    ]
    return any(
        # Read as AZERTY, a long name with a dash and a full stop looks like a zone.
        "<<" in line or (table is TO_UPPER and not (line.isdigit() or line.isalpha()))
        for table, line in long
    )


def _lines(text: str) -> list[str]:
    lines = [NOT_OF_A_ZONE_AT_ENDS.sub("", line) for line in _BREAKS.split(text)]
    return [line for line in lines if line]


def split(text: str) -> Zone | None:
    lines = _lines(text)
    if not all(map(ZONE_CHARACTERS.fullmatch, lines)):
        return None
    for shape, cut in (
        (MrzFormat.TD1, _cut_td1),
        (MrzFormat.TD2, _cut_td2),
        (MrzFormat.TD3, _cut_td3),
    ):
        count, width, _origin = shape.value
        if len(lines) == 1 and len(lines[0]) == count * width:
            lines = [lines[0][i : i + width] for i in range(0, count * width, width)]
        if [len(line) for line in lines] == [width] * count:
            return cut(lines)
    return None


def _cut_td1(lines: list[str]) -> Zone:
    first, second, third = lines
    return Zone(
        format=MrzFormat.TD1,
        code=first[0:2],
        state=first[2:5],
        name=third,
        number=first[5:14],
        number_check=first[14],
        overflow=first[15:30],
        birth=second[0:6],
        birth_check=second[6],
        sex=second[7],
        expiry=second[8:14],
        expiry_check=second[14],
        nationality=second[15:18],
        optional=second[18:29],
        optional_check="",
        composite=first[5:30] + second[0:7] + second[8:15] + second[18:29],
        composite_check=second[29],
    )


def _cut_td2(lines: list[str]) -> Zone:
    if lines[0].startswith(_FRENCH_CARD):
        return _cut_french_card(lines)
    return _cut_two_lines(MrzFormat.TD2, lines, optional_check="")


def _cut_french_card(lines: list[str]) -> Zone:
    """The French card of 1995 to 2021. It is given to French people alone, and its
    last day is printed and not in the zone.
    """
    first, second = lines
    return Zone(
        format=MrzFormat.FRENCH_CARD,
        code=first[0:2],
        state=first[2:5],
        name=f"{first[5:30]}<<{second[13:27]}",
        number=second[0:12],
        number_check=second[12],
        overflow="",
        birth=second[27:33],
        birth_check=second[33],
        sex=second[34],
        expiry="<<<<<<",
        expiry_check="<",
        states_expiry=False,
        nationality=first[2:5],
        optional="",
        optional_check="",
        composite=first + second[0:35],
        composite_check=second[35],
    )


def _cut_td3(lines: list[str]) -> Zone:
    return _cut_two_lines(MrzFormat.TD3, lines, optional_check=lines[1][42])


def _cut_two_lines(shape: MrzFormat, lines: list[str], *, optional_check: str) -> Zone:
    first, second = lines
    end_of_optional = -2 if optional_check else -1
    optional = second[28:end_of_optional]
    return Zone(
        format=shape,
        code=first[0:2],
        state=first[2:5],
        name=first[5:],
        number=second[0:9],
        number_check=second[9],
        overflow="" if optional_check else optional,
        nationality=second[10:13],
        birth=second[13:19],
        birth_check=second[19],
        sex=second[20],
        expiry=second[21:27],
        expiry_check=second[27],
        optional=optional,
        optional_check=optional_check,
        composite=second[0:10] + second[13:20] + second[21:-1],
        composite_check=second[-1],
    )
