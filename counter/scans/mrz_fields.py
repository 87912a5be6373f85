"""Cuts scanned lines into the fields of ICAO 9303 and of the old French card.

The layouts are in docs/domain.md#identity-documents. The fields are not checked here,
but in counter.scans.mrz.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

#: The characters of a zone.
ZONE_CHARACTERS: Final = re.compile(r"[A-Z0-9<]+")
NOT_OF_A_ZONE_AT_ENDS: Final = re.compile(r"^[^A-Z0-9<]+|[^A-Z0-9<]+$")
# Readers end a line with Enter or Tab, and may send control characters around it.
_BREAKS: Final = re.compile(r"[\x00-\x20\x7f-\xa0]+")

_LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Used instead of str.upper(), which makes two letters of some letters, as of ß.
TO_UPPER: Final = str.maketrans(_LOWER, _UPPER)
# Undoes what a reader for a US keyboard types on a computer with Belgian AZERTY, with
# or without Caps Lock, or upper-cased by a browser. On French AZERTY 6 is -, 8 is _.
FROM_AZERTY: Final = TO_UPPER | str.maketrans(
    "aAqQzZwW?,.;&é\"'(§è!çàÉÈÇÀ-_", "QQAAWWZZMM<<1234567890279068"
)
# Undoes the reverse: a reader for a Belgian keyboard on a computer with a US keyboard.
FROM_QWERTY: Final = TO_UPPER | str.maketrans(
    "aAqQzZwW:;!@#$%^&*()\\|>", "QQAAWWZZMM1234567890<<<"
)

# The beginning by which the old French card is recognised among documents of two lines
# of 36 characters. Today's French card has three lines.
_FRENCH_CARD: Final = "IDFRA"

#: The shortest text that counts as a line: a card's line has 30 characters, and readers
#: may lose some.
SHORTEST_LINE: Final = 26


class MrzFormat(Enum):
    """A format: the number of lines, the characters in a line, and who defined it."""

    TD1 = (3, 30, "ICAO")
    TD2 = (2, 36, "ICAO")
    TD3 = (2, 44, "ICAO")
    FRENCH_CARD = (2, 36, "France")


@dataclass(frozen=True, repr=False)
class Zone:
    """The fields of a zone of any format, unchanged."""

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
    """Whether a reader typed this text, or a part of it, and it is no name or number.

    True also for a line with a character too few or too many, which split() refuses.
    """
    long = [
        (table, line)
        for table in (TO_UPPER, FROM_AZERTY)
        for line in _lines(text.translate(table))
        if ZONE_CHARACTERS.fullmatch(line) and len(line) >= SHORTEST_LINE
    ]
    return any(
        # After FROM_AZERTY a long name with dash and full stop looks like a zone, so
        # then only "<<" counts.
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
    """Cut the zone of the French card of 1995 to 2021.

    Only French nationals have it. Its last day is printed, but is not in the zone.
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
