"""Reading, showing and masking mobile numbers of any country."""

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
# North American numbers do not show whether they are mobile, so they are accepted.
_MOBILE: Final = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_SHOWN_AT_END: Final = 2
# The library's region code for numbers that belong to no country: satellites, networks
# of ships and aeroplanes, services
# (docs/domain.md#numbers-and-dates-as-people-type-them).
_NO_COUNTRY: Final = "001"
# Prefixes of satellite numbers that the library counts as mobile numbers of a country.
_SATELLITES: Final = ("+62868", "+7954", "+861349", "+861740")


# Prefixes of numbers for meters, lifts and cars, which some countries count as mobile
# (the Netherlands 097, South Korea 012): nobody would read the message. Belgium's 077
# and France's 0700 need no entry, because the library does not accept them.
_MACHINES: Final = ("+3197", "+8212")


class NotANumberError(ActivationError):
    """It is not a valid telephone number of any country."""


class NotOnlyDigitsError(NotANumberError):
    """It has letters in it, or an extension."""


class NotMobileError(ActivationError):
    """It is a telephone number, but one that gets no text messages."""


class SatelliteError(NotMobileError):
    """The number belongs to a satellite or another network without a country.

    Messages to such numbers are expensive.
    """


@sensitive_variables()
def parse_mobile(typed: str) -> str:
    """Return a mobile number in E.164 (`+32470123456`); without + or 00 it is Belgian.

    Letters and extensions are refused. The library would read 0800-FLOWERS as a number
    and drop an extension after `x`, and no message arrives at an extension. Raises
    NotANumberError, NotOnlyDigitsError, SatelliteError or NotMobileError. They have no
    text, because the form has its own.
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
    """Whether it begins like an international number, with + or 00."""
    return _written(typed).startswith(("+", "00"))


@sensitive_variables()
def _written(typed: str) -> str:
    """The text without spaces, dashes and brackets; a long text is cut."""
    written = without_separators(typed[:_LONGEST_READ])
    return "".join(sign for sign in written if sign not in "()[]")[:LONGEST]


@sensitive_variables()
def national(e164: str, *, language: str) -> str:
    """The number as its owner writes it: `0470 12 34 56`.

    A foreign one has its country: `06 12 34 56 78 (France)`.
    """
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
def unbroken(phone: str) -> str:
    """The number with no-break spaces, so that it stays on one line in a sentence."""
    number, bracket, country = phone.partition(" (")
    return number.replace(" ", "\N{NO-BREAK SPACE}") + bracket + country


@sensitive_variables()
def as_typed(e164: str) -> str:
    """The number for the form's field: `0470 12 34 56`, or `+33 6 12 34 56 78`.

    `parse_mobile` reads both again.
    """
    number = phonenumbers.parse(e164)
    at_home = phonenumbers.region_code_for_number(number) == HOME_REGION
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


@sensitive_variables()
def mask_phone(e164: str) -> str:
    """Mask a number as `+32 4•• •• •• 56`, so that only its owner recognises it."""
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
