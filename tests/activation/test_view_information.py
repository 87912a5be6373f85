"""The information page: open to everyone, in four languages."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from counter.models import Office, OpeningHours
from payments.models import Tariff


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_everyone_reads_it_in_four_languages(
    client: Client, office: Office, tariff: Tariff, language: str
) -> None:
    page = client.get(f"/{language}/")
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert office.phone in page.text


def test_the_front_door_leads_to_it_in_the_visitors_language(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/nl/"
    french = client.get("/", headers={"accept-language": "fr-BE"})
    assert french.headers["Location"] == "/fr/"
    spanish = client.get("/", headers={"accept-language": "es"})
    assert spanish.headers["Location"] == "/nl/"


def test_it_names_the_price_in_force_today(client: Client, office: Office) -> None:
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    for amount, first, last in [
        ("8.00", today - 30 * day, today - day),
        ("12.50", today, today),
        ("15.00", today + day, None),
    ]:
        Tariff.objects.create(
            office=office,
            amount=Decimal(amount),
            valid_from=first,
            valid_until=last,
            regulation="Retributiereglement",
        )
    page = client.get("/en/").text
    assert "12.50" in page
    assert "8.00" not in page
    assert "15.00" not in page


def test_it_shows_the_hours(client: Client, office: Office) -> None:
    OpeningHours.objects.create(
        office=office, weekday=0, opens=datetime.time(9), closes=datetime.time(16, 30)
    )
    page = client.get("/en/").text
    assert "Monday" in page
    assert "16.30" in page


def test_an_office_not_yet_set_up_breaks_nothing(db: None, client: Client) -> None:
    assert client.get("/en/").status_code == 200


def test_it_writes_nothing(client: Client, office: Office) -> None:
    assert not client.get("/nl/").cookies
    assert client.post("/nl/").status_code == 405
