"""National register and bis numbers (docs/domain.md#national-numbers).

A number is `YY.MM.DD-NNN.CC`: a birth date, a serial, two check digits. Code that
handles one follows two rules: the number is never in an exception, a repr or a log
line; and it is a str, because it may begin with zeroes.
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.database.choices import Choices
from counter.identity import typed_digits

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# The Royal decree does not say what 31 February means. The federal government's own
# library refuses it; python-stdnum reads it as "day unknown". True refuses it.
REJECT_IMPOSSIBLE_DAY: bool = True

# Longer than eleven digits in any notation; a longer text is not examined.
_LONGEST_INPUT: Final = 64
_ELEVEN_DIGITS: Final = re.compile(r"[0-9]{11}")
_BIS_SEX_UNKNOWN: Final = 20
_BIS_SEX_KNOWN: Final = 40
_LAST_MONTH: Final = 12


class NumberKind(Choices):
    REGISTER = "register", _("national register number")
    BIS = "bis", _("bis number")


class Sex(Choices):
    """The sex as a document or a number records it; the person's may have changed."""

    MALE = "M", _("male")
    FEMALE = "F", _("female")
    UNKNOWN = "X", _("unknown")


class NationalNumberError(ValueError):
    """The number is refused. `code` is for programs, str() is for the clerk.

    Codes: "format", "check", "month", "day", "serial", "future". Neither has the
    refused number.
    """

    SENTENCES: Final[dict[str, "StrPromise"]] = {
        "format": _("A national register or bis number has 11 digits."),
        "check": _(
            "The check digits of this number do not match. Compare every digit with "
            "the document."
        ),
        "month": _("The month in this number does not exist."),
        "day": _("The day in this number does not exist in that month."),
        "serial": _(
            "The three digits after the birth date cannot be 000 or 999 in a national "
            "register number."
        ),
        "future": _("The birth date in this number lies in the future."),
    }

    def __init__(self, code: str) -> None:
        super().__init__(self.SENTENCES[code])
        self.code = code

    def __str__(self) -> str:
        return str(self.SENTENCES[self.code])

    def __reduce__(self) -> tuple[type["NationalNumberError"], tuple[str]]:
        return type(self), (self.code,)


@dataclass(frozen=True, repr=False)
class NationalNumber:
    """A valid number, and what it tells about its holder.

    `birth_date` is set only when year, month and day are all known. Also only the year,
    or only year and month, may be known. `sex` was recorded when the number was issued.
    """

    digits: str
    kind: NumberKind
    birth_date: datetime.date | None
    birth_year: int | None
    birth_month: int | None
    birth_day: int | None
    sex: Sex

    def __repr__(self) -> str:
        # Error pages and logs print reprs.
        return f"<NationalNumber {self.kind.name}>"

    @property
    def formatted(self) -> str:
        """85.07.30-033.28, only for a page where the clerk revealed it, with an entry
        in the journal.
        """
        d = self.digits
        return f"{d[:2]}.{d[2:4]}.{d[4:6]}-{d[6:9]}.{d[9:]}"

    @property
    def masked(self) -> str:
        """85.07.30-***.**: the birth date, without the serial and the check digits.

        Check digits would leave only about five possible serials. When the month is
        unknown, the "day" is a counter and part of the serial, so it is hidden too:
        81.00.**-***.**
        """
        d = self.digits
        day = d[4:6] if self.birth_month is not None else "**"
        return f"{d[:2]}.{d[2:4]}.{day}-***.**"


