"""Mobile numbers of the world. All of them are examples of the numbering plans."""

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from activation import phones


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("0470 12 34 56", "+32470123456"),
        ("0470/12.34.56", "+32470123456"),
        ("+32 470 12 34 56", "+32470123456"),
        ("0032470123456", "+32470123456"),
        ("+32 (0)470 12 34 56", "+32470123456"),
        ("+31 6 12345678", "+31612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+1 201 555 0123", "+12015550123"),
        ("\uff10\uff14\uff17\uff10 12 34 56", "+32470123456"),
        ("٠٤٧٠١٢٣٤٥٦", "+32470123456"),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, e164: str) -> None:
    assert phones.parse_mobile(typed) == e164


@pytest.mark.parametrize("typed", ["", "hallo", "112", "0470 12 34", "+32", "9" * 400])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(phones.NotANumberError):
        phones.parse_mobile(typed)


@pytest.mark.parametrize("typed", ["016 27 27 27", "02 740 79 91", "0800 12 345"])
def test_a_number_that_gets_no_messages_is_refused(typed: str) -> None:
    with pytest.raises(phones.NotMobileError):
        phones.parse_mobile(typed)


def test_an_example_of_each_country_is_read() -> None:
    read = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
        if example is None:
            continue
        e164 = phonenumbers.format_number(example, PhoneNumberFormat.E164)
        if phonenumbers.number_type(phonenumbers.parse(e164)) in phones._MOBILE:
            assert phones.parse_mobile(e164) == e164
            read += 1
    assert read > 200


def test_a_shown_number_is_known_to_its_owner_only() -> None:
    assert phones.mask_phone("+32470123456") == "+32 4•• •• •• 56"
    assert phones.mask_phone("+12015550123") == "+1 2••-•••-••23"
