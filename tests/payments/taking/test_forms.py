"""What a clerk types about money."""

import uuid
from decimal import Decimal

import pytest

from payments.taking.forms import PaymentForm


def form(**typed: str) -> PaymentForm:
    return PaymentForm(
        {"submission": str(uuid.uuid4()), "method": "cash", **typed},
        prices={"standard": Decimal("10.00")},
    )


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("20", "20.00"),
        ("20,00", "20.00"),
        ("20.5", "20.50"),
        ("€ 12,35", "12.35"),
        ("10 €", "10.00"),
        (" 50 eur ", "50.00"),
        ("10,", "10.00"),
        ("٢٠", "20.00"),
        ("1 000,50", "1000.50"),
        ("1.000,50", "1000.50"),
        ("25,-", "25.00"),
    ],
)
def test_an_amount_is_read_as_it_is_typed(typed: str, amount: str) -> None:
    filled = form(tendered=typed)
    assert filled.is_valid() or filled.doubts  # a large one is asked about
    assert filled.cleaned_data["tendered"] == Decimal(amount)


@pytest.mark.parametrize(
    "typed",
    ["", "9.99", "abc", "-20", "1e3", "20,001", "1.000", "20:00", "99999", "NaN", "\0"],
)
def test_what_is_no_amount_or_too_little_is_said_at_the_field(typed: str) -> None:
    filled = form(tendered=typed)
    assert not filled.is_valid()
    assert set(filled.errors) == {"tendered"}


@pytest.mark.parametrize("typed", ["1", "A-17", "00012345 67/8", "Z" * 30])
def test_a_card_takes_the_terminals_number(typed: str) -> None:
    filled = form(method="card", terminal_slip=typed, tendered="nonsense")
    assert filled.is_valid()
    assert filled.cleaned_data["terminal_slip"] == typed
    assert filled.cleaned_data["tendered"] is None


@pytest.mark.parametrize("typed", ["", " ", "<b>", "é", "\u202e1", "Z" * 31, "1\n2"])
def test_an_empty_or_odd_slip_number_is_refused(typed: str) -> None:
    filled = form(method="card", terminal_slip=typed)
    assert not filled.is_valid()
    assert set(filled.errors) == {"terminal_slip"}


def test_there_are_no_other_ways_to_pay() -> None:
    assert set(form(method="cheque", tendered="20").errors) == {"method"}
