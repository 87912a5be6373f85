"""The documents of docs/domain.md#identity-documents: numbers, validity, age.

Document numbers not printed there are generated: made up for these tests.
"""

import datetime
from functools import partial

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from counter.identity.documents import (
    LONGEST_NUMBER,
    NEEDS_SUPERVISOR,
    OLD_MODEL_LAST_DAY,
    DocumentError,
    DocumentType,
    DocumentWarning,
    age_on,
    asks_old_model,
    check_age,
    check_expiry,
    check_number,
    last_valid_day,
    warnings,
)
from tests.counter.cpu_time import assert_refused_unread

TODAY = datetime.date(2026, 3, 20)
DAY = datetime.timedelta(days=1)
FREE_TEXT = [
    DocumentType.BE_SPEC,
    DocumentType.BE_AI,
    DocumentType.BE_A35,
    DocumentType.BE_OTHER,
]


def refusal(document_type: DocumentType, number: str) -> DocumentError:
    with pytest.raises(DocumentError) as refused:
        check_number(document_type, number)
    assert refused.value.code == "number"
    return refused.value


@pytest.mark.parametrize("document_type", DocumentType)
def test_every_type_has_a_name_and_fits_its_column(document_type: DocumentType) -> None:
    assert len(document_type.value) <= 10
    assert str(document_type.label)


@pytest.mark.parametrize(
    ("document_type", "typed", "stored"),
    [
        (DocumentType.BE_EID, "591-1917064-58", "591191706458"),
        (DocumentType.BE_EID, "591-2010999-97", "591201099997"),
        (DocumentType.BE_EID, "000-0011032-71", "000001103271"),
        (DocumentType.BE_EID, "000001115702", "000001115702"),
        (DocumentType.BE_EID, " 600001795015\n", "600001795015"),
        (DocumentType.BE_EID, "591 1917064 58", "591191706458"),
        (DocumentType.BE_KIDS, "600001795015", "600001795015"),
        # Generated, from here on.
        (DocumentType.BE_RES, "B123456789", "B123456789"),
        (DocumentType.BE_RES, "b 1234567 89", "B123456789"),
        (DocumentType.BE_PASS, "EN123456", "EN123456"),
        (DocumentType.BE_PASS, "ga 123456", "GA123456"),
        (DocumentType.EU_ID, "X1Z", "X1Z"),
        (DocumentType.EU_ID, "l01x00t47", "L01X00T47"),
        (DocumentType.EU_ID, "A" * 20, "A" * 20),
        (DocumentType.FOR_PASS, "12AB5", "12AB5"),
        (DocumentType.FOR_PASS, "a-12 345/67", "A1234567"),
        (DocumentType.FOR_PASS, "A" * 15, "A" * 15),
        (DocumentType.BE_SPEC, "  d  123/4 ", "D 123/4"),
        (DocumentType.BE_AI, "a 0123456", "A 0123456"),
        (DocumentType.BE_A35, "3000/2026/17", "3000/2026/17"),
        (DocumentType.BE_OTHER, "x", "X"),
        (DocumentType.BE_OTHER, "9" * LONGEST_NUMBER, "9" * LONGEST_NUMBER),
    ],
)
def test_a_good_number_is_stored_in_one_way(
    document_type: DocumentType, typed: str, stored: str
) -> None:
    assert check_number(document_type, typed) == stored
    assert check_number(document_type, stored) == stored


