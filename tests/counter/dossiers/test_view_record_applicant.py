"""Recording an applicant at the desk."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, JournalEntry
from tests.cast import LEILA_NUMBER
from tests.counter.dossiers.record_form import URL, ticks, typed
from tests.litany import assert_for_clerks_only, signed_in


def test_only_for_clerks() -> None:
    assert_for_clerks_only(URL)
    assert_for_clerks_only(URL, method="post")


def test_the_supervisor_may_record_too(sofie: Clerk) -> None:
    assert signed_in(sofie).get(URL).status_code == 200


def test_a_recorded_applicant_goes_on_to_the_payment(els_client: Client) -> None:
    answer = els_client.post(URL, typed())
    dossier = Dossier.objects.get()
    assert answer.status_code == 303
    assert answer.headers["Location"] == reverse(
        "activation_desk:pay_and_issue", args=[dossier.pk]
    )
    assert dossier.document_number == "EN123456"
    assert dossier.document_country == "BEL"
    assert dossier.original_seen_at == dossier.recorded_at
    assert dossier.applicant.national_number == "85073003328"
    assert dossier.applicant.birth_date == datetime.date(1985, 7, 30)


@pytest.mark.parametrize(
    "spelling", ["30071985", "30.7.1985", "30-07-1985", "30 7 1985", "٣٠/٠٧/١٩٨٥"]
)
def test_a_date_is_read_as_the_clerk_types_it(
    els_client: Client, spelling: str
) -> None:
    els_client.post(URL, typed(birth_date=spelling))
    assert Applicant.objects.get().birth_date == datetime.date(1985, 7, 30)


def test_a_wrong_field_keeps_all_that_was_typed(els_client: Client) -> None:
    answer = els_client.post(URL, typed(email="peter@", birth_date="30.07.1985"))
    page = answer.content.decode()
    assert answer.status_code == 422
    for value in ("en123456", "01/01/2040", "Janssens", "30.07.1985", "peter@"):
        assert f'value="{value}"' in page
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"national_number": "85.07.30-033.29"}, "national_number"),
        ({"national_number": "85 07 30"}, "national_number"),
        ({"document_expiry": "01/01/2020"}, "document_expiry"),
        ({"document_expiry": "31/02/2040"}, "document_expiry"),
        ({"document_number": "12"}, "document_number"),
        ({"document_number": ""}, "document_number"),
        ({"document_country": "FRA"}, "document_country"),
        ({"document_type": "FOR_PASS"}, "document_country"),
        ({"document_type": "FOR_PASS", "document_country": "Zz"}, "document_country"),
        ({"document_type": "EU_ID", "document_country": "USA"}, "document_country"),
        ({"original_seen": ""}, "original_seen"),
        ({"last_name": " "}, "last_name"),
        ({"last_name": "123"}, "last_name"),
        ({"birth_date": "tomorrow"}, "birth_date"),
        ({"birth_date": "1112020"}, "birth_date"),
        ({"birth_date": "01/01/2099"}, "birth_date"),
        ({"email": "not an address"}, "email"),
        ({"language": "xx"}, "language"),
        ({"birth_date": "30/07/85"}, "birth_date"),
        ({"birth_date": "30/07/0085"}, "birth_date"),
        ({"national_number": "8507300332⑧"}, "national_number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    els_client: Client, changes: dict[str, str], field: str
) -> None:
    answer = els_client.post(URL, typed(**changes))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("kind", "number", "country", "kept"),
    [
        ("FOR_PASS", "l898902c3", "maroc", "MAR"),
        ("FOR_PASS", "L898902C3", "us", "USA"),
        ("EU_ID", "D23145890", "D", "DEU"),
        ("EU_ID", "D23145890", "Polen", "POL"),
        ("BE_RES", "B123456789", "", "BEL"),
    ],
)
def test_a_country_is_a_code_or_a_name(
    els_client: Client, kind: str, number: str, country: str, kept: str
) -> None:
    els_client.post(
        URL,
        typed(document_type=kind, document_number=number, document_country=country),
    )
    assert Dossier.objects.get().document_country == kept


def test_the_last_day_of_a_document_still_counts(els: Clerk) -> None:
    form = typed(document_expiry="24/11/2026")
    with time_machine.travel("2026-11-24T22:30:00Z", tick=False):
        assert signed_in(els).post(URL, form).status_code == 303


def test_the_day_after_is_refused_by_the_clock_of_brussels(els: Clerk) -> None:
    form = typed(document_expiry="24/11/2026")
    with time_machine.travel("2026-11-24T23:30:00Z", tick=False):
        answer = signed_in(els).post(URL, form)
    assert "document_expiry" in answer.context["form"].errors


def test_a_card_of_the_old_model_is_refused(els_client: Client) -> None:
    form = typed(document_type="BE_RES", document_number="B123456789", old_model="on")
    assert "document_expiry" in els_client.post(URL, form).context["form"].errors


def test_another_birth_date_asks_to_look_again(els_client: Client) -> None:
    form = typed(birth_date="31/07/1985")
    (tick,) = ticks(els_client, form)
    answer = els_client.post(URL, form | {"confirmed": [tick]})
    assert answer.status_code == 303
    accepted = JournalEntry.objects.get(event=Event.MISMATCH_ACCEPTED)
    assert accepted.details == {"doubt": "birth_date"}
    assert accepted.dossier == Dossier.objects.get()


def test_a_tick_is_for_the_date_it_was_given_for(els_client: Client) -> None:
    form = typed(birth_date="31/07/1985")
    (tick,) = ticks(els_client, form)
    again = form | {"birth_date": "29/07/1985", "confirmed": [tick]}
    assert els_client.post(URL, again).status_code == 422
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"sex": "F"}, "sex"),
        ({"birth_date": ""}, "no_birth_date"),
        ({"email": "peter@student.kuleuven.be"}, "email"),
        (
            {"document_type": "BE_EID", "document_number": "000-0011032-25"},
            "number",
        ),
        (
            {"document_type": "BE_A35", "document_number": "A 35 / 7"},
            "annex",
        ),
        (
            {"birth_date": "30/07/2009", "national_number": "92321506985", "sex": ""},
            "minor",
        ),
    ],
)
def test_a_doubt_takes_one_tick(
    els_client: Client, changes: dict[str, str], doubt: str
) -> None:
    form = typed(**changes)
    stamps = ticks(els_client, form)
    assert els_client.post(URL, form | {"confirmed": stamps}).status_code == 303
    accepted = JournalEntry.objects.filter(event=Event.MISMATCH_ACCEPTED)
    assert doubt in {entry.details["doubt"] for entry in accepted}


def test_an_address_that_only_looks_like_the_university_passes(
    els_client: Client,
) -> None:
    form = typed(email="peter@notkuleuven.be")
    assert els_client.post(URL, form).status_code == 303


def test_some_papers_need_a_supervisor(els: Clerk, sofie: Clerk) -> None:
    form = typed(document_type="BE_OTHER", document_number="Annex 15 / 4")
    kinds = {
        clerk.username: [
            doubt.kind.name
            for doubt in signed_in(clerk).post(URL, form).context["form"].doubts
        ]
        for clerk in (els, sofie)
    }
    assert kinds == {"els": ["ANNEX", "SUPERVISOR"], "sofie": ["ANNEX"]}


def test_a_child_whose_number_alone_says_its_age_is_refused(els_client: Client) -> None:
    form = typed(birth_date="", national_number="19082416188")
    answer = els_client.post(URL, form)
    assert "birth_date" in answer.context["form"].errors


def test_a_visit_begins_with_the_number_searched_for(els_client: Client) -> None:
    answer = els_client.post(URL, {"start": "1", "national_number": LEILA_NUMBER})
    assert answer.status_code == 200
    assert LEILA_NUMBER in answer.content.decode()
    assert answer.context["reading"].tone == "good"


def test_somebody_without_an_office_is_told_so(db: None) -> None:
    nobody = Clerk.objects.create_superuser("root", password="x" * 12)
    answer = signed_in(nobody).post(URL, typed())
    assert answer.status_code == 422
    assert str(answer.context["refusal"])