@sensitive_variables()
def parse(text: str, *, today: datetime.date) -> NationalNumber:
    """Read a number that was typed, scanned or pasted, and check it by all rules.

    `today` is the local date in Europe/Brussels; a later birth date is refused. Raises
    only NationalNumberError, for any text. The rules are in
    docs/domain.md#national-numbers. The check digits tell whether the year is 19xx or
    20xx. A birth before 1900 would be read as 19xx, but nobody born then is alive.
    """
    digits = _normalise(text)
    century = _century(digits)
    kind, month, sex_known = _split_month(int(digits[2:4]))
    year, known_month, day = _birth_parts(
        century + int(digits[:2]), month, int(digits[4:6])
    )
    serial = digits[6:9]
    if kind is NumberKind.REGISTER and serial in {"000", "999"}:
        raise NationalNumberError("serial")
    if _in_future(year, known_month, day, today):
        raise NationalNumberError("future")
    return NationalNumber(
        digits=digits,
        kind=kind,
        birth_date=_whole_date(year, known_month, day),
        birth_year=year,
        birth_month=known_month,
        birth_day=day,
        sex=_sex(serial) if sex_known else Sex.UNKNOWN,
    )


def contradicts_birth_date(number: NationalNumber, birth_date: datetime.date) -> bool:
    """Whether a known part of the number's birth date differs from the document's."""
    pairs = (
        (number.birth_year, birth_date.year),
        (number.birth_month, birth_date.month),
        (number.birth_day, birth_date.day),
    )
    return any(known not in (None, shown) for known, shown in pairs)


def contradicts_sex(number: NationalNumber, sex: Sex) -> bool:
    """Whether number and document have a known, different sex: this is only a warning.

    The number has the sex that was recorded when it was issued; the document may have
    a later one.
    """
    return Sex.UNKNOWN not in (number.sex, sex) and number.sex != sex


def _normalise(text: str) -> str:
    text = text.strip()
    if len(text) > _LONGEST_INPUT:
        raise NationalNumberError("format")
    digits = typed_digits.without_separators(text)
    # ASCII digits only: str.isdigit() and \d also accept others, which the database
    # does not accept as digits.
    if not _ELEVEN_DIGITS.fullmatch(digits):
        raise NationalNumberError("format")
    return digits


def _century(digits: str) -> int:
    """1900 or 2000: the century for which the check digits are right.

    They are never right for both. Raises NationalNumberError("check") when they are
    right for neither.
    """
    first_nine, check = int(digits[:9]), int(digits[9:])
    if check == 97 - first_nine % 97:
        return 1900
    if check == 97 - (2_000_000_000 + first_nine) % 97:
        return 2000
    raise NationalNumberError("check")


def _split_month(field: int) -> tuple[NumberKind, int, bool]:
    """The kind, the month (0: unknown) and whether the serial tells the sex.

    Royal decree of 8 February 1991: a bis number adds 40 to the month when the sex
    was known at issue, 20 when it was not.
    """
    for offset, kind, sex_known in (
        (0, NumberKind.REGISTER, True),
        (_BIS_SEX_UNKNOWN, NumberKind.BIS, False),
        (_BIS_SEX_KNOWN, NumberKind.BIS, True),
    ):
        if offset <= field <= offset + _LAST_MONTH:
            return kind, field - offset, sex_known
    raise NationalNumberError("month")


def _birth_parts(
    year: int, month: int, day: int
) -> tuple[int | None, int | None, int | None]:
    """The birth year, month and day; None for a part that the number does not tell."""
    if month == 0:
        # The month is unknown, or all serials of the birth date were used; then "day"
        # is a counter up to 99. Year 00 with a counter is the fictitious date for a
        # birth date that is wholly unknown; only 00.00.00 means the year 1900 or 2000.
        wholly_unknown = year % 100 == 0 and day > 0
        return None if wholly_unknown else year, None, None
    if day == 0:
        return year, month, None
    if day > calendar.monthrange(year, month)[1]:
        if REJECT_IMPOSSIBLE_DAY:
            raise NationalNumberError("day")
        return year, month, None
    return year, month, day


def _in_future(
    year: int | None, month: int | None, day: int | None, today: datetime.date
) -> bool:
    """Whether even the earliest date that the known parts allow is after today."""
    if year is None:
        return False
    return (year, month or 1, day or 1) > (today.year, today.month, today.day)


def _whole_date(
    year: int | None, month: int | None, day: int | None
) -> datetime.date | None:
    if year is None or month is None or day is None:
        return None
    return datetime.date(year, month, day)


def _sex(serial: str) -> Sex:
    return Sex.MALE if int(serial) % 2 else Sex.FEMALE
