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
            of_the_day = [
                f"{row.get_category_display()} {euros(row.amount)}"
                for row in prices.tariffs
            ]
            if prices.nobody_can_pay:
                of_the_day.append("nobody can pay")
            yield prices.day, f"{office}: {', '.join(of_the_day)}"


UPCOMING: Final = (Upcoming(order=30, days=_days),)
