"""Which of several prices is meant, as a form asks it."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.text import capfirst

from counter.identity.euros import euros
from payments.enums import TariffCategory


def of(prices: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    """Each category with its price, the general one first."""
    return [
        (category.value, f"{capfirst(category.label)}: {euros(prices[category])}")
        for category in TariffCategory
        if category in prices
    ]
