"""Mobile numbers of the world, typed as people type them."""

import unicodedata
from typing import Final

import phonenumbers
from babel import Locale
from django.views.decorators.debug import sensitive_variables
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from activation.exceptions import ActivationError

HOME_REGION: Final = "BE"
LONGEST: Final = 40
# In North America a number does not tell whether it is mobile.
_MOBILE: Final = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_SHOWN_AT_END: Final = 2


class NotANumberError(ActivationError):
    """No telephone number anywhere."""


class NotMobileError(ActivationError):
    """A telephone number that gets no text messages."""


@sensitive_variables()
def parse_mobile(typed: str) -> str:
    """E.164 (`+32470123456`) of a mobile number; without + or 00 it is Belgian.

    Raises NotANumberError or NotMobileError without a sentence: the form has it.
    """
    try:
        number = phonenumbers.parse(
            unicodedata.normalize("NFKC", typed)[:LONGEST], HOME_REGION
        )
    except phonenumbers.NumberParseException:
        raise NotANumberError("") from None
    if not phonenumbers.is_valid_number(number):
        raise NotANumberError("")
    if phonenumbers.number_type(number) not in _MOBILE:
        raise NotMobileError("")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@sensitive_variables()
def names_its_country(typed: str) -> bool:
    """Whether it begins as an international number does."""
    return unicodedata.normalize("NFKC", typed).strip().startswith(("+", "00"))


@sensitive_variables()
def national(e164: str, *, language: str) -> str:
    """As its owner writes it: `0470 12 34 56`; `06 12 34 56 78 (France)` abroad."""
    number = phonenumbers.parse(e164)
    written = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    region = phonenumbers.region_code_for_number(number)
    if region == HOME_REGION:
        return written
    country = Locale(language).territories.get(region or "")
    if country is None:  # of no country: satellites and the like
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
