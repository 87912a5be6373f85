"""The supervisor sees which price holds from which day, as on the public page."""

import datetime
from decimal import Decimal

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from counter.models import Office
from payments.enums import TariffCategory
from payments.models import Tariff
from payments.tariffs.timetable import timetable

TODAY = datetime.date(2026, 11, 24)
NEW_YEAR = datetime.date(2027, 1, 1)


def price(
    office: Office,
    category: TariffCategory,
    amount: int,
    first: datetime.date,
    last: datetime.date | None = None,
) -> Tariff:
    return Tariff.objects.create(
        office=office,
        category=category,
        amount=Decimal(amount),
        valid_from=first,
        valid_until=last,
        regulation="Retributiereglement",
    )


def test_each_day_on_which_a_price_changes_has_all_prices(office: Office) -> None:
    resident, abroad = TariffCategory.RESIDENT, TariffCategory.NON_RESIDENT
    past = datetime.date(2020, 1, 1)
    price(office, abroad, 20, past)
    price(office, resident, 10, past, NEW_YEAR - datetime.timedelta(days=1))
    price(office, resident, 12, NEW_YEAR)
    days = [
        (each.day, [row.amount for row in each.tariffs], each.is_today)
        for each in timetable(office, today=TODAY)
    ]
    ten, twelve, twenty = Decimal(10), Decimal(12), Decimal(20)
    assert days == [
        (TODAY, [ten, twenty], True),
        (NEW_YEAR, [twelve, twenty], False),
    ]


def test_a_price_that_ends_without_another_is_seen_before(office: Office) -> None:
    price(office, TariffCategory.STANDARD, 10, TODAY, TODAY)
    today, tomorrow = timetable(office, today=TODAY)
    assert not today.nobody_can_pay
    assert tomorrow.nobody_can_pay
    assert tomorrow.ended == [TariffCategory.STANDARD]


def test_another_offices_prices_are_not_in_it(
    office: Office, other_office: Office
) -> None:
    price(other_office, TariffCategory.STANDARD, 10, TODAY)
    (today,) = timetable(office, today=TODAY)
    assert today.tariffs == []


def test_above_the_list_stands_what_the_public_page_will_say(
    office: Office, sofie_client: Client, client: Client
) -> None:
    today = timezone.localdate()
    resident, abroad = TariffCategory.RESIDENT, TariffCategory.NON_RESIDENT
    price(office, resident, 13, today)
    price(office, abroad, 27, today + datetime.timedelta(days=40))
    page = sofie_client.get(reverse("admin:payments_tariff_changelist")).text
    now, later = page.split('class="public-prices"')[1:]
    assert "13 euro" in now
    assert "27 euro" not in now
    assert "Als je ergens anders woont" in later
    assert "27 euro" in later
    # The public page has the same words.
    public = client.get("/nl/").text
    assert escape("13 euro") in public


def test_a_day_without_a_price_is_told_to_the_supervisor(
    office: Office, sofie_client: Client
) -> None:
    page = sofie_client.get(reverse("admin:payments_tariff_changelist")).text
    assert "There is no price: nobody can pay at the counter." in page
