"""A document is scanned on the recording page, into a form that was begun by hand."""

import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.journal.events import Event
from counter.models import Clerk, Dossier, Draft, JournalEntry
from tests.cast import make_applicant, make_dossier
from tests.counter.scans.zones import FRENCH, TD3, on_azerty, peters_card, td3
from tests.litany import assert_for_clerks_only

URL = reverse("counter_dossiers:scan_into_visit")
CARD = peters_card()
#: What a clerk can have typed before the document was on the reader.
BEGUN = {
    "submission": "8d1cf0d3-5c0a-4b55-8f1f-90bb4a1f2f60",
    "reason": "leaving",
    "language": "fr",
    "email": "peter@example.org",
    "original_seen": "on",
    "document_type": "BE_EID",
}


def scan(client: Client, text: str = CARD, **begun: str) -> Any:  # noqa: ANN401
    form = {**BEGUN, **begun, "scan": text.replace("\n", "\r\n")}
    return client.post(URL, form)


def values(answer: Any) -> dict[str, Any]:  # noqa: ANN401
    form = answer.context["form"]
    return {name: form[name].value() for name in form.fields}


def test_only_for_clerks() -> None:
    assert_for_clerks_only(URL, method="post")


@pytest.mark.parametrize("text", [CARD, CARD.replace("\n", ""), on_azerty(CARD)])
def test_the_document_fills_its_fields_and_the_rest_stays(
    els_client: Client, text: str
) -> None:
    answer = scan(els_client, text)
    assert answer.status_code == 200
    form = values(answer)
    assert form["last_name"] == "Janssens"
    assert form["document_number"] == "000001115702"
    assert form["national_number"] == "85.07.30-033.28"
    assert form["document_expiry"] == "06/01/2034"
    for name in ("submission", "reason", "language", "email", "original_seen"):
        assert str(form[name]) == BEGUN[name]
    assert "email" not in answer.context["form"].from_scan
    assert "last_name" in answer.context["form"].from_scan
    assert answer.context["scan"]


def test_what_was_scanned_is_kept_when_the_page_is_left(els_client: Client) -> None:
    """After the lock screen, or in another language, the form is as it was."""
    scanned = scan(els_client)
    again = els_client.get(scanned.context["kept_at"])
    for name in ("last_name", "document_number", "national_number", "email"):
        assert values(again)[name] == values(scanned)[name] != ""
    assert again.context["form"].from_scan == scanned.context["form"].from_scan


def test_coming_back_to_the_address_of_a_scan_is_a_new_visit(
    els_client: Client,
) -> None:
    scan(els_client)
    answer = els_client.get(URL)
    page = reverse("counter_dossiers:record_applicant")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    drafts = els_client.get(page).context["drafts"]
    assert [str(draft.submission) for draft in drafts] == [BEGUN["submission"]]


def test_the_name_stays_in_the_documents_own_letters(els_client: Client) -> None:
    answer = scan(els_client, last_name="Jánssens", first_names="Peter-Jozef")
    assert values(answer)["last_name"] == "Jánssens"
    assert values(answer)["first_names"] == "Peter-Jozef"
    assert "last_name" not in answer.context["form"].from_scan


def test_a_transliterated_name_stays_as_it_was_typed(els_client: Client) -> None:
    passport = td3(name="MUELLER<<JUERGEN")
    answer = scan(els_client, passport, last_name="Müller", first_names="Jürgen")
    assert values(answer)["last_name"] == "Müller"
    assert values(answer)["first_names"] == "Jürgen"


def test_what_the_document_says_wins_over_a_slip_of_the_pen(els_client: Client) -> None:
    answer = scan(els_client, birth_date="31/07/1985", document_number="1")
    assert values(answer)["birth_date"] == "30/07/1985"
    assert values(answer)["document_number"] == "000001115702"


@pytest.mark.parametrize(
    "begun",
    [
        {"national_number": "75.06.08-980.09"},
        {"last_name": "De Smet", "first_names": "Marie"},
    ],
)
def test_a_form_begun_for_somebody_else_says_so(
    els_client: Client, begun: dict[str, str]
) -> None:
    answer = scan(els_client, **begun)
    assert answer.status_code == 200
    assert values(answer)["last_name"] == "Janssens"
    assert values(answer)["national_number"] == "85.07.30-033.28"
    assert values(answer)["email"] == "peter@example.org"
    assert not values(answer)["original_seen"]
    assert answer.context["notices"]
    assert not scan(els_client).context["notices"]