@pytest.mark.parametrize(
    ("document_type", "typed"),
    [
        (DocumentType.BE_EID, "59119170645"),
        (DocumentType.BE_EID, "5911917064588"),
        (DocumentType.BE_EID, "B12345678901"),
        (DocumentType.BE_KIDS, "59119170645"),
        (DocumentType.BE_RES, "1234567890"),
        (DocumentType.BE_RES, "B12345678"),
        (DocumentType.BE_RES, "BB123456789"),
        (DocumentType.BE_PASS, "E1234567"),
        (DocumentType.BE_PASS, "EN12345"),
        (DocumentType.BE_PASS, "EN1234567"),
        (DocumentType.EU_ID, "X1"),
        (DocumentType.EU_ID, "A" * 21),
        (DocumentType.EU_ID, "ABC*123"),
        (DocumentType.FOR_PASS, "A123"),
        (DocumentType.FOR_PASS, "A" * 16),
        # Upper-casing or folding would make ASCII letters of these.
        (DocumentType.FOR_PASS, "\N{LATIN SMALL LETTER SHARP S}123456"),
        (DocumentType.FOR_PASS, "\N{LATIN SMALL LETTER DOTLESS I}123456"),
        (DocumentType.BE_SPEC, "9" * (LONGEST_NUMBER + 1)),
        (DocumentType.BE_AI, "---"),
        (DocumentType.BE_AI, "A\x001"),
        (DocumentType.BE_A35, "12\ud80034"),
    ],
)
def test_a_wrong_number_is_refused_without_repeating_it(
    document_type: DocumentType, typed: str
) -> None:
    error = refusal(document_type, typed)
    assert typed not in f"{error} {error!r} {error.args}"
    assert str(error).endswith(".")


@pytest.mark.parametrize("document_type", DocumentType)
@pytest.mark.parametrize("typed", ["", " ", "\x00"], ids=["empty", "space", "NUL"])
def test_malformed_input_is_refused(document_type: DocumentType, typed: str) -> None:
    refusal(document_type, typed)


@pytest.mark.parametrize("document_type", DocumentType)
@pytest.mark.parametrize(
    "sign",
    ["1", " ", "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}"],
    ids=["digits", "blank", "NFKC"],
)
def test_a_megabyte_is_refused_unread(document_type: DocumentType, sign: str) -> None:
    assert_refused_unread(partial(refusal, document_type), "", sign)


@pytest.mark.parametrize("sign", ["\N{RIGHT-TO-LEFT OVERRIDE}", "\N{ZERO WIDTH SPACE}"])
def test_what_nobody_sees_is_not_kept(sign: str) -> None:
    assert check_number(DocumentType.BE_A35, f"12{sign}34{sign}") == "1234"


@settings(max_examples=500)
@given(document_type=st.sampled_from(DocumentType), typed=st.text())
def test_any_text_is_taken_or_refused_and_nothing_else(
    document_type: DocumentType, typed: str
) -> None:
    try:
        stored = check_number(document_type, typed)
    except DocumentError:
        return
    assert 0 < len(stored) <= LONGEST_NUMBER
    assert "\x00" not in stored
    assert document_type in FREE_TEXT or (stored.isascii() and stored.isalnum())


# --- warnings -----------------------------------------------------------------------


@pytest.mark.parametrize("document_type", [DocumentType.BE_EID, DocumentType.BE_KIDS])
@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("591191706458", []),
        ("591201099997", []),
        ("000001103271", []),
        ("000001115702", []),
        ("600001795015", []),
        ("000001103225", [DocumentWarning.RETYPE]),
        # A real old specimen card, whose digits fail: so a failure must not refuse.
        ("000590696101", [DocumentWarning.RETYPE]),
    ],
)
def test_failing_check_digits_ask_to_type_again(
    document_type: DocumentType, number: str, expected: list[DocumentWarning]
) -> None:
    assert check_number(document_type, number) == number
    assert warnings(document_type, number) == expected


@pytest.mark.parametrize("number", ["", "x", "\x00", "1" * 1_000_000])
@pytest.mark.parametrize("document_type", DocumentType)
def test_warnings_never_refuse(document_type: DocumentType, number: str) -> None:
    """A number that is none gets the warnings of its kind, as any other does."""
    expected = {
        DocumentType.BE_EID: [DocumentWarning.RETYPE],
        DocumentType.BE_KIDS: [DocumentWarning.RETYPE],
        DocumentType.BE_A35: [DocumentWarning.ASK_PASSPORT],
        DocumentType.BE_OTHER: [DocumentWarning.ASK_PASSPORT],
    }
    assert warnings(document_type, number) == expected.get(document_type, [])


def test_an_annex_asks_for_the_passport_too() -> None:
    ask = [DocumentWarning.ASK_PASSPORT]
    assert warnings(DocumentType.BE_A35, "17") == ask
    assert warnings(DocumentType.BE_OTHER, "17") == ask
    assert warnings(DocumentType.BE_AI, "17") == []
    assert warnings(DocumentType.FOR_PASS, "A1234567") == []


