"""The prices of an activation code for the public pages, each with its name.

A single price is shown without a name. Of several all are shown, also a price of zero,
so that nobody comes to the counter and expects a price that is not for them.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from counter.models import Office
from payments.enums import TariffCategory
from payments.models import Tariff

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_FOR_WHOM: Final[Mapping[TariffCategory, "StrPromise"]] = MappingProxyType(
    {
        TariffCategory.STANDARD: _("Standard price"),
        TariffCategory.RESIDENT: _("If you live in the municipality"),
        TariffCategory.NON_RESIDENT: _("If you live elsewhere"),
        TariffCategory.WAIVER: _("If you are exempt under the regulation"),
    }
)


@dataclass(frozen=True)
class Price:
    """One price: for whom, and `amount` in euros; 0 is free of charge."""

    for_whom: "StrPromise"
    amount: Decimal


def prices_for_everybody(office: Office | None, *, on: datetime.date) -> list[Price]:
    """The office's prices on a date in Brussels, in the order of the categories."""
    if office is None:
        return []
    tariffs = Tariff.objects.every(office=office, on=on)
    amounts = dict(tariffs.values_list("category", "amount"))
    return [
        Price(_FOR_WHOM[category], amounts[category])
        for category in TariffCategory
        if category in amounts
    ]


def as_the_public_reads(office: Office, on: datetime.date) -> SafeString:
    """The HTML about the prices on a day as the public page has it, in Dutch.

    The admin's page of a tariff shows it.
    """
    prices = prices_for_everybody(office, on=on)
    with translation.override("nl"):
        return render_to_string("activation/public/_prices.html", {"prices": prices})
