"""The information page: open to everyone, in four languages."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from activation.public.holidays import closed
from counter.enums import TextSlot
from counter.models import ClosingDay, Office, OfficeText, OpeningHours
from localrun.seeding.house import closing_days
from payments.models import Tariff
from tests.activation.helpers import text_of

BRUSSELS = ZoneInfo("Europe/Brussels")
#: When the office closes, Monday to Friday; it opens at 9.00.
LEUVEN = ("20:00", "12:30", "16:30", "20:00", "12:30")


@pytest.fixture
def hours(office: Office) -> None:
    for weekday, closes in enumerate(LEUVEN):
        OpeningHours.objects.create(
            office=office, weekday=weekday, opens="09:00", closes=closes
        )


def at(local: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(local).replace(tzinfo=BRUSSELS)


def text_at(client: Client, local: str = "", language: str = "en") -> str:
    """The page's text at this time in Brussels, or now without a time."""
    if not local:
        return text_of(client.get(f"/{language}/").content)
    with time_machine.travel(at(local), tick=False):
        return text_of(client.get(f"/{language}/").content)


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
    assert "15" not in page.split('class="price"')[1].split("</p>")[0]


@pytest.mark.parametrize(
    ("first", "before", "after"),
    [
        ("2027-01-01", "2026-12-31T23:59:59", "2027-01-01T00:00:00"),
        # In the summer midnight in Brussels is at 22 o'clock UTC.
        ("2027-07-01", "2027-06-30T23:59:59", "2027-07-01T00:00:00"),
    ],
)
def test_a_new_price_begins_by_itself_at_midnight_in_brussels(
    client: Client, office: Office, first: str, before: str, after: str
) -> None:
    day = datetime.date.fromisoformat(first)
    for amount, begins, ends in [
        ("10.00", datetime.date(2020, 1, 1), day - datetime.timedelta(days=1)),
        ("11.00", day, None),
    ]:
        Tariff.objects.create(
            office=office,
            amount=Decimal(amount),
            valid_from=begins,
            valid_until=ends,
            regulation="Retributiereglement",
        )
    assert "10 euros" in text_at(client, before)
    assert "11 euros" in text_at(client, after)


@pytest.mark.usefixtures("hours")
@pytest.mark.parametrize(
    ("local", "sentence"),
    [
        ("2027-03-03T10:00", "Open now, until 16.30"),
        ("2027-03-03T08:59", "Closed, opens today at 9.00"),
        ("2027-03-03T16:30", "Closed, opens tomorrow at 9.00"),
        ("2027-03-05T12:30", "Closed, opens on Monday 8 March at 9.00"),
        # The night in which the clock goes forward.
        ("2027-03-28T01:59", "Closed, opens tomorrow at 9.00"),
    ],
)
def test_it_says_whether_the_office_is_open(
    client: Client, local: str, sentence: str
) -> None:
    assert sentence in text_at(client, local)


@pytest.mark.usefixtures("hours")
def test_a_closing_day_counts_and_is_announced(client: Client, office: Office) -> None:
    ClosingDay.objects.create(
        office=office, date=datetime.date(2027, 3, 29), occasion="Paasmaandag"
    )
    page = text_at(client, "2027-03-26T13:00")
    assert "opens on Tuesday 30 March" in page
    assert "Monday 29 March: Easter Monday" in page
    assert "Easter Monday" not in text_at(client, "2027-01-04T10:00")
    assert "Easter Monday" not in text_at(client, "2027-03-30T10:00")


