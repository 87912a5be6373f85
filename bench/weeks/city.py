"""How large a city is, and the people who work there."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from bench.archive import Place
from counter.enums import Role
from counter.models import Clerk
from payments.enums import TariffCategory
from payments.models import Terminal
from tests import cast

_MONDAY: Final = 0
_SATURDAY: Final = 5


@dataclass(frozen=True)
class City:
    """`visits` come on each workday, to all `offices` together, on so many `days`."""

    name: str
    offices: int
    desks: int
    visits: int
    days: int
    #: After so many days a holder does something with the key for the first time.
    later: int = 30
    #: So many times as often as in a city something rare happens.
    rare: float = 1.0


#: 2,000 visits in a year of about 260 workdays.
LEUVEN: Final = City("Leuven", offices=1, desks=3, visits=8, days=364)
#: A day of the 4,000 visits that ten million keys in ten years are.
BELGIUM: Final = City("Belgium", offices=500, desks=1, visits=4000, days=1)


@dataclass(frozen=True)
class House:
    """One office on its workdays."""

    place: Place
    terminal: Terminal

    @property
    def clerks(self) -> list[Clerk]:
        return self.place.clerks

    @property
    def supervisor(self) -> Clerk:
        return self.place.supervisor


def build(city: City) -> tuple[list[House], Clerk]:
    """The offices with their staff, prices and terminals; and the finance service."""
    houses = [_house(number, city.desks) for number in range(1, city.offices + 1)]
    finance = cast.make_clerk("finance", None, desk="", role=Role.FINANCE)
    return houses, finance


def _house(number: int, desks: int) -> House:
    office = cast.make_office(f"Stadskantoor {number}")
    cast.make_tariff(office)
    cast.make_tariff(office, "0.00", category=TariffCategory.WAIVER)
    clerks = [
        cast.make_clerk(
            f"loket{number}x{desk}", office, desk=f"Loket {desk}", has_drawer=False
        )
        for desk in range(1, desks + 1)
    ]
    supervisor = cast.make_clerk(
        f"supervisor{number}", office, desk="", role=Role.SUPERVISOR
    )
    terminal = Terminal.objects.create(
        office=office, name="Terminal", number=f"T{number}"
    )
    for clerk in clerks:
        if clerk.sign_in.desk is not None:
            terminal.desks.add(clerk.sign_in.desk)
    return House(Place(office, clerks, supervisor), terminal)


def first_monday() -> datetime.date:
    """Of next year: no clock of a machine is ahead of it."""
    day = datetime.date(timezone.localdate().year + 1, 1, 4)
    return day + datetime.timedelta(days=(_MONDAY - day.weekday()) % 7)


def days_of(city: City, first: datetime.date) -> Iterator[tuple[datetime.date, bool]]:
    """Each day, and whether the offices are open on it."""
    for nth in range(city.days):
        day = first + datetime.timedelta(days=nth)
        yield day, day.weekday() < _SATURDAY
