"""Formats an amount for people to read; `typed_digits` reads a typed amount."""

from decimal import Decimal

from django.utils.formats import number_format


def euros(amount: Decimal) -> str:
    """€ 10,00 in the reader's format, without a line break after the € sign."""
    return f"€\N{NO-BREAK SPACE}{number_format(amount, 2)}"
