"""The zones of the official specimens (docs/domain.md#machine-readable-zones).

Zones and numbers that are not printed there are generated: functions such as
`td1` make them from invented data (tests.counter.scans.zones).
"""

import datetime

import pytest

from counter.identity.documents import (
    DocumentError,
    DocumentType,
    check_expiry,
    check_number,
)
from counter.identity.national_number import Sex
from counter.scans.mrz_fields import MrzFormat
from tests.counter.scans.zones import (
    BELGIAN,
    NAMES,
    TD1,
    TD1_LONG,
    TD2,
    TD3,
    TODAY,
    digit,
    read,
    refusal,
    td1,
    td3,
)


@pytest.mark.parametrize(
    ("text", "shape", "code", "number", "optional"),
    [
        (TD3, MrzFormat.TD3, "P", "L898902C3", "ZE184226B"),
        (TD2, MrzFormat.TD2, "I", "D23145890", ""),
        (TD1, MrzFormat.TD1, "I", "D23145890", ""),
    ],
    ids=["TD3", "TD2", "TD1"],
)
def test_the_official_specimen_reads(
    text: str, shape: MrzFormat, code: str, number: str, optional: str
) -> None:
    mrz = read(text)

    assert mrz.format is shape
    assert mrz.document_code == code
    assert mrz.issuing_state == "UTO"
    assert mrz.nationality == "UTO"
    assert mrz.number == number
    assert (mrz.surname, mrz.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert mrz.birth_date == datetime.date(1974, 8, 12)
    assert (mrz.birth_year, mrz.birth_month, mrz.birth_day) == (1974, 8, 12)
    assert mrz.sex == Sex.FEMALE
    assert mrz.expiry == datetime.date(2012, 4, 15)
    assert mrz.national_number is None
    # The optional data of other states is not read.
    assert not optional or optional not in vars(mrz).values()
    assert not mrz.repaired


def test_a_long_number_runs_on_into_the_optional_field() -> None:
    mrz = read(TD1_LONG)

    assert mrz.number == "D23145890734"
    assert (mrz.surname, mrz.given_names) == ("STEVENSON", "PETER JOHN")
    assert mrz.birth_date == datetime.date(1934, 7, 12)
    assert mrz.sex == Sex.MALE
    assert mrz.expiry == datetime.date(1995, 7, 12)


@pytest.mark.parametrize("text", [TD3, TD2, TD1, TD1_LONG], ids=NAMES[:4])
def test_an_expired_specimen_reads_and_is_then_refused(text: str) -> None:
    expiry = read(text).expiry
    assert expiry is not None
    with pytest.raises(DocumentError) as refused:
        check_expiry(DocumentType.FOR_PASS, expiry, TODAY)
    assert refused.value.code == "expired"


def test_a_belgian_card_gives_its_national_number() -> None:
    mrz = read(BELGIAN)

    assert mrz.number == "000001115702"
    assert check_number(DocumentType.BE_EID, mrz.number) == mrz.number
    assert mrz.national_number is not None
    assert mrz.national_number.digits == "95022899874"
    assert mrz.national_number.birth_date == mrz.birth_date
    assert mrz.unchecked_national_number == ""
    assert mrz.expiry == datetime.date(2030, 1, 6)
    assert mrz.document_type == DocumentType.BE_EID


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("IDBEL000590240<6013", "000590240601"),  # PRADO BEL-BO-03003: `<` counts
        ("IDBEL600001795<0152", "600001795015"),  # PRADO BEL-BO-11005: `<` does not
    ],
)
def test_a_belgian_number_is_read_with_either_sum(head: str, number: str) -> None:
    assert read(td1(head)).number == number


def test_other_states_count_as_icao_says() -> None:
    # Generated: a check digit that would be right if `<` were counted.
    rest = "D23145890<731"
    wrong = digit(rest)
    assert wrong != digit(rest.replace("<", ""))
    assert refusal(td1(f"I<UTO{rest}{wrong}", state="UTO")) == "check"


def test_an_impossible_national_number_is_shown_and_not_offered() -> None:
    mrz = read(td1(optional="81050103521"))  # invalid check digits
    assert mrz.national_number is None
    assert mrz.unchecked_national_number == "81050103521"


@pytest.mark.parametrize("optional", ["", "8507300332", "8507300332A", "85073<03328"])
def test_other_optional_data_is_left_alone(optional: str) -> None:
    mrz = read(td1(optional=optional))
    assert mrz.national_number is None
    assert mrz.unchecked_national_number == ""


def test_a_bis_number_is_offered_too() -> None:
    number = read(td1(optional="98472899765")).national_number
    assert number is not None
    assert number.kind == "bis"


def test_other_states_hold_no_national_number() -> None:
    head = "I<UTOD231458907"
    mrz = read(td1(head, state="UTO", optional="85073003328"))
    assert mrz.national_number is None
    assert mrz.unchecked_national_number == ""


def test_a_residence_card_has_a_letter_and_nine_digits() -> None:
    number = "B123456789"  # generated
    head = f"IRBEL{number[:9]}<{number[9]}{digit(number)}"
    mrz = read(td1(head, state="MAR", optional="98472899765"))
    assert mrz.number == number
    assert mrz.document_type == DocumentType.BE_RES
    assert mrz.nationality == "MAR"
    assert mrz.national_number is not None


