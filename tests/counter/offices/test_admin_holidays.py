"""The supervisor picks closing days from the holidays of this year and the next."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from counter.journal.events import Event
from counter.models import Clerk, ClosingDay, JournalEntry, Office, OpeningHours

pytestmark = pytest.mark.usefixtures("hours", "autumn")


@pytest.fixture
def autumn() -> Iterator[None]:
    with time_machine.travel("2026-11-05T10:00+01:00", tick=False):
        yield


@pytest.fixture
def hours(office: Office) -> None:
    for weekday in range(5):
        OpeningHours.objects.create(
            office=office, weekday=weekday, opens="09:00", closes="16:30"
        )


@pytest.fixture
def page(office: Office) -> str:
    return reverse("admin:counter_office_add_holidays", args=[office.pk])


def ticked(client: Client, page: str) -> dict[str, list[str]]:
    """What a browser posts when nobody changed anything on the page."""
    form = client.get(page).context["form"]
    return {name: field.initial for name, field in form.fields.items()}


def test_the_office_page_leads_there(
    office: Office, sofie_client: Client, page: str
) -> None:
    office_page = reverse("admin:counter_office_change", args=[office.pk])
    assert f'href="{page}"' in sofie_client.get(office_page).text


def test_looking_at_the_list_closes_nothing(sofie_client: Client, page: str) -> None:
    text = sofie_client.get(page).text
    assert "Monday 29 March: Paasmaandag" in text
    assert "Thursday 6 May: O.L.H.-Hemelvaart" in text
    assert "Monday 17 May: Pinkstermaandag" in text
    assert "Feest van de Vlaamse Gemeenschap" in text
    assert not ClosingDay.objects.exists()


def test_legal_holidays_on_days_with_hours_are_ticked(
    sofie_client: Client, page: str
) -> None:
    dates = [date for dates in ticked(sofie_client, page).values() for date in dates]
    assert dates == [
        "2026-11-11",
        "2026-12-25",
        "2027-01-01",
        "2027-03-29",
        "2027-05-06",
        "2027-05-17",
        "2027-07-21",
        "2027-11-01",
        "2027-11-11",
    ]


def test_what_is_ticked_becomes_a_closing_day_and_nothing_else(
    office: Office, sofie: Clerk, sofie_client: Client, page: str
) -> None:
    picked = {
        "legal_2027": ["2027-03-29", "2027-05-06"],
        "usual_2027": ["2027-05-07"],
    }
    answer = sofie_client.post(page, picked, follow=True)
    assert "3 closing days were added." in answer.text
    assert list(office.closing_days.values_list("date", "occasion")) == [
        (datetime.date(2027, 3, 29), "Paasmaandag"),
        (datetime.date(2027, 5, 6), "O.L.H.-Hemelvaart"),
        (datetime.date(2027, 5, 7), "Vrijdag na O.L.H.-Hemelvaart"),
    ]
    entries = JournalEntry.objects.filter(event=Event.ROW_ADDED, clerk=sofie)
    assert entries.count() == 3


def test_a_closing_day_there_is_stays_as_the_supervisor_typed_it(
    office: Office, sofie_client: Client, page: str
) -> None:
    easter_monday = datetime.date(2027, 3, 29)
    ClosingDay.objects.create(office=office, date=easter_monday, occasion="Verlof")
    form = sofie_client.get(page).context["form"]
    offered = [value for value, _ in form.fields["legal_2027"].choices]
    assert "2027-03-29" not in offered
    assert [day.occasion for day in form.there] == ["Verlof"]
    answer = sofie_client.post(page, {"legal_2027": ["2027-03-29"]})
    assert answer.status_code == 302  # as if a colleague had added it meanwhile
    assert office.closing_days.get().occasion == "Verlof"


@pytest.mark.parametrize(
    "picked", [{}, {"legal_2027": ["2027-03-30"]}, {"legal_2026": ["2026-07-21"]}]
)
def test_only_what_is_offered_is_taken(
    sofie_client: Client, page: str, picked: dict[str, list[str]]
) -> None:
    answer = sofie_client.post(page, picked)
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    assert not ClosingDay.objects.exists()


def test_with_every_day_taken_there_is_nothing_to_tick(
    sofie_client: Client, page: str
) -> None:
    form = sofie_client.get(page).context["form"]
    everything = {
        name: [value for value, _ in field.choices]
        for name, field in form.fields.items()
    }
    sofie_client.post(page, everything)
    text = sofie_client.get(page).text
    assert "Every holiday of this year and the next is a closing day already." in text
    assert 'type="checkbox"' not in text


def test_visitors_read_the_picked_day_in_their_language(
    sofie_client: Client, page: str
) -> None:
    sofie_client.post(page, {"legal_2026": ["2026-11-11"]})
    visitor = Client()
    for language, name in {
        "nl": "Wapenstilstand",
        "fr": "Jour de l’Armistice",
        "de": "Waffenstillstand",
        "en": "Armistice Day",
    }.items():
        assert name in visitor.get(f"/{language}/").text


def test_a_second_click_finds_the_days_there_and_complains_of_nothing(
    sofie_client: Client, page: str, office: Office
) -> None:
    sent = ticked(sofie_client, page)
    for _ in range(2):
        assert sofie_client.post(page, sent).status_code in (302, 303)
    assert office.closing_days.count() == sum(map(len, sent.values()))


def test_a_day_that_nobody_offered_is_said_beside_the_others(
    sofie_client: Client, page: str, office: Office
) -> None:
    sent = ticked(sofie_client, page)
    first, *_others = sent
    answer = sofie_client.post(page, sent | {first: ["1999-01-01"]})
    assert "errorlist" in answer.text
    assert not office.closing_days.exists()
