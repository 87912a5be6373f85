"""Numbers and dates as people type them: the same in every field that takes digits."""

import datetime
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import get_resolver

from activation.codes import activation_code
from activation.letters import phones
from counter.identity import documents, national_number, typed_digits
from counter.identity.documents import DocumentType
from counter.web.form_fields import SixDigitsField, TypedDateField
from payments.drawers.forms import CountField
from payments.taking.forms import EuroField
from tests.activation.separators import MISTAKES, SEPARATORS
from tests.cast import PETER_NUMBER

TODAY = datetime.date(2026, 11, 1)
#: The zero of a script: its ten digits follow one another.
ZEROES = {
    "Latin": "0",
    "full width": "\uff10",
    "Arabic": "\u0660",
    "Persian": "\u06f0",
    "Devanagari": "\u0966",
    "Bengali": "\u09e6",
    "Thai": "\u0e50",
    "Tibetan": "\u0f20",
    "mathematical": "\U0001d7ce",
    "mathematical, sans-serif": "\U0001d7e2",
}


def in_script(text: str, zero: str) -> str:
    return "".join(
        chr(ord(zero) + int(sign)) if sign in "0123456789" else sign for sign in text
    )


#: Each field: the groups of what is typed, how it is read, and what comes out.
FIELDS: dict[str, tuple[list[str], Callable[[str], object], object]] = {
    "national number": (
        ["85", "07", "30", "033", "28"],
        lambda text: national_number.parse(text, today=TODAY).digits,
        PETER_NUMBER,
    ),
    "identity card": (
        ["591", "1234567", "01"],
        lambda text: documents.check_number(DocumentType.BE_EID, text),
        "591123456701",
    ),
    "passport": (
        ["EN", "123", "456"],
        lambda text: documents.check_number(DocumentType.BE_PASS, text),
        "EN123456",
    ),
    "date": (
        ["30", "07", "1985"],
        TypedDateField().clean,
        datetime.date(1985, 7, 30),
    ),
    "date, the year first": (
        ["1985", "07", "30"],
        TypedDateField().clean,
        datetime.date(1985, 7, 30),
    ),
    "six digits": (["123", "456"], SixDigitsField().clean, "123456"),
    "mobile": (["0470", "12", "34", "56"], phones.parse_mobile, "+32470123456"),
    "mobile from abroad": (
        ["+33", "6", "12", "34", "56", "78"],
        phones.parse_mobile,
        "+33612345678",
    ),
    "activation code": (
        ["0123", "4567", "89"],
        activation_code.normalise,
        "0123456789",
    ),
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("between", SEPARATORS.values(), ids=SEPARATORS)
def test_every_field_takes_the_same_separators(field: str, between: str) -> None:
    groups, read, meant = FIELDS[field]
    assert read(between.join(groups)) == meant
    assert read(f"{between}{between.join(groups)}\u200f") == meant


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("zero", ZEROES.values(), ids=ZEROES)
def test_every_field_takes_the_digits_of_every_script(field: str, zero: str) -> None:
    groups, read, meant = FIELDS[field]
    assert read(in_script(" ".join(groups), zero)) == meant


@pytest.mark.parametrize(
    "field", [name for name in FIELDS if name != "activation code"]
)
@pytest.mark.parametrize("sign", [*MISTAKES, "a", "\u00b2", "\u2460", "\u00bd", "\0"])
def test_no_field_swallows_a_sign_that_separates_nothing(field: str, sign: str) -> None:
    groups, read, _meant = FIELDS[field]
    with pytest.raises((ValidationError, ValueError, phones.NotANumberError)):
        read(" ".join([groups[0] + sign, *groups[1:]]))


def test_every_dash_space_and_format_sign_of_unicode_is_a_separator() -> None:
    for code in range(0x110000):
        if unicodedata.category(chr(code)) in {"Pd", "Zs", "Zl", "Zp", "Cf"}:
            assert typed_digits.without_separators(f"12{chr(code)}34") == "1234"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("30,07,1985", "1985-07-30"),
        ("30 / 07 / 1985", "1985-07-30"),
        ("1985/07/30", "1985-07-30"),
        ("1985.7.3", "1985-07-03"),
        ("30071985", "1985-07-30"),
        ("19850730", "1985-07-30"),
        ("20111930", "1930-11-20"),
        ("19121012", "1912-10-12"),
        ("1/1/2030", "2030-01-01"),
        ("30\u00ad7\u00ad1985", "1985-07-30"),
    ],
)
def test_a_date_is_read(text: str, date: str) -> None:
    assert TypedDateField().clean(text) == datetime.date.fromisoformat(date)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30/07/0085", "year"),
        ("30/07/85", "year"),
        ("30.07.085", "year"),
        ("300785", "invalid"),
        ("30070085", "nonexistent"),
        ("1112020", "invalid"),
        ("30/07", "invalid"),
        ("30/07/19 85", "invalid"),
        ("30 juli 1985", "invalid"),
        ("31/02/1985", "nonexistent"),
        ("07/30/1985", "nonexistent"),
        ("1" * 5000, "invalid"),
    ],
)
def test_what_is_no_date_for_certain_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypedDateField().clean(text)
    assert refused.value.code == code