@pytest.mark.usefixtures("hours")
@time_machine.travel("2027-03-26T13:00+01:00", tick=False)
def test_usual_closing_days_are_in_the_visitors_language(
    client: Client, office: Office
) -> None:
    """The supervisor's own words stay as they are, and are marked as Dutch."""
    for day, occasion in ((29, "Paasmaandag"), (30, "Verhuizing")):
        ClosingDay.objects.create(
            office=office, date=datetime.date(2027, 3, day), occasion=occasion
        )
    french = client.get("/fr/").content.decode()
    assert "Lundi de Pâques" in french
    assert "Paasmaandag" not in french
    assert '<span lang="nl">Verhuizing</span>' in french
    assert "Ostermontag" in client.get("/de/").content.decode()
    assert "Paasmaandag" in client.get("/nl/").content.decode()


@pytest.mark.parametrize("language", ["fr", "de", "en"])
def test_each_closing_day_of_leuven_has_a_name(language: str) -> None:
    with translation.override(language):
        for day, occasion in closing_days(2027):
            assert not closed(ClosingDay(date=day, occasion=occasion)).is_typed


def test_dutch_names_are_marked_where_numbers_are_told(
    client: Client, office: Office
) -> None:
    french = client.get("/fr/").content.decode()
    name = '<span lang="nl" translate="no">Stad Leuven</span>'
    assert f"{name}\N{NO-BREAK SPACE}: " in french


@pytest.mark.usefixtures("hours")
def test_it_shows_the_hours_of_the_week(client: Client) -> None:
    page = text_at(client, "2027-03-03T10:00")
    assert "Wednesday (today) 9.00–16.30" in page
    assert "Sunday closed" in page


#: The texts that are not on the information page, with their page.
PAGE_OF = {TextSlot.PRIVACY: "privacy/", TextSlot.STATEMENT: "accessibility/"}
#: Texts on the page after activation: tests/activation/journey/test_view_done.py.
NOT_PUBLIC = {TextSlot.USES, TextSlot.NO_USES}


@pytest.mark.parametrize("slot", sorted(set(TextSlot) - NOT_PUBLIC))
def test_the_supervisors_text_stands_for_the_houses(
    client: Client, office: Office, slot: TextSlot
) -> None:
    OfficeText.objects.create(
        office=office,
        slot=slot,
        language="en",
        text="Our own <b>words</b>.\n\n- first\n- second",
    )
    where = PAGE_OF.get(slot, "")
    page = client.get(f"/en/{where}").text
    assert "Our own &lt;b&gt;words&lt;/b&gt;." in page
    assert "<li>first</li><li>second</li>" in page
    assert "Our own" not in client.get(f"/nl/{where}").text


def test_the_houses_text_is_gone_then(client: Client, office: Office) -> None:
    assert "the original, not a copy" in client.get("/en/").text
    OfficeText.objects.create(
        office=office, slot=TextSlot.BRING, language="en", text="Bring your card."
    )
    assert "the original, not a copy" not in client.get("/en/").text


def test_only_the_kinds_of_keys_the_office_has_are_named(
    client: Client, office: Office
) -> None:
    assert "a text message" in client.get("/en/").text
    Office.objects.update(sms_keys=False)
    assert "<li>a text message</li>" not in client.get("/en/").text


def test_which_one_is_for_me_leads_to_the_free_route_and_to_the_counter(
    client: Client, office: Office
) -> None:
    page = client.get("/en/").text
    assert page.count("<details") == 6
    assert "https://www.csam.be/" in page
    assert 'href="#bring"' in page
    assert 'href="/en/keys/"' in page


def test_the_address_opens_in_a_map_app_and_loads_no_map(
    client: Client, office: Office
) -> None:
    page = client.get("/en/").text
    where = "geo:0,0?q=Professor%20Van%20Overstraetenplein%201%2C%203000%20Leuven"
    assert where in page
    assert "<iframe" not in page


def test_an_office_not_yet_set_up_breaks_nothing(db: None, client: Client) -> None:
    assert client.get("/en/").status_code == 200
    assert client.get("/en/contact/").status_code == 404


def test_it_writes_nothing(client: Client, office: Office) -> None:
    assert not client.get("/nl/").cookies
    assert client.post("/nl/").status_code == 405
