"""An amount as people read it; `typed_digits` reads how they type one."""

from decimal import Decimal

from django.utils.formats import number_format


def euros(amount: Decimal) -> str:
    """€ 10,00 in the reader's way; no line break parts the sign from the amount."""
    return f"€\N{NO-BREAK SPACE}{number_format(amount, 2)}"
