"""The prices of an office today, and the days on which they change."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from counter.models import Office
from payments.enums import TariffCategory
from payments.models import Tariff

_A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class PricesFrom:
    """All prices of one office from `day` on, at most one for each category."""

    day: datetime.date
    is_today: bool
    tariffs: list[Tariff]
    #: Categories that had a price the day before and have none from this day on.
    ended: list[TariffCategory]

    @property
    def nobody_can_pay(self) -> bool:
        """Whether no fee can be taken, because there are no prices except waivers."""
        return not any(row.category != TariffCategory.WAIVER for row in self.tariffs)


def timetable(office: Office, *, today: datetime.date) -> list[PricesFrom]:
    """The office's prices today, and from each day on which one of them changes."""
    rows = list(
        Tariff.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today), office=office
        )
    )
    days = {today}
    for row in rows:
        days.add(max(row.valid_from, today))
        if row.valid_until is not None:
            days.add(row.valid_until + _A_DAY)
    return [_prices_from(rows, day, today) for day in sorted(days)]


def _prices_from(
    rows: list[Tariff], day: datetime.date, today: datetime.date
) -> PricesFrom:
    holding = _holding(rows, day)
    before = _holding(rows, day - _A_DAY) if day > today else {}
    return PricesFrom(
        day=day,
        is_today=day == today,
        tariffs=[holding[each] for each in TariffCategory if each in holding],
        ended=[
            each for each in TariffCategory if each in before and each not in holding
        ],
    )


def _holding(rows: list[Tariff], day: datetime.date) -> dict[str, Tariff]:
    """The price of each category that is in force on the day."""
    return {
        row.category: row
        for row in rows
        if row.valid_from <= day and (row.valid_until is None or row.valid_until >= day)
    }