AMOUNTS = {
    "10": 1000,
    "10,00": 1000,
    "10.5": 1050,
    "€ 10": 1000,
    "€10,00": 1000,
    "10€": 1000,
    "EUR 10": 1000,
    "10 euro": 1000,
    "10,-": 1000,
    "10,--": 1000,
    "1 000,50": 100050,
    "1\u202f000,50": 100050,
    "1.000,50": 100050,
    "1,000.50": 100050,
    "1'000.50": 100050,
    "1 000": 100000,
    "\u0661\u0660\u066b\u0665\u0660": 1050,
    "\u200e10,00\u200e": 1000,
    "1.000": None,
    "1,000": None,
    "1.00.0": None,
    "10 50": None,
    "10:50": None,
    "10-50": None,
    "10_50": None,
    "10\u00b2": None,
    "1\u20ac000": None,
    "-10": None,
    "\u221210": None,
    "1e3": None,
    "ten": None,
    "\u20ac": None,
    "": None,
}


@pytest.mark.parametrize(("text", "cents"), AMOUNTS.items())
def test_an_amount_is_read_or_refused_and_never_guessed(
    text: str, cents: int | None
) -> None:
    assert typed_digits.cents(text) == cents
    if cents is not None:
        assert EuroField().clean(text) == Decimal(cents) / 100


COUNTS = {
    "7": 7,
    " 12 ": 12,
    "0": 0,
    "\u0667": 7,
    "1 000": 1000,
    "1.0": None,
    "1_0": None,
    "1.000": None,
    "1 0": None,
    "-1": None,
    "+1": None,
    "1e3": None,
    "\u00b2": None,
}


@pytest.mark.parametrize(("text", "number"), COUNTS.items())
def test_pieces_are_counted_in_whole_numbers(text: str, number: int | None) -> None:
    assert typed_digits.count(text) == number
    if number is None:
        with pytest.raises(ValidationError):
            CountField(required=False).clean(text)
    else:
        assert CountField().clean(text) == number


def all_forms(
    base: type[forms.BaseForm] = forms.BaseForm,
) -> Iterator[type[forms.BaseForm]]:
    for form in base.__subclasses__():
        yield form
        yield from all_forms(form)


#: Fields with a keyboard of digits whose form reads them: `FIELDS` above tries them.
READ_BY_THE_FORM = {"national_number", "mobile"}


def test_no_form_reads_digits_by_a_rule_of_its_own() -> None:
    """Each field that shows a keyboard of digits on a phone is tried in this module."""
    assert get_resolver().url_patterns  # loads every page and so every form
    ours = [form for form in all_forms() if not form.__module__.startswith("django.")]
    fields = {
        (form.__name__, name): field
        for form in ours
        for name, field in getattr(form, "base_fields", {}).items()
        if field.widget.attrs.get("inputmode") in {"numeric", "decimal", "tel"}
    }
    assert len(fields) >= 8
    rule = (TypedDateField, SixDigitsField, EuroField, CountField)
    for (form, name), field in fields.items():
        assert isinstance(field, rule) or name in READ_BY_THE_FORM, (form, name)
