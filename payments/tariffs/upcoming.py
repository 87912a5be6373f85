"""The days on which an office's prices change (counter.upcoming)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from counter.identity.euros import euros
from counter.models import Office
from counter.upcoming.brought import Upcoming
from payments.tariffs.timetable import timetable


def _days(today: date, until: date) -> Iterator[tuple[date, str]]:
    for office in Office.objects.order_by("pk"):
        for prices in timetable(office, today=today):
            if prices.is_today or prices.day > until:
                continue
            charged = [
                f"{row.get_category_display()} {euros(row.amount)}"
                for row in prices.tariffs
            ]
            prices_of_day = ", ".join(charged) if charged else "nothing can be charged"
            yield prices.day, f"{office}: {prices_of_day}"


UPCOMING: Final = (Upcoming(order=30, days=_days),)