@pytest.mark.parametrize(
    ("head", "state", "document_type"),
    [
        ("IDD<<", "D", DocumentType.EU_ID),
        ("C<ITA", "ITA", DocumentType.EU_ID),
        ("IDCHE", "CHE", DocumentType.EU_ID),
        ("IRNLD", "SYR", None),  # a Dutch residence permit
        ("IDFRA", "MAR", None),
        ("I<UTO", "UTO", None),
        ("IDBEL", "BEL", None),  # no number of a Belgian eID or residence card
    ],
)
def test_the_zone_suggests_a_document_type(
    head: str, state: str, document_type: DocumentType | None
) -> None:
    mrz = read(td1(f"{head}X1234567<{digit('X1234567<')}", state=state))
    assert mrz.document_type == document_type
    assert mrz.number == "X1234567"


def test_a_passport_is_belgian_or_foreign() -> None:
    assert read(TD3).document_type == DocumentType.FOR_PASS
    # No check digit covers the codes of the states.
    belgian = read(TD3.replace("P<UTO", "P<BEL").replace("UTO74", "BEL74"))
    assert belgian.document_type == DocumentType.BE_PASS
    assert belgian.national_number is None


@pytest.mark.parametrize("nationality", ["XXB", "XXA", "XXC", "SYR"])
@pytest.mark.parametrize("code", ["PR", "P<", "PT"])
def test_a_belgian_travel_document_of_no_belgian_is_no_passport(
    code: str, nationality: str
) -> None:
    first, second = td3().split("\n")
    second = second.replace("BEL850730", f"{nationality}850730")
    assert read(f"{code}{first[2:]}\n{second}").document_type is None


def test_germany_is_one_letter() -> None:
    head = "IDD<<X12345678"
    mrz = read(td1(head + digit("X12345678"), state="D"))
    assert (mrz.issuing_state, mrz.nationality) == ("D", "D")


# --- dates and sex ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth", "year", "month", "day"),
    [
        ("260320", 2026, 3, 20),  # today
        ("260321", 1926, 3, 21),  # tomorrow: not 2026, which would be in the future
        ("270101", 1927, 1, 1),
        ("000229", 2000, 2, 29),
        ("280229", 1928, 2, 29),
        ("8105<<", 1981, 5, None),
        ("81<<<<", 1981, None, None),
        ("<<<<<<", None, None, None),
        ("810500", 1981, 5, None),
        ("810000", 1981, None, None),
        ("26<<<<", 2026, None, None),
        ("2604<<", 1926, 4, None),
        ("2603<<", 2026, 3, None),
    ],
)
def test_birth_dates_and_their_century(
    birth: str, year: int | None, month: int | None, day: int | None
) -> None:
    mrz = read(td1(birth=birth))
    assert (mrz.birth_year, mrz.birth_month, mrz.birth_day) == (year, month, day)
    whole = datetime.date(year, month, day) if year and month and day else None
    assert mrz.birth_date == whole


@pytest.mark.parametrize(
    ("expiry", "date"),
    [
        ("260320", datetime.date(2026, 3, 20)),
        ("560319", datetime.date(2056, 3, 19)),  # for people over 75: thirty years
        ("000101", datetime.date(2000, 1, 1)),
        ("991231", datetime.date(1999, 12, 31)),
        ("<<<<<<", None),
    ],
)
def test_expiry_dates_and_their_century(
    expiry: str, date: datetime.date | None
) -> None:
    assert read(td1(expiry=expiry)).expiry == date


@pytest.mark.parametrize(
    ("birth", "expiry"),
    [
        ("810229", "300106"),
        ("811301", "300106"),
        ("8113<<", "300106"),
        ("A10101", "300106"),
        ("8<0101", "300106"),
        ("950228", "300230"),
        ("950228", "3001<<"),
        ("950228", "300100"),
        ("950228", "30B106"),
    ],
)
def test_a_date_that_does_not_exist_is_refused(birth: str, expiry: str) -> None:
    assert refusal(td1(birth=birth, expiry=expiry)) == "date"


@pytest.mark.parametrize(
    ("sex", "read_as"),
    [("M", Sex.MALE), ("F", Sex.FEMALE), ("<", Sex.UNKNOWN), ("X", Sex.UNKNOWN)],
)
def test_sex_may_be_unspecified(sex: str, read_as: Sex) -> None:
    assert read(td1(sex=sex)).sex == read_as


def test_another_sex_is_no_zone() -> None:
    assert refusal(td1(sex="Q")) == "format"


# --- names --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "surname", "given_names"),
    [
        ("VAN<DEN<BERG<<JAN<PIETER", "VAN DEN BERG", "JAN PIETER"),
        ("SUHARTO", "SUHARTO", ""),
        ("PAPANDROPOULOUS<<JONATHON<ALEC", "PAPANDROPOULOUS", "JONATHON ALEC"),
        ("<<ANNA", "", "ANNA"),
    ],
)
def test_names_split_at_the_double_filler(
    line: str, surname: str, given_names: str
) -> None:
    lines = [*BELGIAN.split("\n")[:2], line.ljust(30, "<")]
    mrz = read("\n".join(lines))
    assert (mrz.surname, mrz.given_names) == (surname, given_names)