def test_only_other_annexes_need_the_supervisor() -> None:
    assert {DocumentType.BE_OTHER} == NEEDS_SUPERVISOR


# --- validity -----------------------------------------------------------------------


@pytest.mark.parametrize("document_type", DocumentType)
def test_the_last_day_counts_and_the_next_does_not(document_type: DocumentType) -> None:
    check_expiry(document_type, TODAY, TODAY)
    check_expiry(document_type, TODAY + DAY, TODAY)
    with pytest.raises(DocumentError) as refused:
        check_expiry(document_type, TODAY - DAY, TODAY)
    assert refused.value.code == "expired"
    assert refused.value.date == TODAY - DAY


def test_the_sentence_names_the_date_as_the_reader_writes_it() -> None:
    with pytest.raises(DocumentError) as refused:
        check_expiry(DocumentType.BE_EID, datetime.date(2012, 4, 15), TODAY)
    with translation.override("en"):
        assert "15 April 2012" in str(refused.value)
    with translation.override("nl"):
        assert "15 april 2012" in str(refused.value)


def test_a_card_valid_for_thirty_years_is_good() -> None:
    check_expiry(DocumentType.BE_EID, datetime.date(2056, 3, 19), TODAY)


@pytest.mark.parametrize("document_type", [DocumentType.BE_RES, DocumentType.EU_ID])
def test_old_models_end_on_3_august_2026_whatever_is_printed(
    document_type: DocumentType,
) -> None:
    printed = datetime.date(2029, 1, 1)
    check_expiry(document_type, printed, datetime.date(2026, 8, 3), old_model=True)
    check_expiry(document_type, printed, datetime.date(2026, 8, 4), old_model=False)
    with pytest.raises(DocumentError) as refused:
        check_expiry(document_type, printed, datetime.date(2026, 8, 4), old_model=True)
    assert refused.value.code == "old_model"
    with translation.override("en"):
        assert "3 August 2026" in str(refused.value)


def test_an_old_model_never_lives_longer_than_its_date() -> None:
    printed = datetime.date(2026, 5, 1)
    assert last_valid_day(DocumentType.BE_RES, printed, old_model=True) == printed
    with pytest.raises(DocumentError) as refused:
        check_expiry(DocumentType.BE_RES, printed, printed + DAY, old_model=True)
    assert refused.value.code == "expired"


def test_other_documents_have_no_old_model() -> None:
    printed = datetime.date(2029, 1, 1)
    assert last_valid_day(DocumentType.BE_EID, printed, old_model=True) == printed


def test_the_model_is_asked_from_4_august_2026() -> None:
    assert not asks_old_model(DocumentType.BE_RES, OLD_MODEL_LAST_DAY)
    assert asks_old_model(DocumentType.BE_RES, OLD_MODEL_LAST_DAY + DAY)
    assert asks_old_model(DocumentType.EU_ID, OLD_MODEL_LAST_DAY + DAY)
    assert not asks_old_model(DocumentType.BE_EID, OLD_MODEL_LAST_DAY + DAY)


# --- age ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "birth_date",
    [
        datetime.date(2014, 3, 21),  # 12 tomorrow
        datetime.date(2026, 3, 20),
        datetime.date(2026, 3, 21),  # not born yet
    ],
)
def test_under_12_is_refused(birth_date: datetime.date) -> None:
    with pytest.raises(DocumentError) as refused:
        check_age(birth_date, TODAY)
    assert refused.value.code == "age"


@pytest.mark.parametrize("year", [2014, 1926])
def test_who_is_12_today_or_older_is_not_refused(year: int) -> None:
    check_age(TODAY.replace(year=year), TODAY)


def test_a_birthday_on_29_february_comes_on_1_march() -> None:
    born = datetime.date(2016, 2, 29)
    with pytest.raises(DocumentError):
        check_age(born, datetime.date(2028, 2, 28))
    check_age(born, datetime.date(2028, 2, 29))
    born = datetime.date(2012, 2, 29)
    assert age_on(born, datetime.date(2030, 2, 28)) == 17
    assert age_on(born, datetime.date(2030, 3, 1)) == 18
