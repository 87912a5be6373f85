"""Mobile numbers of the world, typed as people type them."""

import re
from typing import Final

import phonenumbers
from babel import Locale
from django.views.decorators.debug import sensitive_variables
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from activation.exceptions import ActivationError
from counter.identity.typed_digits import without_separators

HOME_REGION: Final = "BE"
LONGEST: Final = 40
_LONGEST_READ: Final = 200
_ONLY_DIGITS: Final = re.compile(r"\+?[0-9]*")
# In North America one cannot see from a number whether it is mobile.
_MOBILE: Final = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_SHOWN_AT_END: Final = 2
# The library's name for where numbers of no country are: satellites, networks of ships
# and aeroplanes, services (docs/domain.md#numbers-and-dates-as-people-type-them).
_NO_COUNTRY: Final = "001"
# Satellites that a country numbers among its mobile phones.
_SATELLITES: Final = ("+62868", "+7954", "+861349", "+861740")


# Numbers of meters, lifts and cars, which some countries count as mobile (the
# Netherlands 097, South Korea 012): nobody reads what they get. Belgium's 077 and
# France's 0700 need no entry, because the library does not accept them.
_MACHINES: Final = ("+3197", "+8212")


class NotANumberError(ActivationError):
    """No telephone number anywhere."""


class NotOnlyDigitsError(NotANumberError):
    """There are letters in it, or an extension."""


class NotMobileError(ActivationError):
    """A telephone number that gets no text messages."""


class SatelliteError(NotMobileError):
    """A number of a network of no country, such as a satellite: messages are dear."""


@sensitive_variables()
def parse_mobile(typed: str) -> str:
    """E.164 (`+32470123456`) of a mobile number; without + or 00 it is Belgian.

    Letters are refused, and so is an extension: the library reads 0800-FLOWERS and
    drops what follows an `x`, and no message arrives behind a switchboard. Raises
    NotANumberError, NotOnlyDigitsError, SatelliteError or NotMobileError without a
    sentence: the form has it.
    """
    written = _written(typed)
    if not _ONLY_DIGITS.fullmatch(written):
        raise NotOnlyDigitsError("")
    try:
        number = phonenumbers.parse(written, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise NotANumberError("") from None
    if not phonenumbers.is_valid_number(number):
        raise NotANumberError("")
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    of_no_country = phonenumbers.region_code_for_number(number) == _NO_COUNTRY
    if of_no_country or e164.startswith(_SATELLITES):
        raise SatelliteError("")
    is_mobile = phonenumbers.number_type(number) in _MOBILE
    if not is_mobile or e164.startswith(_MACHINES):
        raise NotMobileError("")
    return e164


@sensitive_variables()
def names_its_country(typed: str) -> bool:
    """Whether it begins as an international number does."""
    return _written(typed).startswith(("+", "00"))


@sensitive_variables()
def _written(typed: str) -> str:
    """Without spaces, dashes and brackets; of a long text the beginning."""
    written = without_separators(typed[:_LONGEST_READ])
    return "".join(sign for sign in written if sign not in "()[]")[:LONGEST]


@sensitive_variables()
def national(e164: str, *, language: str) -> str:
    """As its owner writes it: `0470 12 34 56`; `06 12 34 56 78 (France)` abroad."""
    number = phonenumbers.parse(e164)
    written = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    region = phonenumbers.region_code_for_number(number)
    if region == HOME_REGION:
        return written
    country = Locale(language).territories.get(region or "")
    if country is None:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return f"{written} ({country})"


@sensitive_variables()
def unbroken(shown: str) -> str:
    """A number in a sentence: on one line, however large the letters."""
    number, bracket, country = shown.partition(" (")
    return number.replace(" ", "\N{NO-BREAK SPACE}") + bracket + country


@sensitive_variables()
def as_typed(e164: str) -> str:
    """`0470 12 34 56`, and from abroad `+33 6 12 34 56 78`: to go into the field."""
    number = phonenumbers.parse(e164)
    at_home = phonenumbers.region_code_for_number(number) == HOME_REGION
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


@sensitive_variables()
def mask_phone(e164: str) -> str:
    """`+32 4•• •• •• 56`: enough to see that it is one's own number."""
    number = phonenumbers.parse(e164)
    written = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    country, _, rest = written.partition(" ")
    total = sum(character.isdigit() for character in rest)
    masked, seen = "", 0
    for character in rest:
        if character.isdigit():
            seen += 1
            if 1 < seen <= total - _SHOWN_AT_END:
                masked += "•"
                continue
        masked += character
    return f"{country} {masked}"
