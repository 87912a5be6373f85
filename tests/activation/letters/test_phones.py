"""Mobile numbers of the world. All of them are examples of the numbering plans."""

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from activation.letters import phones


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
        ("0470,12:34_56", "+32470123456"),
        ("+32 470/12\u201134\u00b756\u200e", "+32470123456"),
        ("+1 201 555 0123", "+12015550123"),
        ("\uff10\uff14\uff17\uff10 12 34 56", "+32470123456"),
        ("٠٤٧٠١٢٣٤٥٦", "+32470123456"),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, e164: str) -> None:
    assert phones.parse_mobile(typed) == e164


@pytest.mark.parametrize(
    "typed",
    ["", "112", "0470 12 34 56 / 0471 22 33 44", "0470 12 34", "+32", "9" * 400],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(phones.NotANumberError):
        phones.parse_mobile(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "0470 12 34 56 ext 5",
        "0470123456x12",
        "+32470123456;ext=5",
        "tel:+32470123456",
        "0470 1Z 34 56",
        "0470-FLOWER",
        "0470 12 34 5O",
        "+32 470 12 34 56 #5",
    ],
)
def test_letters_and_extensions_are_refused_and_said(typed: str) -> None:
    with pytest.raises(phones.NotOnlyDigitsError):
        phones.parse_mobile(typed)


@pytest.mark.parametrize("typed", ["016 27 27 27", "02 740 79 91", "0800 12 345"])
def test_a_number_that_gets_no_messages_is_refused(typed: str) -> None:
    with pytest.raises(phones.NotMobileError):
        phones.parse_mobile(typed)


@pytest.mark.parametrize(
    "typed",
    [
        *("+870 773 111 632", "00870773111632", "+881 6 1234 5678", "+881 7 1234 5678"),
        *("+882 16 1234 5678", "+882 99 123456", "+883 5100 0123 4567"),
        *("+878 10 1234567890", "+979 1 2345 6789", "+800 1234 5678", "+808 1234 5678"),
        *("+62 868 1234 5678", "+7 954 123 45 67", "+86 134 9123 4567"),
        "+86 174 0123 4567",
    ],
)
def test_a_satellite_or_a_service_of_no_country_is_refused(typed: str) -> None:
    with pytest.raises(phones.SatelliteError):
        phones.parse_mobile(typed)


@pytest.mark.parametrize(
    "typed",
    [
        *("0900 12 345", "0903 12 345", "070 12 34 56", "+1 900 555 1234"),
        *(
            "+44 70 1234 5678",
            "+44 909 8790000",
            "+33 899 12 34 56",
            "+49 900 1 123456",
        ),
        *("+31 900 1234", "+352 900 12345", "+61 147 123 456"),
    ],
)
def test_a_number_at_a_higher_price_is_refused(typed: str) -> None:
    with pytest.raises((phones.NotMobileError, phones.NotANumberError)):
        phones.parse_mobile(typed)


@pytest.mark.parametrize(
    "typed",
    [
        *("0902 12 345", "0905 12 345", "0906 12 345", "0907 12 345", "0909 12 345"),
        *("078 15 12 34", "0800 12 345"),
        *("+31 900 1234", "+31 906 1234", "+31 909 1234", "+31 88 1234567"),
        *("+31 84 1234567", "+31 85 1234567", "+31 800 1234"),
        *("+33 81 01 23 456", "+33 820 12 34 56", "+33 9 12 34 56 78"),
        *("+49 137 123 4567", "+49 180 5 123456", "+49 700 12345678"),
        *("+49 18 1234567", "+49 32 212345678", "+49 800 1234567"),
        *("+352 901 12345", "+352 905 12345", "+352 801 12345", "+352 800 12345"),
    ],
)
def test_services_and_shared_cost_of_the_neighbours_are_refused(typed: str) -> None:
    with pytest.raises(phones.NotMobileError):
        phones.parse_mobile(typed)


@pytest.mark.parametrize(
    "typed", ["+31 66 1234567", "+49 164 123456", "+49 169 12345678", "+44 7640 123456"]
)
def test_a_pager_is_refused(typed: str) -> None:
    with pytest.raises(phones.NotMobileError):
        phones.parse_mobile(typed)


@pytest.mark.parametrize(
    "typed",
    [
        *("0770 12 34 56", "077 1234 5678", "+31 97 012345678", "+31 970 1234 5678"),
        *("+33 700 123 456 7890", "+82 12 1234 5678"),
    ],
)
def test_a_machine_is_refused(typed: str) -> None:
    """A meter or a lift receives text messages, but nobody reads them."""
    with pytest.raises((phones.NotMobileError, phones.NotANumberError)):
        phones.parse_mobile(typed)


@pytest.mark.parametrize("typed", ["+62 811 1234 567", "+7 916 123 45 67"])
def test_its_neighbours_are_read(typed: str) -> None:
    assert phones.parse_mobile(typed).startswith("+")


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
