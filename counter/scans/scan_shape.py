"""Whether a text is what a document reader types, or holds a national number.

Readers are keyboards: they type wherever the focus is. Such a text is data about a
person and never a name, a reason or a slip number (docs/domain.md#identity-documents).
Nothing here says what it is about, and no text is kept.
"""

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Final

from django.utils.timezone import localdate
from django.views.decorators.debug import sensitive_variables

from counter.identity import countries, national_number, typed_digits
from counter.identity.national_number import NationalNumberError
from counter.scans.mrz import check_digit
from counter.scans.mrz_fields import (
    FROM_AZERTY,
    FROM_QWERTY,
    NOT_OF_A_ZONE_AT_ENDS,
    SHORTEST_LINE,
    TO_UPPER,
    ZONE_CHARACTERS,
    is_meant,
)

# Birth date and its check digit, sex, the beginning of the expiry date.
_DATES: Final = re.compile(r"(?=([0-9]{2}([0-9]{2})([0-9]{2}))([0-9])[MFX<][0-9]{2})")
# The second line of a passport: number, state, birth date, the first two with a check.
_NUMBER_AND_BIRTH: Final = re.compile(
    r"([A-Z0-9<]{9})([0-9])[A-Z<]{3}([0-9]{6})([0-9])"
)
# The second line of the old French card: number with its check, given names.
_FRENCH_NUMBER: Final = re.compile(r"([A-Z0-9]{12})([0-9])[A-Z<]{4,}")
_FRENCH_DIGITS: Final = 8
# The beginning of a first line: kind of document, country, number.
_HEAD: Final = re.compile(r"([ACIP][A-Z<])([A-Z]{3}|[A-Z]<<)([A-Z0-9<]{6,})")
_KINDS: Final = frozenset({"ID", "IR", "IO", "IP", "I<", "C<", "A<", "AR", "P<"})
_HEAD_DIGITS: Final = 4
# Surname and given names with a reader's full stops for fillers: JANSSENS..PETER
_DOTTED_NAMES: Final = re.compile(r"[A-Z]+(?:<[A-Z]+)*<<[A-Z]+(?:<[A-Z]+)*<*")

_FULL_DATE: Final = re.compile(
    r"(?<![0-9./-])[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}(?![0-9])"
)
# Eleven digits with separators between them, neither more digits at once before or
# after nor a telephone number's plus sign.
_ELEVEN: Final = re.compile(r"(?<![0-9+])(?=([0-9](?:[ ]*[0-9]){10})(?![0-9]))[0-9]")
# The same with the year in full: 1985.07.30-033.28, 30/07/1985-033.28.
_YEAR_FIRST: Final = re.compile(
    r"(?<![0-9+])(?=(?:19|20)([0-9]{2}(?:[ ]*[0-9]){9})(?![0-9]))[0-9]"
)
_DAY_FIRST: Final = re.compile(
    r"(?<![0-9+])([0-9]{1,2})[ ]+([0-9]{1,2})[ ]+(?:19|20)([0-9]{2})"
    r"((?:[ ]*[0-9]){5})(?![0-9])"
)

_NUMBER_DIGITS: Final = 11
# Digits may stand right before a number: "2 keys,85.07.30-033.28".
_MOST_DIGITS: Final = 30
_LEFT_OUT: Final = "\N{HORIZONTAL ELLIPSIS}"


@sensitive_variables()
def is_scan(text: str) -> bool:
    """Whole or in part, well read or badly: never a name to look for or to show."""
    return is_meant(text) or looks_like_zone(text)


@sensitive_variables()
def looks_like_zone(text: str) -> bool:
    """A line of a machine-readable zone, or enough of one to be nothing else.

    In capitals or, with Caps Lock, in small letters; also as a reader types it that is
    set to another keyboard than the computer.
    """
    return any(map(_is_of_a_zone, text.split()))


@sensitive_variables()
def holds_national_number(text: str) -> bool:
    """Eleven digits that pass every rule of a national register or bis number, with
    whatever separators, anywhere in the text.
    """
    if sum(map(str.isdecimal, text)) < _NUMBER_DIGITS:
        return False
    # A date and an amount behind it are no number: 30-07-2026, 125 euro.
    without_dates = _with_plain_digits(_FULL_DATE.sub("x", text))
    with_years = _with_years_in_full(_with_plain_digits(text))
    return any(map(_is_national_number, chain(_elevens(without_dates), with_years)))


@sensitive_variables()
def without_scans_and_numbers(text: str) -> str:
    """Return the text with "…" for each line of a zone and each national number.

    A long message is then not lost for one number in it. Empty when something remains
    that only the text as a whole shows to be a scan or a number.
    """
    kept: list[str] = []
    for part in re.split(r"(\s+)", text):
        kept.append(_LEFT_OUT if looks_like_zone(part) else part)
        for start in _beginnings(kept):
            if holds_national_number("".join(kept[start:])):
                kept[start:] = [_LEFT_OUT]
                break
    rest = "".join(kept)
    return "" if looks_like_zone(rest) or holds_national_number(rest) else rest