@pytest.mark.parametrize("sheet", [CARD, td3(), TD3, FRENCH])
def test_nothing_of_the_person_before_stays_beside_another(
    els_client: Client, sheet: str
) -> None:
    """What the scan does not fill in is empty: a passport has no national number, the
    French card no last day, and of an expired document only the person is used.
    """
    marie = {
        "last_name": "Peeters",
        "first_names": "Marie",
        "national_number": "75.06.08-980.09",
        "birth_date": "08/06/1975",
        "sex": "F",
        "document_type": "BE_PASS",
        "document_country": "BEL",
        "document_number": "EN999999",
        "document_expiry": "01/01/2033",
        "old_model": "on",
    }
    form = values(scan(els_client, sheet, **marie))
    assert form["last_name"] not in {"Peeters", ""}
    for name, typed in marie.items():
        is_told = name in {"document_country", "document_type", "sex"}
        assert form[name] != typed or is_told, name
    assert not form["old_model"]
    assert form["email"] == "peter@example.org"


def test_another_document_of_the_person_brings_its_own_last_day(
    els_client: Client,
) -> None:
    by_hand = {
        "last_name": "Testnom",
        "document_type": "FOR_PASS",
        "document_number": "20AA12345",
        "document_country": "FRA",
        "document_expiry": "01/01/2033",
    }
    form = values(scan(els_client, FRENCH, **by_hand))
    assert form["document_number"] == "110675123456"
    assert not form["document_expiry"]
    # The same card again: the last day that was typed from it stays.
    by_hand |= {"document_number": "1106 7512 3456", "document_type": "EU_ID"}
    form = values(scan(els_client, FRENCH, **by_hand))
    assert form["document_expiry"] == "01/01/2033"


def test_a_passport_leaves_the_number_that_was_typed(els_client: Client) -> None:
    answer = scan(els_client, td3(), national_number="85.07.30-033.28")
    assert values(answer)["national_number"] == "85.07.30-033.28"
    assert values(answer)["document_number"] == "EN123456"


def test_an_expired_document_is_refused_and_loses_nothing(els_client: Client) -> None:
    answer = scan(els_client, TD3, document_number="000001115702")
    assert answer.status_code == 422
    assert answer.context["scan"].refusal.code == "expired"
    assert values(answer)["email"] == "peter@example.org"
    assert values(answer)["document_number"] == "000001115702"


@pytest.mark.parametrize("text", ["", "x", CARD[:-3], CARD.replace("8507", "8508")])
def test_what_is_not_read_is_said_and_loses_nothing(
    els_client: Client, text: str
) -> None:
    answer = scan(els_client, text, last_name="Janssens")
    assert answer.status_code == 422
    assert answer.context["notices"]
    assert values(answer)["last_name"] == "Janssens"
    assert values(answer)["email"] == "peter@example.org"


# Somebody who came before


def test_a_known_person_of_the_same_name_is_filled_in(
    els_client: Client, els: Clerk
) -> None:
    make_lapsed(els, first_names="Peter Jozef")
    answer = scan(els_client)
    assert answer.status_code == 200
    assert values(answer)["email"] == "peter@example.org"
    assert answer.context["notices"]
    assert JournalEntry.objects.filter(event=Event.NUMBER_LOOKED_UP).count() == 1


def test_a_number_known_under_another_name_is_shown_first(
    els_client: Client, els: Clerk
) -> None:
    make_lapsed(els, last_name="De Smet", first_names="Marie")
    answer = scan(els_client)
    assert answer.context["known"].person.last_name == "De Smet"
    assert Draft.objects.count() == 1  # what was typed is not lost


def test_an_open_dossier_is_opened_as_on_the_desk(
    els_client: Client, dossier: Dossier
) -> None:
    answer = scan(els_client)
    assert answer.status_code == 303
    assert answer.headers["Location"] == reverse(
        "counter_dossiers:dossier", args=[dossier.pk]
    )


def make_lapsed(clerk: Clerk, *, first_names: str, last_name: str = "Janssens") -> None:
    person = make_applicant(first_names=first_names, last_name=last_name)
    dossier = make_dossier(person, clerk)
    Dossier.objects.filter(pk=dossier.pk).update(
        state="lapsed", lapsed_at=timezone.now()
    )


# What is left behind


def test_the_lines_are_kept_nowhere(
    els_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answers = [scan(els_client, text) for text in (CARD, CARD[:-3], td3())]
    kept = [caplog.text, *(str(s.get_decoded()) for s in Session.objects.all())]
    kept += [str(row) for row in JournalEntry.objects.values()]
    kept += [draft.content for draft in Draft.objects.all()]
    kept += [answer.content.decode() for answer in answers]
    for secret in ("IDBEL", "JANSSENS", "5702<<", "8507309M", "EN123456<"):
        assert not [text for text in kept if secret in text], secret


def test_the_filled_in_form_is_recorded(els_client: Client) -> None:
    form = {k: v for k, v in values(scan(els_client)).items() if v}
    answer = els_client.post(reverse("counter_dossiers:record_applicant"), form)
    assert answer.status_code == 303
    assert Dossier.objects.get().email == "peter@example.org"
