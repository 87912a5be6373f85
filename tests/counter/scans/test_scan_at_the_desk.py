"""A document is scanned at the desk: its zone fills the form, or is refused."""

import datetime
import html
import logging
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from counter.journal.events import Event
from counter.models import Clerk, Dossier, Draft, JournalEntry
from tests.cast import make_applicant
from tests.counter.scans.scanning import CARD, RECORD, scan
from tests.counter.scans.zones import (
    FRENCH,
    SPECIMENS,
    UNLIMITED,
    card_of,
    digit,
    french,
    on_azerty,
    on_french_azerty,
    on_qwerty,
    peters_card,
    td1,
    td3,
)
from tests.litany import signed_in

# A generated residence card; its number runs on into the optional field.
F_CARD = f"IDBELB12345678<9{digit('B123456789')}"


def shown(answer: Any) -> dict[str, Any]:  # noqa: ANN401
    form = answer.context["form"]
    return {name: form[name].value() for name in form.from_scan}


# Somebody new


@pytest.mark.parametrize(
    "text", [CARD, CARD.replace("\n", ""), on_azerty(CARD), on_french_azerty(CARD)]
)
def test_a_belgian_card_fills_the_form(els_client: Client, text: str) -> None:
    answer = scan(els_client, text)
    assert answer.status_code == 200
    assert shown(answer) == {
        "document_type": "BE_EID",
        "document_number": "000001115702",
        "document_country": "BEL",
        "document_expiry": "06/01/2034",
        "last_name": "Janssens",
        "first_names": "Peter Jozef",
        "birth_date": "30/07/1985",
        "sex": "M",
        "national_number": "85.07.30-033.28",
    }
    assert answer.content.decode().count("data-from-scan") == 9
    assert JournalEntry.objects.filter(event=Event.NUMBER_LOOKED_UP).count() == 1


@pytest.mark.parametrize(
    ("text", "kind", "country"),
    [
        (td3(), "BE_PASS", "BEL"),
        (td3("L898902C3", state="MAR"), "FOR_PASS", "MAR"),
        (td3("C01X00T47", state="D"), "FOR_PASS", "DEU"),
        (td1(F_CARD, state="FRA"), "BE_RES", "BEL"),
        (td1("IDPOLD231458907", state="POL"), "EU_ID", "POL"),
    ],
)
def test_the_zone_tells_the_kind_of_document(
    els_client: Client, text: str, kind: str, country: str
) -> None:
    fields = shown(scan(els_client, text))
    assert fields["document_type"] == kind
    assert fields["document_country"] == country
    assert "national_number" not in fields
    assert not JournalEntry.objects.filter(event=Event.NUMBER_LOOKED_UP).exists()


def test_what_was_scanned_can_be_saved_and_changed(els_client: Client) -> None:
    typed = shown(scan(els_client, CARD)) | {
        "submission": "2b1f6f0e-6a48-4a3f-9b53-6e33ad3f2f10",
        "original_seen": "on",
        "first_names": "Peter Jozef M.",
        "email": "peter@example.org",
        "language": "fr",
        "reason": "no_other_key",
    }
    assert els_client.post(RECORD, typed).status_code == 303
    dossier = Dossier.objects.get()
    assert dossier.document_number == "000001115702"
    assert dossier.applicant.first_names == "Peter Jozef M."


def test_a_wrong_field_keeps_the_marks_of_the_others(els_client: Client) -> None:
    typed = shown(scan(els_client, CARD))
    typed |= {"scanned": ",".join(typed), "last_name": ""}
    page = els_client.post(RECORD, typed).content.decode()
    assert page.count("data-from-scan") == 8


def test_a_number_that_is_none_is_shown_and_not_filled_in(els_client: Client) -> None:
    # One digit is wrong, as on one official specimen.
    answer = scan(els_client, peters_card(optional="85073003329"))
    assert "national_number" not in shown(answer)
    assert "85.07.30-033.29" in answer.content.decode()


# Refused at once


@pytest.mark.parametrize("text", SPECIMENS[:4])
def test_the_expired_specimens_are_refused(els_client: Client, text: str) -> None:
    answer = scan(els_client, text)
    assert answer.status_code == 422
    assert answer.context["scan"].refusal.code == "expired"
    assert not {name for name in shown(answer) if name.startswith("document")}
    assert answer.context["form"]["last_name"].value() in {"Eriksson", "Stevenson"}


def test_the_last_day_counts(els: Clerk) -> None:
    with time_machine.travel("2034-01-06T22:30:00Z", tick=False) as clock:
        assert scan(signed_in(els), CARD).status_code == 200
        clock.shift(datetime.timedelta(hours=1))
        assert scan(signed_in(els), CARD).status_code == 422


def test_a_child_is_refused(els: Clerk) -> None:
    """The number on the card shows that the year 17 is 2017 (docs/domain.md)."""
    card = td1(birth="170730", sex="M", expiry="300106", optional="17073003384")
    with time_machine.travel("2026-03-20T12:00:00Z", tick=False):
        answer = scan(signed_in(els), card)
    assert answer.status_code == 422
    assert answer.context["scan"].refusal.code == "age"


