"""A page that sends somebody to the counter says when that is open, and when not."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from counter.models import Office
from tests.activation.helpers import text_of
from tests.activation.holder.helpers import path

NOWHERE = "/en/a/no-such-link/"


@pytest.fixture
def office_with_a_break(office: Office) -> Office:
    """An office that closes from 12.00 to 13.00, and on one day in three weeks."""
    office.hours.all().delete()
    for weekday in range(5):
        office.hours.create(weekday=weekday, opens=time(9), closes=time(12))
        office.hours.create(weekday=weekday, opens=time(13), closes=time(16))
    day = timezone.localdate() + timedelta(weeks=3)
    office.closing_days.create(date=day, occasion="Verhuizing")
    return office


@pytest.mark.usefixtures("office_with_a_break")
@pytest.mark.parametrize("address", [NOWHERE, path("no_key")], ids=["link", "no key"])
def test_it_has_each_day_once_and_the_days_on_which_nobody_is_there(
    client: Client, address: str
) -> None:
    text = text_of(client.get(address).content).replace(" ,", ",")
    assert "9.00–12.00, 13.00–16.00" in text
    assert text.count("Wednesday") == 1
    assert "Sunday closed" in text.replace("(today) ", "")
    assert "We are closed on" in text
    assert "Verhuizing" in text


def test_an_office_without_hours_says_nothing_of_them(
    client: Client, office: Office
) -> None:
    office.hours.all().delete()
    assert "Opening hours" not in text_of(client.get(NOWHERE).content)
