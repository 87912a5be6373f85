"""Facts that the city's former page about activation codes had; ours has them too."""

import re

import pytest
from django.test import Client

from counter.enums import TextSlot
from counter.models import Office, OfficeText
from tests.activation.helpers import text_of

#: Each fact in words that the page has in nl, fr, de and en.
FACTS = {
    "the card is the safest": (
        *("De veiligste manier: je kaart", "Le moyen le plus sûr : votre carte"),
        *("Der sicherste Weg: Ihre Karte", "The safest way: your card"),
    ),
    "not every country of the EU": (
        *("alleen een eID die België erkent", "une eID que la Belgique reconnaît"),
        *("nur eine eID, die Belgien anerkennt", "one that Belgium recognises"),
    ),
    "only some keys need a code": (
        *("Alleen voor deze sleutels", "Seulement pour ces clés"),
        *("Nur für diese Schlüssel", "Only for these keys"),
    ),
    "no appointment": (
        *("Je hebt geen afspraak nodig.", "Vous n’avez pas besoin de rendez-vous."),
        *("Sie brauchen keinen Termin.", "You need no appointment."),
    ),
    "the original document": (
        *("het origineel, geen kopie of foto", "l’original, pas une copie"),
        *("das Original, keine Kopie", "the original, not a copy or a photo"),
    ),
    "the price": ("10 euro", "10 euros", "10 Euro", "10 euros"),
    "cash or card": (
        *("contant of met je kaart", "en espèces ou par carte"),
        *("bar oder mit Karte", "in cash or by card"),
    ),
    "two weeks": ("2 weken", "2 semaines", "2 Wochen", "2 weeks"),
    "ten years": ("10 jaar", "10 ans", "10 Jahre", "10 years"),
    "the federal government": (
        *("van de federale overheid", "de l’administration fédérale"),
        *("von der föderalen Verwaltung", "from the federal government"),
    ),
}
LANGUAGES = ("nl", "fr", "de", "en")
SAFEST = ("veiligste", "sûr", "sicherste", "safest")


def read(client: Client, page: str) -> str:
    return text_of(client.get(page).content).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.usefixtures("tariff")
@pytest.mark.parametrize(("place", "language"), list(enumerate(LANGUAGES)))
def test_every_fact_is_found_in_each_language(
    client: Client, office: Office, place: int, language: str
) -> None:
    page = read(client, f"/{language}/")
    assert [fact for fact, words in FACTS.items() if words[place] not in page] == []


@pytest.mark.usefixtures("tariff")
def test_price_appointment_and_what_to_bring_stand_first_and_once(
    client: Client, office: Office
) -> None:
    page = client.get("/nl/").text
    hero = page[page.index('class="hero"') : page.index('class="section"')]
    for part in ('id="price"', "Je hebt geen afspraak nodig.", "het origineel, geen"):
        assert part in hero
        assert page.count(part) == 1


def test_the_app_is_nowhere_called_the_safest(client: Client, office: Office) -> None:
    for language, safest in zip(LANGUAGES, SAFEST, strict=True):
        assert len(re.findall(safest, read(client, f"/{language}/"))) == 1


def test_whoever_has_a_key_signs_in_from_the_head_of_the_page(
    client: Client, office: Office
) -> None:
    head = client.get("/nl/").text.partition("</header>")[0]
    assert 'href="/nl/keys/"' in head


def test_the_help_line_has_its_own_name(client: Client, office: Office) -> None:
    Office.objects.update(help_name="Helpdesk digitale sleutels (Vlaamse overheid)")
    assert read(client, "/nl/").count("Helpdesk digitale sleutels (Vlaamse over") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_for_the_public_leads_to_the_statement_about_accessibility(
    client: Client, office: Office, language: str
) -> None:
    for page in ("", "contact/", "privacy/", "accessibility/", "keys/sign-in/"):
        shown = client.get(f"/{language}/{page}", follow=True).text
        assert f'href="/{language}/accessibility/"' in shown, page


def test_the_statement_is_the_houses_until_the_supervisor_writes_one(
    client: Client, office: Office
) -> None:
    assert "EN 301 549" in read(client, "/nl/accessibility/")
    OfficeText.objects.create(
        office=office, slot=TextSlot.STATEMENT, language="nl", text="Getest door ons."
    )
    page = read(client, "/nl/accessibility/")
    assert "Getest door ons." in page
    assert "EN 301 549" not in page
    assert "EN 301 549" in read(client, "/fr/accessibility/")


def test_the_page_about_data_names_the_officer_and_says_what_the_supervisor_adds(
    client: Client, office: Office
) -> None:
    Office.objects.update(officer_email="dpo@leuven.example")
    OfficeText.objects.create(
        office=office, slot=TextSlot.PRIVACY, language="nl", text="Ook het archief."
    )
    page = read(client, "/nl/privacy/")
    assert "dpo@leuven.example" in page
    assert "Ook het archief." in page
