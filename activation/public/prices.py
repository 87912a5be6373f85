"""What an activation code costs, as the public reads it: every price with its name.

One price needs no name. Of several each is told, the free one too, so that nobody comes
to the counter for a price that is not theirs.
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
    """`amount` in euros; 0 is free of charge."""

    for_whom: "StrPromise"
    amount: Decimal


def prices_for_everybody(office: Office | None, *, on: datetime.date) -> list[Price]:
    """Those of the office on a date in Brussels, in the order of the categories."""
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
    """The lines of the public page about the price on a day, in Dutch."""
    prices = prices_for_everybody(office, on=on)
    with translation.override("nl"):
        return render_to_string("activation/public/_prices.html", {"prices": prices})
