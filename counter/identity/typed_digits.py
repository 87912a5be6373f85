"""What people type into a field for numbers, whatever their keyboard, phone or paper.

One rule for every field (docs/domain.md#numbers-and-dates-as-people-type-them):

- a decimal digit of any script is that digit, and a full-width letter that letter;
- signs that nobody sees are not there: zero-width spaces, direction marks;
- what stands between the groups of a number is a separator: every dash and space, and
  the signs that keyboards have beside the digits, ``. , : ; / _`` and the middle dot,
  with what Arabic and East Asian keyboards have for them.

Everything else stays, so that the field can refuse it: no sign that was typed by
mistake vanishes. static/js/typed.js is the same rule in the browser.
"""

import re
import unicodedata
from typing import Final

from django.views.decorators.debug import sensitive_variables

_INVISIBLE: Final = frozenset(
    "\N{COMBINING GRAPHEME JOINER}\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}"
    "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}\N{BRAILLE PATTERN BLANK}"
) | {chr(at) for at in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
# Shown as a hyphen where a line ends, and copied from there.
_SOFT_HYPHEN: Final = "\N{SOFT HYPHEN}"
_BETWEEN: Final = frozenset({"Pd", "Zs", "Zl", "Zp", "Cf"})
# The minus sign is mathematics to Unicode, and tab and line ends are control signs.
_ALSO_BETWEEN: Final = frozenset(
    "._/,:;\N{MIDDLE DOT}\N{MINUS SIGN}\t\n\v\f\r\x85"
    # The same signs on Arabic and East Asian keyboards, and slashes as mathematics.
    "\N{ARABIC COMMA}\N{ARABIC SEMICOLON}\N{ARABIC DECIMAL SEPARATOR}"
    "\N{ARABIC THOUSANDS SEPARATOR}\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}"
    "\N{KATAKANA MIDDLE DOT}\N{FRACTION SLASH}\N{DIVISION SLASH}"
)


def plain(text: str) -> str:
    """Digits as 0 to 9, full-width letters as letters, nothing that is invisible.

    Spaces and dashes become the plain ones. Superscripts, fractions and circled digits
    stay what they are: 10² is not 102.
    """
    return text.translate(_PLAIN)


class _Plain(dict[int, str]):
    """What each sign becomes, by its code point, for `str.translate`.

    Signs that people type are looked up once and kept; the million others are not kept.
    """

    def __missing__(self, number: int) -> str:
        sign = _plain(chr(number))
        if len(self) < _KEPT:
            self[number] = sign
        return sign


_KEPT: Final = 5_000
_PLAIN: Final = _Plain()


def _plain(sign: str) -> str:
    decimal = unicodedata.decimal(sign, None)
    if decimal is not None:
        return str(decimal)
    if sign == _SOFT_HYPHEN or unicodedata.category(sign) == "Pd":
        return "-"
    if sign in _INVISIBLE or unicodedata.category(sign) == "Cf":
        return ""
    if unicodedata.category(sign) in {"Zs", "Zl", "Zp"}:
        return " "
    wide = unicodedata.normalize("NFKC", sign)
    is_a_number = any(unicodedata.category(character)[0] == "N" for character in wide)
    return sign if is_a_number else wide


# Latin letters have their place, whatever else somebody sends before them.
_PLAIN.update({number: _plain(chr(number)) for number in range(0x250)})


def is_separator(sign: str) -> bool:
    """Whether a sign only separates the groups of a number, or is invisible."""
    return (
        sign in _ALSO_BETWEEN
        or sign in _INVISIBLE
        or unicodedata.category(sign) in _BETWEEN
    )


@sensitive_variables()
def without_separators(text: str) -> str:
    """`plain` without separators; letters and everything else stay."""
    return "".join(sign for sign in plain(text) if not is_separator(sign))


@sensitive_variables()
def groups(text: str) -> list[str]:
    """The groups of a number as typed: 30 / 07 / 1985 has three.

    A group holds everything that is no separator; the caller checks for digits.
    """
    apart = "".join(" " if is_separator(sign) else sign for sign in plain(text))
    return apart.split()


@sensitive_variables()
def digit_count(text: str) -> int:
    """How many digits were typed, to tell whether a number is complete yet."""
    return sum(unicodedata.decimal(sign, None) is not None for sign in text)


# Thousands are grouped by a space, or by the sign that does not separate the cents.
_AMOUNT: Final = re.compile(
    r"(?P<euros>[0-9]{1,3}(?P<thousands>[ '.,])[0-9]{3}(?:(?P=thousands)[0-9]{3})*"
    r"|[0-9]+)"
    r"(?:(?P<point>[.,])(?P<cents>[0-9]{0,2}|-{1,2}))?"
)
_EURO_BESIDE: Final = re.compile(
    r"(?:(?:€|euros?|eur)\s*)?(.*?)(?:\s*(?:€|euros?|eur))?", re.IGNORECASE | re.DOTALL
)
_ARABIC_POINTS: Final = str.maketrans(
    {"\N{ARABIC DECIMAL SEPARATOR}": ",", "\N{ARABIC THOUSANDS SEPARATOR}": "."}
    | {"\N{RIGHT SINGLE QUOTATION MARK}": "'"}
)


_OTHER_POINT: Final = {".": ",", ",": "."}


@sensitive_variables()
def cents(text: str) -> int | None:
    """An amount in euros as typed, in whole cents; None when that is not certain.

    Read are 10, 10,00, 10.5, € 10, 10 EUR, 10,-, 1 000,50 and 1.000,50. Not read is
    1.000: it is one euro to some and a thousand to others.
    """
    written = plain(text.translate(_ARABIC_POINTS)).strip()
    amount = _EURO_BESIDE.fullmatch(written)
    match = amount and _AMOUNT.fullmatch(amount[1])
    if match is None:
        return None
    # A point or comma is between thousands only where the other one is before cents.
    thousands = match["thousands"]
    if thousands in _OTHER_POINT and match["point"] != _OTHER_POINT[thousands]:
        return None
    euros = "".join(sign for sign in match["euros"] if sign in "0123456789")
    return int(euros) * 100 + int((match["cents"] or "").strip("-").ljust(2, "0"))


_COUNT: Final = re.compile(r"[0-9]+|[0-9]{1,3}(?: [0-9]{3})+")


@sensitive_variables()
def count(text: str) -> int | None:
    """A number of things: digits, perhaps with a space before each three of them."""
    typed = plain(text).strip()
    return int(typed.replace(" ", "")) if _COUNT.fullmatch(typed) else None