@pytest.mark.parametrize(
    ("card", "earlier", "later"),
    [
        (td3(birth="260101"), "01/01/1926", "01/01/2026"),
        (td3(birth="150321", state="MAR"), "21/03/1915", "21/03/2015"),
        (card_of("ESP", "ABC123456"), "", ""),
        (french(birth="200101"), "01/01/1920", "01/01/2020"),
        (td1(birth="260101"), "01/01/1926", "01/01/2026"),
    ],
)
def test_a_child_or_a_person_of_a_hundred_is_asked_about(
    els: Clerk, card: str, earlier: str, later: str
) -> None:
    """The zone has two digits of the year, and no number that tells the century."""
    with time_machine.travel("2026-03-20T12:00:00Z", tick=False):
        answer = scan(signed_in(els), card)
    assert answer.status_code == 200
    assert ("birth_date" in shown(answer)) is (not earlier)
    page = answer.content.decode()
    for choice in filter(None, (earlier, later)):
        assert f'data-value="{choice}"' in page


def test_nobody_of_twelve_is_asked_about(els: Clerk) -> None:
    with time_machine.travel("2026-03-20T12:00:00Z", tick=False):
        answer = scan(signed_in(els), td3(birth="140320"))
    assert shown(answer)["birth_date"] == "20/03/2014"


def test_a_year_on_the_number_tells_the_century_too(els: Clerk) -> None:
    """81000003517 tells only the year (docs/domain.md#national-numbers)."""
    with time_machine.travel("2085-03-20T12:00:00Z", tick=False):
        card = td1(birth="810730", expiry="900106", optional="81000003517")
        assert shown(scan(signed_in(els), card))["birth_date"] == "30/07/1981"


def test_a_card_without_an_end_fills_that_in(els_client: Client) -> None:
    answer = scan(els_client, UNLIMITED)
    assert answer.status_code == 200
    assert shown(answer)["document_expiry"] == "no end date"
    assert shown(answer)["document_type"] == "EU_ID"


def test_the_last_day_of_an_old_french_card_is_typed(els_client: Client) -> None:
    answer = scan(els_client, FRENCH)
    assert answer.status_code == 200
    assert "document_expiry" not in shown(answer)
    assert shown(answer)["document_number"] == "110675123456"
    assert answer.context["scan"].asks_last_day


def test_a_person_of_a_hundred_is_no_child(els_client: Client) -> None:
    """The zone says 23; the number on the card says 1923."""
    old = td1(birth="230928", expiry="400106", optional="23292805780")
    answer = scan(els_client, old)
    assert answer.status_code == 200
    assert shown(answer)["birth_date"] == "28/09/1923"


def test_an_old_model_is_asked_about(els: Clerk) -> None:
    card = td1(F_CARD, state="FRA", expiry="340106")
    with time_machine.travel("2026-08-03T12:00:00Z", tick=False) as clock:
        assert not scan(signed_in(els), card).context["scan"].asks_old_model
        clock.shift(datetime.timedelta(days=1))
        assert scan(signed_in(els), card).context["scan"].asks_old_model


def test_a_bad_scan_says_so_and_is_not_shown_again(els_client: Client) -> None:
    answer = scan(els_client, CARD.replace("8507", "8508"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert answer.context["form"].errors["q"]
    assert "IDBEL" not in page
    assert "JANSSENS" not in page


@pytest.mark.parametrize("text", [CARD[:-1], CARD + "<", CARD[:30], "x\0" + CARD])
def test_half_a_scan_is_not_shown_again(els_client: Client, text: str) -> None:
    answer = scan(els_client, text)
    assert answer.status_code == 422
    assert "IDBEL" not in answer.content.decode()


@pytest.mark.parametrize("text", [on_qwerty(CARD), CARD.split("\n")[1][:20]])
def test_what_is_no_name_is_never_looked_for(els_client: Client, text: str) -> None:
    """From a reader that is set to another keyboard, and the first part of a line."""
    answer = scan(els_client, text)
    assert answer.status_code == 422
    assert text not in html.unescape(answer.content.decode())


@pytest.mark.parametrize(
    "text",
    [
        "Vandenbossche-De.Keersmaecker-Janssens",
        "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "Wolfeschlegelsteinhausenbergerdorff",
    ],
)
def test_a_long_name_or_reference_is_looked_for(els_client: Client, text: str) -> None:
    answer = scan(els_client, text)
    assert answer.status_code != 422


# What is left behind


def test_what_was_scanned_is_kept_for_its_clerk_until_it_is_recorded(
    els_client: Client,
) -> None:
    """The screen locks, or the clerk chooses another language, before typing."""
    answer = scan(els_client, CARD)
    scanned = shown(answer)
    page = answer.context["kept_at"]
    assert f'data-kept-at="{page}"' in answer.text
    again = els_client.get(page)
    assert shown(again) == scanned
    submission = again.context["form"]["submission"].value()
    typed = scanned | {
        "submission": submission,
        "original_seen": "on",
        "email": "peter@example.org",
        "language": "nl",
        "reason": "no_other_key",
    }
    assert els_client.post(RECORD, typed).status_code == 303
    assert not Draft.objects.exists()


@pytest.mark.parametrize("text", [SPECIMENS[0], CARD[:-3]])
def test_of_a_document_that_was_refused_nothing_is_kept(
    els_client: Client, text: str
) -> None:
    assert scan(els_client, text).status_code == 422
    assert not Draft.objects.exists()


def test_the_lines_are_kept_nowhere(
    els_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    make_applicant()
    with caplog.at_level(logging.DEBUG):
        answers = [scan(els_client, text) for text in (CARD, CARD[:-3], td3())]
    kept = [caplog.text, *(str(s.get_decoded()) for s in Session.objects.all())]
    kept += [str(row) for row in JournalEntry.objects.values()]
    kept += [answer.headers.get("Location", "") for answer in answers]
    for secret in ("IDBEL", "JANSSENS", "000001115", "0730033", "EN123456"):
        assert not [text for text in kept if secret in text], secret
    assert not [a for a in answers if "IDBEL" in a.content.decode()]
