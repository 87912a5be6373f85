"""A day's money: drawers opened, brought to the safe, counted, approved, exported."""

import datetime
import uuid
from decimal import Decimal
from typing import Final

from bench.weeks.city import House
from bench.weeks.tally import Tally
from counter.models import Clerk
from payments.closing import export
from payments.closing.day import close_of_day
from payments.drawers import denominations, drawers
from payments.models import DrawerSession, TerminalTotal

_FLOAT: Final = {"2000": 2, "1000": 4, "500": 4}
_TO_THE_SAFE: Final = Decimal("20.00")
_FRIDAY: Final = 4


def open_all(house: House, at: datetime.datetime) -> list[DrawerSession]:
    return [
        drawers.open_drawer(clerk=clerk, counts=_FLOAT, at=at) for clerk in house.clerks
    ]


def close_all(
    house: House,
    opened: list[DrawerSession],
    finance: Clerk,
    tally: Tally,
    at: datetime.datetime,
) -> list[str]:
    """Count, close, approve and export; the exceptions of the day's close.

    What is counted is the float and what the tally says came in, so that a booking
    which went wrong is a difference.
    """
    for drawer in opened:
        _close(house, drawer, tally, at)
        export.export_session(session_id=drawer.pk, by=finance, at=at)
    on_cards = tally.on_terminal.get((house.place.office.pk, at.date()))
    if on_cards is not None:
        # As the page of the day's close keeps it (payments.closing.views).
        TerminalTotal.objects.create(
            terminal=house.terminal,
            date=at.date(),
            amount=on_cards,
            noted_by=house.supervisor,
            noted_at=at,
        )
        export.export_cards(
            office=house.place.office, date=at.date(), by=finance, at=at
        )
    return close_of_day(office=house.place.office, date=at.date()).exceptions


def _close(
    house: House, drawer: DrawerSession, tally: Tally, at: datetime.datetime
) -> None:
    clerk = drawer.clerk
    taken = tally.in_drawer[drawer.pk]
    if at.weekday() == _FRIDAY and taken >= _TO_THE_SAFE:
        drawers.deposit(
            drawer=drawer,
            clerk=clerk,
            amount=_TO_THE_SAFE,
            reference="",
            submission=uuid.uuid4(),
            at=at,
        )
        tally.in_drawer[drawer.pk] -= _TO_THE_SAFE
        tally.acts["to the safe"] += 1
    in_it = denominations.worth(_FLOAT) + tally.in_drawer[drawer.pk]
    drawers.count_drawer(
        drawer=drawer, clerk=clerk, counts=denominations.fewest(in_it), at=at
    )
    drawers.close_drawer(drawer=drawer, clerk=clerk, count=1, reason="", at=at)
    drawers.approve_drawer(
        drawer=drawer,
        supervisor=house.supervisor,
        count=1,
        sealed_bag=f"B{tally.acts['drawer'] + 1}",
        at=at,
    )
    tally.acts["drawer"] += 1
