"""Making and reading national numbers in tests.

Numbers that are not printed in docs/domain.md are generated: issued to no one as
far as anyone knows, and marked as such where they stand.
"""

import datetime

import pytest

from counter.identity.national_number import (
    NationalNumber,
    NationalNumberError,
    NumberKind,
    Sex,
    parse,
)

TODAY = datetime.date(2026, 3, 20)
REGISTER, BIS = NumberKind.REGISTER, NumberKind.BIS
MALE, FEMALE, UNKNOWN = Sex.MALE, Sex.FEMALE, Sex.UNKNOWN


def generated(first_nine: str, century: int = 1900) -> str:
    """A generated number: the nine digits with the check digits of that century."""
    prefix = "2" if century == 2000 else ""
    remainder = int(prefix + first_nine) - int(prefix + first_nine) // 97 * 97
    return f"{first_nine}{97 - remainder:02d}"


def read(text: str, today: datetime.date = TODAY) -> NationalNumber:
    return parse(text, today=today)


def refusal(text: str, today: datetime.date = TODAY) -> str:
    with pytest.raises(NationalNumberError) as refused:
        parse(text, today=today)
    return refused.value.code
