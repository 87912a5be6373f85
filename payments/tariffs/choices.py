"""The choices of a form that asks which of several prices is meant."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.text import capfirst

from counter.identity.euros import euros
from payments.enums import TariffCategory


def with_prices(prices: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    """The choices: category, and its name with the price, in the order of the enum."""
    return [
        (category.value, f"{capfirst(category.label)}: {euros(prices[category])}")
        for category in TariffCategory
        if category in prices
    ]
