"""The Leuven stadskantoor and its staff (docs/domain.md#the-leuven-office)."""

import datetime
from collections.abc import Iterator
from decimal import Decimal

from dateutil.easter import easter
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from counter.enums import Weekday
from counter.models import (
    Clerk,
    ClosingDay,
    Desk,
    Office,
    OpeningHours,
    SignInRecord,
)
from counter.roles import role_rights
from counter.staff.demo_accounts import DEMO_ACCOUNTS, DEMO_OFFICE
from payments.models import Tariff, Terminal

_HOURS = (
    (Weekday.MONDAY, "20:00"),
    (Weekday.TUESDAY, "12:30"),
    (Weekday.WEDNESDAY, "16:30"),
    (Weekday.THURSDAY, "20:00"),
    (Weekday.FRIDAY, "12:30"),
)
# Days after Easter Sunday.
_CLOSED_AROUND_EASTER = (
    (0, "Pasen"),
    (1, "Paasmaandag"),
    (39, "O.L.H.-Hemelvaart"),
    (40, "Vrijdag na O.L.H.-Hemelvaart"),
    (49, "Pinksteren"),
    (50, "Pinkstermaandag"),
)
_CLOSED = (
    (1, 1, "Nieuwjaar"),
    (5, 1, "Dag van de Arbeid"),
    (7, 11, "Feest van de Vlaamse Gemeenschap"),
    (7, 21, "Nationale feestdag"),
    (8, 15, "O.L.V.-Hemelvaart"),
    (11, 1, "Allerheiligen"),
    (11, 2, "Allerzielen"),
    (11, 11, "Wapenstilstand"),
    (12, 25, "Kerstmis"),
    (12, 26, "Tweede kerstdag"),
)


@transaction.atomic
def make_house(*, today: datetime.date) -> Office:
    """Make the office with hours, closing days of two years, price and staff; what
    exists is kept.
    """
    office, is_new = Office.objects.get_or_create(
        name=DEMO_OFFICE,
        defaults={
            "authority": "Stad Leuven",
            "enterprise_number": "0207.521.503",
            "address": "Professor Van Overstraetenplein 1",
            "postal_code": "3000",
            "city": "Leuven",
            "phone": "016 27 27 27",
            "email": "info@leuven.be",
            "help_phone": "02 740 79 91",
            "help_name": "Helpdesk digitale sleutels (Vlaamse overheid)",
            "officer_email": "dpo@leuven.example",
        },
    )
    if is_new:
        _open(office, today=today)
    _employ(office)
    return office


def _open(office: Office, *, today: datetime.date) -> None:
    OpeningHours.objects.bulk_create(
        OpeningHours(office=office, weekday=weekday, opens="09:00", closes=closes)
        for weekday, closes in _HOURS
    )
    ClosingDay.objects.bulk_create(
        ClosingDay(office=office, date=day, occasion=occasion)
        for year in (today.year, today.year + 1)
        for day, occasion in closing_days(year)
    )
    Tariff.objects.create(
        office=office,
        amount=Decimal("10.00"),
        valid_from=datetime.date(2020, 1, 1),
        regulation="Retributiereglement digitale sleutels",
    )
    for n in (1, 2):
        desk = Desk.objects.create(office=office, name=f"Loket {n}")
        terminal = Terminal.objects.create(
            office=office, name=f"Terminal loket {n}", number=f"0047{n}"
        )
        terminal.desks.add(desk)


def closing_days(year: int) -> Iterator[tuple[datetime.date, str]]:
    """The days on which the stadskantoor is closed: its list of 2023, and New Year's
    Day.
    """
    for month, day, occasion in _CLOSED:
        yield datetime.date(year, month, day), occasion
    for days, occasion in _CLOSED_AROUND_EASTER:
        yield easter(year) + datetime.timedelta(days), occasion
    september = datetime.date(year, 9, 1)
    first_sunday = september + datetime.timedelta(6 - september.weekday())
    yield first_sunday + datetime.timedelta(1), "Kermismaandag"


def _employ(office: Office) -> None:
    for account in DEMO_ACCOUNTS:
        if Clerk.objects.filter(username=account.username).exists():
            continue
        clerk = Clerk.objects.create(
            username=account.username,
            password=make_password(account.password),
            first_name=account.first_name,
            last_name=account.last_name,
            email=account.email,
            role=account.role,
            office=office,
            is_staff=account.role in role_rights.OPEN_ADMIN.roles,
        )
        SignInRecord.objects.filter(clerk=clerk).update(
            desk=Desk.objects.filter(office=office, name=account.desk).first(),
            desk_since=timezone.now() if account.desk else None,
        )