def _beginnings(parts: list[str]) -> Iterator[int]:
    """Where a number could begin that ends with the last part, the nearest first."""
    digits = 0
    for start in reversed(range(len(parts))):
        digits += sum(map(str.isdecimal, parts[start]))
        if digits > _MOST_DIGITS or not digits:
            return
        if digits >= _NUMBER_DIGITS:
            yield start


def _is_of_a_zone(word: str) -> bool:
    letters = [c for c in word if c.isascii() and c.isalpha()]
    # A reader does not mix cases: this is a link, a token or something typed by hand.
    is_mixed = any(map(str.isupper, letters)) and any(map(str.islower, letters))
    plain = NOT_OF_A_ZONE_AT_ENDS.sub("", word.translate(TO_UPPER))
    if ZONE_CHARACTERS.fullmatch(plain) and _has_fillers(plain):
        return True
    for table in (TO_UPPER, FROM_AZERTY, FROM_QWERTY):
        line = NOT_OF_A_ZONE_AT_ENDS.sub("", word.translate(table))
        if not ZONE_CHARACTERS.fullmatch(line):
            continue
        if _has_dates(line) or (line != plain and _is_line(line, plain)):
            return True
        if not is_mixed and any(
            (
                _is_line(line, plain),
                _is_head(line, in_capitals=word.isupper()),
                _is_second_line(line),
            )
        ):
            return True
    # In small letters it could be a person's "well..perhaps".
    dotted = word.translate(FROM_AZERTY)
    return word.isupper() and _DOTTED_NAMES.fullmatch(dotted) is not None


def _has_fillers(word: str) -> bool:
    """Whether `<` stands twice together, or in several places of one word."""
    return ("<<" in word or word.count("<") > 1) and word.strip("<") != ""


def _is_line(line: str, plain: str) -> bool:
    """So long that only a line is, with letters and digits or fillers in it.

    A long word with full stops is an address or a dotted line as well as a line with
    fillers, so of another keyboard's signs one that no word has is asked for.
    """
    if len(line) < SHORTEST_LINE:
        return False
    if line == plain:
        return not (line.isdigit() or line.isalpha())
    return "<<" in line and line.strip("<") != ""


def _has_dates(line: str) -> bool:
    return any(
        "01" <= month <= "12" and "01" <= day <= "31" and int(sum_) == check_digit(born)
        for born, month, day, sum_ in _DATES.findall(line)
    )


def _is_second_line(line: str) -> bool:
    if match := _NUMBER_AND_BIRTH.match(line):
        number, check, born, born_check = match.groups()
        return int(check) == check_digit(number) and int(born_check) == check_digit(
            born
        )
    match = _FRENCH_NUMBER.match(line)
    if match is None or sum(map(str.isdigit, match[1])) < _FRENCH_DIGITS:
        return False
    return int(match[2]) == check_digit(match[1])


def _is_head(line: str, *, in_capitals: bool) -> bool:
    """Whether this is the beginning of a zone's first line.

    A user name such as alita1985073 looks like a card of Italy. So the number has to
    end with the right check digit, or all of it is in capitals and of a usual kind of
    card.
    """
    match = _HEAD.match(line)
    if match is None or sum(map(str.isdigit, match[3])) < _HEAD_DIGITS:
        return False
    kind, state, number = match[1], match[2].rstrip("<"), match[3]
    if countries.read(state) is None and state != "UTO":
        return False
    check = number[9:10]
    if check.isdigit() and int(check) == check_digit(number[:9]):
        return True
    return in_capitals and kind in _KINDS


def _with_plain_digits(text: str) -> str:
    """Digits of any script as 0 to 9, and whatever stands between digits as a space.

    Only the plus sign of a telephone number stays.
    """
    plain = typed_digits.plain(text)
    return "".join(
        c if c.isalnum() or (c == "+" and not before.isdigit()) else " "
        for before, c in pairwise(f" {plain}")
    )


def _elevens(text: str) -> Iterator[str]:
    for match in _ELEVEN.finditer(text):
        yield match[1].replace(" ", "")


def _with_years_in_full(text: str) -> Iterator[str]:
    for match in _YEAR_FIRST.finditer(text):
        yield match[1].replace(" ", "")
    for day, month, year, rest in _DAY_FIRST.findall(text):
        yield f"{year}{month:0>2}{day:0>2}{rest.replace(' ', '')}"


def _is_national_number(digits: str) -> bool:
    try:
        national_number.parse(digits, today=localdate())
    except NationalNumberError:
        return False
    return True
