"""A number that is known under another name is never recorded without a check."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from counter.dossiers import recording as services
from counter.dossiers.recording import record_applicant
from counter.enums import DoubtKind
from counter.identity.shown_person import DocumentPerson
from counter.identity.spelling import PersonName
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, JournalEntry
from counter.people.kinship import FamilyNotAskedError
from counter.people.person import OtherPersonError
from tests.cast import make_code
from tests.counter import app
from tests.counter.people.known import (
    APPROVAL,
    BORN,
    RECORD,
    agreed,
    ask,
    marie_with_a_key,
    record,
    recording,
    typed,
)
from tests.litany import signed_in


@pytest.fixture
def marie(els: Clerk) -> Dossier:
    return marie_with_a_key(els)


def test_another_name_needs_a_supervisor_at_the_screen(
    els_client: Client, sofie: Clerk, marie: Dossier
) -> None:
    form = typed()
    answer = ask(els_client, form)
    (doubt,) = answer.context["form"].doubts
    assert doubt.needs_supervisor
    assert [text for _caption, text in doubt.sides] == ["Marie Peeters", "Leïla Claes"]
    assert "supervisor_password" in answer.content.decode()

    for wrong in ({}, APPROVAL | {"supervisor_password": "x"}, {"supervisor_name": ""}):
        assert els_client.post(RECORD, form | wrong).status_code == 422
    assert (
        els_client.post(RECORD, form | APPROVAL | {"confirmed": []}).status_code == 422
    )
    assert Dossier.objects.count() == 1

    assert els_client.post(RECORD, form | APPROVAL).status_code == 303
    new = Dossier.objects.exclude(pk=marie.pk).get()
    entry = JournalEntry.objects.get(event=Event.OTHER_NAME_APPROVED)
    assert (entry.dossier, entry.details) == (new, {"who": "sofie"})
    marie.refresh_from_db()
    assert (marie.name, new.name) == ("Marie Peeters", "Leïla Claes")
    assert new.applicant.name == "Marie Peeters"


def test_the_app_of_the_supervisor_is_asked_once_all_else_is_right(
    els_client: Client, sofie: Clerk, marie: Dossier, settings: Settings
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    app.set_up(sofie)
    form = typed(email="")
    ask(els_client, form)
    digits = {"supervisor_digits": app.digits(sofie)}
    assert els_client.post(RECORD, form | APPROVAL | digits).status_code == 422
    form["email"] = "leila@example.org"
    ask(els_client, form)
    assert els_client.post(RECORD, form | APPROVAL | digits).status_code == 303


def test_a_supervisor_who_records_agrees_herself(sofie: Clerk, marie: Dossier) -> None:
    client, form = signed_in(sofie), typed()
    ask(client, form)
    assert client.post(RECORD, form).status_code == 303
    assert JournalEntry.objects.filter(event=Event.OTHER_NAME_APPROVED).exists()


def test_a_supervisor_of_that_family_name_does_not_agree(
    els: Clerk, els_client: Client, sofie: Clerk, marie: Dossier
) -> None:
    Clerk.objects.filter(pk=sofie.pk).update(last_name="Claes-Wouters")
    form = typed()
    ask(els_client, form)
    answer = els_client.post(RECORD, form | APPROVAL)
    assert answer.status_code == 422
    assert "family name" in answer.content.decode()
    sofie.refresh_from_db()
    ticked = agreed(recording(supervisor=sofie), els)
    with pytest.raises(FamilyNotAskedError):
        record(ticked, els)
    assert list(Dossier.objects.all()) == [marie]


def test_a_clerk_of_another_office_does_not_agree(
    els_client: Client, gust: Clerk, bart: Clerk, marie: Dossier
) -> None:
    form = typed()
    ask(els_client, form)
    for name in ("gust", "bart", "els"):
        approval = APPROVAL | {"supervisor_name": name}
        assert els_client.post(RECORD, form | approval).status_code == 422
    assert Dossier.objects.count() == 1


@pytest.mark.parametrize(
    ("last_name", "first_names"),
    [
        ("Peeters-Claes", "Marie"),
        ("Claes", "Marie"),
        ("Peeters", "Marie Louise"),
        ("Marie", "Peeters"),
        ("Peters", "Marie"),
    ],
)
def test_a_name_written_otherwise_is_looked_at(
    els_client: Client, marie: Dossier, last_name: str, first_names: str
) -> None:
    form = typed(last_name=last_name, first_names=first_names)
    (doubt,) = ask(els_client, form).context["form"].doubts
    assert doubt.kind is DoubtKind.NAME
    assert len(doubt.sides) == 2
    assert els_client.post(RECORD, form).status_code == 303
    entries = JournalEntry.objects.filter(event=Event.MISMATCH_ACCEPTED)
    assert [entry.details for entry in entries] == [{"doubt": DoubtKind.NAME.value}]


@pytest.mark.parametrize("last_name", ["PEETERS", "Pëeters", "Pee-ters", "peeters "])
def test_the_same_name_asks_nothing(
    els_client: Client, marie: Dossier, last_name: str
) -> None:
    form = typed(last_name=last_name, first_names="Marie")
    assert els_client.post(RECORD, form).status_code == 303


def test_another_birth_date_than_the_known_one_is_looked_at(
    els_client: Client, marie: Dossier
) -> None:
    Applicant.objects.update(birth_date=datetime.date(1975, 6, 9))
    form = typed(last_name="Peeters", first_names="Marie")
    (doubt,) = ask(els_client, form).context["form"].doubts
    assert doubt.kind is DoubtKind.KNOWN_BIRTH_DATE
    assert els_client.post(RECORD, form).status_code == 303


def test_a_tick_is_for_the_names_it_was_asked_about(
    els_client: Client, marie: Dossier
) -> None:
    form = typed(last_name="Peeters-Claes", first_names="Marie")
    ask(els_client, form)
    form["last_name"] = "Peeters-Janssens"
    assert els_client.post(RECORD, form).status_code == 422


def test_an_office_that_never_saw_the_person_reads_no_name(
    gust: Clerk, marie: Dossier
) -> None:
    form = typed()
    answer = ask(signed_in(gust), form)
    (doubt,) = answer.context["form"].doubts
    assert doubt.needs_supervisor
    page = answer.content.decode()
    assert "Peeters" not in page
    assert "1975" not in str(doubt.sentence)


def test_the_service_takes_no_other_name_by_itself(
    els: Clerk, bart: Clerk, gust: Clerk, sofie: Clerk, marie: Dossier
) -> None:
    ticked = agreed(recording(), els)
    for visit in (
        recording(),
        recording(supervisor=sofie),
        ticked,
        replace(ticked, supervisor=bart),
        replace(ticked, supervisor=gust),
    ):
        with pytest.raises(OtherPersonError):
            record(visit, els)
    assert Dossier.objects.count() == 1
    record(replace(ticked, supervisor=sofie), els)


def test_a_colleague_who_was_faster_is_noticed_between_page_and_post(
    els: Clerk, els_client: Client, bart: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form finds nobody; a colleague records the person; then the form is saved."""

    def after_a_colleague(**kwargs: Any) -> Dossier:
        if not Applicant.objects.exists():
            faster = record(recording(last_name="Peeters", first_names="Marie"), bart)
            make_code(faster, bart)
            Dossier.objects.update(state="lapsed", lapsed_at=timezone.now())
        return record_applicant(**kwargs)

    monkeypatch.setattr(services, "record_applicant", after_a_colleague)
    answer = els_client.post(RECORD, typed())
    assert answer.status_code == 422
    (doubt,) = answer.context["form"].doubts
    assert doubt.needs_supervisor
    assert answer.context["form"]["last_name"].value() == "Claes"
    assert Dossier.objects.count() == 1


def test_what_a_document_shows_is_never_in_a_repr() -> None:
    assert "Peeters" not in repr(DocumentPerson(PersonName("Peeters", "Marie"), BORN))
