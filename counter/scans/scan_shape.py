"""Recognises a text from a document reader, and a national number in a text.

A reader works as a keyboard: it types into the field with the focus. Its text is data
of a person and never a name, a reason or a slip number
(docs/domain.md#identity-documents). The functions here do not read the data and store
no text.
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

# A birth date with its check digit, the sex, and the first digits of the expiry date.
_DATES: Final = re.compile(r"(?=([0-9]{2}([0-9]{2})([0-9]{2}))([0-9])[MFX<][0-9]{2})")
# The second line of a passport: number, check digit, state, birth date, check digit.
_NUMBER_AND_BIRTH: Final = re.compile(
    r"([A-Z0-9<]{9})([0-9])[A-Z<]{3}([0-9]{6})([0-9])"
)
# The second line of the old French card: number, check digit, given names.
_FRENCH_NUMBER: Final = re.compile(r"([A-Z0-9]{12})([0-9])[A-Z<]{4,}")
_FRENCH_DIGITS: Final = 8
# The beginning of a first line: kind of document, country, number.
_HEAD: Final = re.compile(r"([ACIP][A-Z<])([A-Z]{3}|[A-Z]<<)([A-Z0-9<]{6,})")
_KINDS: Final = frozenset({"ID", "IR", "IO", "IP", "I<", "C<", "A<", "AR", "P<"})
_HEAD_DIGITS: Final = 4
# Surname and given names, after FROM_AZERTY changed full stops to fillers:
# JANSSENS..PETER
_DOTTED_NAMES: Final = re.compile(r"[A-Z]+(?:<[A-Z]+)*<<[A-Z]+(?:<[A-Z]+)*<*")

_FULL_DATE: Final = re.compile(
    r"(?<![0-9./-])[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}(?![0-9])"
)
# Eleven digits with separators between them, without another digit directly before or
# after them, and without the plus sign of a telephone number before them.
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
# How many digits to search back for a beginning: a text may have other digits directly
# before a number, as in "2 keys,85.07.30-033.28".
_MOST_DIGITS: Final = 30
_LEFT_OUT: Final = "\N{HORIZONTAL ELLIPSIS}"


@sensitive_variables()
def is_scan(text: str) -> bool:
    """Whether the text is a scan, also a part of one or one with reading errors.

    Such a text must not be searched for as a name, and not be shown.
    """
    return is_meant(text) or looks_like_zone(text)


@sensitive_variables()
def looks_like_zone(text: str) -> bool:
    """Whether the text has a line of a zone, or so much of one that it is nothing else.

    The line may be in capitals or, with Caps Lock, in lower case. The reader may have
    another keyboard layout than the computer.
    """
    return any(map(_is_of_a_zone, text.split()))


@sensitive_variables()
def holds_national_number(text: str) -> bool:
    """Whether the text has a valid national number, with any separators."""
    if sum(map(str.isdecimal, text)) < _NUMBER_DIGITS:
        return False
    # A date followed by an amount is no national number: 30-07-2026, 125 euro.
    without_dates = _with_plain_digits(_FULL_DATE.sub("x", text))
    with_years = _with_years_in_full(_with_plain_digits(text))
    return any(map(_is_national_number, chain(_elevens(without_dates), with_years)))


@sensitive_variables()
def without_scans_and_numbers(text: str) -> str:
    """Return the text with "…" instead of each line of a zone and national number.

    So a long message is not lost because of one number in it. Returns "" when the rest
    still looks like a scan or a number as a whole.
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
    """The indexes where a number that ends with the last part can begin, last first."""
    digits = 0
    for start in reversed(range(len(parts))):
        digits += sum(map(str.isdecimal, parts[start]))
        if digits > _MOST_DIGITS or not digits:
            return
        if digits >= _NUMBER_DIGITS:
            yield start


def _is_of_a_zone(word: str) -> bool:
    letters = [c for c in word if c.isascii() and c.isalpha()]
    # A reader does not mix cases: a mixed text is a link, a token, or typed by hand.
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
    # In lower case, two full stops can be in a person's text: "well..perhaps".
    dotted = word.translate(FROM_AZERTY)
    return word.isupper() and _DOTTED_NAMES.fullmatch(dotted) is not None


def _has_fillers(word: str) -> bool:
    """Whether the word has `<<` or several `<`, and other characters too."""
    return ("<<" in word or word.count("<") > 1) and word.strip("<") != ""


def _is_line(line: str, plain: str) -> bool:
    """Whether the word is so long that it must be a line of a zone.

    `line` is the word after a keyboard layout was undone; `plain` is the word itself.
    When the two differ, `line` must have "<<": a long word with single full stops can
    be an internet address.
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

    A user name such as alita1985073 looks like a card of Italy. So the check digit of
    the number must be right, or the text must be in capitals and begin with the code of
    a usual kind of card.
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
    """The text with digits 0 to 9, and a space for each other sign that is no letter.

    Only the plus sign before a telephone number stays.
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
