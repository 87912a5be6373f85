"""Reads numbers as people type, scan or paste them, from any keyboard.

All fields have the same rules (docs/domain.md#numbers-and-dates-as-people-type-them):

- a decimal digit of any script counts as 0 to 9, and a full-width letter as the usual
  letter;
- invisible characters are removed: zero-width spaces, direction marks;
- separators between the groups of a number are every dash and space, and the signs that
  keyboards have beside the digits: ``. , : ; / _`` and the middle dot, and their
  equivalents on Arabic and East Asian keyboards.

All other characters stay, so that the field can refuse them: a character typed by
mistake is never dropped. static/js/typed.js has the same rules for the browser.
"""

import re
import unicodedata
from typing import Final

from django.views.decorators.debug import sensitive_variables

_INVISIBLE: Final = frozenset(
    "\N{COMBINING GRAPHEME JOINER}\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}"
    "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}\N{BRAILLE PATTERN BLANK}"
) | {chr(at) for at in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
# Text that was copied from the end of a line may have this for a hyphen.
_SOFT_HYPHEN: Final = "\N{SOFT HYPHEN}"
_BETWEEN: Final = frozenset({"Pd", "Zs", "Zl", "Zp", "Cf"})
# Separators of other Unicode categories: the minus sign is a mathematical symbol, and
# tab and line ends are control characters.
_ALSO_BETWEEN: Final = frozenset(
    "._/,:;\N{MIDDLE DOT}\N{MINUS SIGN}\t\n\v\f\r\x85"
    # The same signs on Arabic and East Asian keyboards, and mathematical slashes.
    "\N{ARABIC COMMA}\N{ARABIC SEMICOLON}\N{ARABIC DECIMAL SEPARATOR}"
    "\N{ARABIC THOUSANDS SEPARATOR}\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}"
    "\N{KATAKANA MIDDLE DOT}\N{FRACTION SLASH}\N{DIVISION SLASH}"
)


def plain(text: str) -> str:
    """The text with digits 0 to 9 and usual letters, without invisible characters.

    Every space becomes " " and every dash "-". Superscripts, fractions and circled
    digits do not change: 10² is not 102.
    """
    return text.translate(_PLAIN)


class _Plain(dict[int, str]):
    """The replacement of each character, by code point, for `str.translate`.

    The first replacements are cached; the number is limited, because Unicode has a
    million code points.
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


# Latin characters are cached from the start, also when others fill the cache.
_PLAIN.update({number: _plain(chr(number)) for number in range(0x250)})


def is_separator(sign: str) -> bool:
    """Whether a character only separates the groups of a number, or is invisible."""
    return (
        sign in _ALSO_BETWEEN
        or sign in _INVISIBLE
        or unicodedata.category(sign) in _BETWEEN
    )


@sensitive_variables()
def without_separators(text: str) -> str:
    """The text of `plain` without separators; all other characters stay."""
    return "".join(sign for sign in plain(text) if not is_separator(sign))


@sensitive_variables()
def groups(text: str) -> list[str]:
    """The groups of a typed number: 30 / 07 / 1985 has three.

    A group can have any character that is no separator; the caller checks for digits.
    """
    apart = "".join(" " if is_separator(sign) else sign for sign in plain(text))
    return apart.split()


@sensitive_variables()
def digit_count(text: str) -> int:
    """How many digits were typed, to know whether the number is complete."""
    return sum(unicodedata.decimal(sign, None) is not None for sign in text)


# Groups of thousands are separated by a space, an apostrophe, a comma or a full stop;
# the last two only when the other one is before the cents (see `cents`).
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
    """A typed amount of euros, in cents; None when the text has no certain meaning.

    10, 10,00, 10.5, € 10, 10 EUR, 10,-, 1 000,50 and 1.000,50 are read. 1.000 is not:
    for some people it is one euro, for others a thousand.
    """
    written = plain(text.translate(_ARABIC_POINTS)).strip()
    amount = _EURO_BESIDE.fullmatch(written)
    match = amount and _AMOUNT.fullmatch(amount[1])
    if match is None:
        return None
    # A full stop or comma separates thousands only if the other is before the cents.
    thousands = match["thousands"]
    if thousands in _OTHER_POINT and match["point"] != _OTHER_POINT[thousands]:
        return None
    euros = "".join(sign for sign in match["euros"] if sign in "0123456789")
    return int(euros) * 100 + int((match["cents"] or "").strip("-").ljust(2, "0"))


_COUNT: Final = re.compile(r"[0-9]+|[0-9]{1,3}(?: [0-9]{3})+")


@sensitive_variables()
def count(text: str) -> int | None:
    """A typed whole number, which may have a space between thousands; or None."""
    typed = plain(text).strip()
    return int(typed.replace(" ", "")) if _COUNT.fullmatch(typed) else None
