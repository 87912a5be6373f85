"""The export has all that is kept about a person, and no secrets."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from config.translations import LOCALE
from counter.journal.events import Event
from counter.models import Applicant, Clerk, JournalEntry
from counter.rights import exporting
from counter.rights.sections import LeftOut, sealed_attributes
from tests.counter.retention.person import TRACES, Whole, house_models
from tests.litany import signed_in
from tests.sensitivity import COLUMNS, Sensitivity, sensitivity_of

#: Its entries are shown as sentences, and not row by row.
JOURNAL = "counter.JournalEntry"
#: Found by an address, a number or a user name: no relation leads to a person.
BY_VALUE = {"counter.Enquiry", "activation.SignInCount", "activation.WrongPassword"}
OF_STAFF = {"counter.CityIdentity", "counter.SecondFactor", "counter.Passkey"}
#: A visit that was not recorded: encrypted as a whole, with no name in the clear, and
#: deleted after eight hours.
DRAFT = "counter.Draft"
#: Over at most so many relations a row leads to a person.
FARTHEST = 4


def leads_to_a_person(model: type[models.Model], steps: int = FARTHEST) -> bool:
    """Whether a row of the model leads to a person, over at most `steps` relations."""
    if model is Applicant:
        return True
    if not steps:
        return False
    fields = model._meta.concrete_fields
    related = (f.related_model for f in fields if isinstance(f, models.ForeignKey))
    return any(
        isinstance(other, type)
        and other is not model
        and leads_to_a_person(other, steps - 1)
        for other in related
    )


def about_people() -> Iterator[type[models.Model]]:
    for model in house_models():
        if leads_to_a_person(model) and model._meta.label != JOURNAL:
            yield model


def data_page(person: Applicant) -> str:
    return reverse("admin:counter_applicant_export_data", args=[person.pk])


def asked(person: Applicant, by: Clerk, **typed: str) -> HttpResponse:
    form = {"reason": "asked", "language": "nl", "form": "json"} | typed
    answer: object = signed_in(by).post(data_page(person), form)
    assert isinstance(answer, HttpResponse)
    return answer


def document(person: Applicant, by: Clerk, **typed: str) -> dict[str, Any]:
    exported: dict[str, Any] = json.loads(asked(person, by, **typed).content)
    return exported


# A new model or field is not forgotten


def test_every_model_that_leads_to_a_person_is_in_the_export() -> None:
    brought = {section.model for section in exporting.sections()}
    assert {model._meta.label for model in about_people()} == brought - BY_VALUE


def test_every_model_that_says_something_of_a_person_is_in_the_export() -> None:
    """Also where no relation leads from it to a person."""
    brought = {section.model for section in exporting.sections()}
    levels = {Sensitivity.PERSONAL, Sensitivity.SEALED}
    personal = {model for model in COLUMNS if levels & set(COLUMNS[model])}
    assert personal - brought == OF_STAFF | {DRAFT}


def test_every_field_is_in_the_export_or_says_why_not(
    peter: Whole, sofie: Clerk
) -> None:
    data = {part["model"]: part for part in document(peter.person, sofie)["data"]}
    for section in exporting.sections():
        model = section.model_class
        names = {field.name for field in model._meta.concrete_fields}
        assert set(section.left_out) <= names, section.model
        rows = data[section.model]["rows"]
        if rows:
            sealed = sealed_attributes(model)
            shown = {sealed.get(name, name) for name in names - set(section.left_out)}
            assert set(rows[0]) == shown


def test_nothing_that_says_something_of_a_person_is_left_out() -> None:
    for section in exporting.sections():
        for name, level in sensitivity_of(section.model).items():
            why = section.left_out.get(name)
            if level is Sensitivity.PERSONAL:
                assert why is None, (section.model, name)
            if level is Sensitivity.SEALED:
                assert why in {None, LeftOut.SECRET}, (section.model, name)


def test_nothing_that_opens_a_door_is_in_it() -> None:
    for section in exporting.sections():
        for name, level in sensitivity_of(section.model).items():
            if level in {Sensitivity.SECRET, Sensitivity.INDEX}:
                assert name in section.left_out, (section.model, name)


def test_every_value_that_is_kept_is_in_the_file(peter: Whole, sofie: Clerk) -> None:
    text = asked(peter.person, sofie).content.decode()
    assert [value for value in TRACES if value not in text] == []
    assert peter.holder.password not in text
    assert peter.person.pk.hex[:8] in text


# Consultations, purposes, language


def test_who_looked_is_listed_and_no_colleague_is_named(
    peter: Whole, els: Clerk, sofie: Clerk
) -> None:
    signed_in(els).post(
        reverse("counter_dossiers:reveal_number", args=[peter.dossier.pk]),
        {"reason": "question"},
    )
    els.first_name, els.last_name = "Elsje", "Vandervelde"
    els.save()
    made = document(peter.person, sofie)
    looks = [look["sentence"] for look in made["consultations"]]
    assert any("rijksregister- of bisnummer getoond" in sentence for sentence in looks)
    assert any("geopend" in sentence for sentence in looks)
    assert any("samen" in sentence for sentence in looks)  # making this file
    assert "Vandervelde" not in json.dumps(made)
    assert "els" not in {word for sentence in looks for word in sentence.split()}


def test_it_says_what_for_to_whom_and_how_long(peter: Whole, sofie: Clerk) -> None:
    about = document(peter.person, sofie)["about"]
    assert "BOSA" in str(about["recipients"])
    assert about["purpose"]
    assert about["ground"]
    kept = {line["data"]: line["period"] for line in about["kept_for"]}
    assert kept["e-mailadres dat aan het loket gegeven is"] == "30 dagen"
    stays = {line["period"] for line in about["stays"]}
    assert {"minstens 10 jaar", "minstens 11 jaar"} <= stays
    assert "nog 35 dagen in versleutelde" in about["in_backups"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Je bezoeken", "Een medewerker", "geboortedatum")),
        ("fr", ("Vos visites", "Un membre du personnel", "date de naissance")),
        ("de", ("Ihre Besuche", "Ein Mitarbeiter", "Geburtsdatum")),
        ("en", ("Your visits", "A member of staff", "birth date")),
    ],
)
def test_it_is_in_the_language_of_the_person(
    peter: Whole, sofie: Clerk, language: str, words: tuple[str, ...]
) -> None:
    text = asked(peter.person, sofie, language=language).content.decode()
    assert [word for word in words if word not in text] == []


#: Words that are the same in two of the languages.
SAME = {
    "nummer",
    "document",
    "code",
    "dossier",
    "name",
    "private e-mail",
    "browser",
    "status",
    "e-mail",
    "page",
    "text",
    "question",
}


@pytest.mark.parametrize("language", ["fr", "de"])
def test_no_label_is_left_in_another_language(
    peter: Whole, sofie: Clerk, language: str
) -> None:
    """A label without a translation would be read in Dutch."""
    translated_file = document(peter.person, sofie, language=language)
    for known in ("en", "nl"):
        one = document(peter.person, sofie, language=known)
        for part, other in zip(one["data"], translated_file["data"], strict=True):
            assert part["title"] != other["title"]
            for row, translated in zip(part["rows"], other["rows"], strict=True):
                for name in row:
                    label = translated[name]["label"].lower()
                    assert label != row[name]["label"].lower() or label in SAME, name
        sentences = {act["sentence"] for act in one["journal"] + one["consultations"]}
        assert not sentences & {act["sentence"] for act in translated_file["journal"]}
        assert translated_file["about"]["purpose"] != one["about"]["purpose"]


#: How events of the office and its staff begin; no person's file has them.
OF_THE_HOUSE = (
    *("account", "batch", "city_", "desk_", "drawer", "invitation", "passkey"),
    *("password", "people_listed", "person_re", "row_", "screen", "second_factor"),
    *("session_", "sign", "takings", "terminal"),
)


@pytest.mark.parametrize("language", ["fr", "de"])
def test_every_word_that_a_file_may_have_is_translated(language: str) -> None:
    """Also of choices and events that do not occur in other tests."""
    with translation.override(None):
        words = set()
        for section in exporting.sections():
            for shown in section.shown_fields:
                words.add(section.label(shown))
                words |= {str(label) for _value, label in shown.flatchoices or ()}
        words |= {
            str(event.label)
            for event in Event
            if not event.value.startswith(OF_THE_HOUSE)
        }
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as text:
        known = {message.id for message in read_po(text) if message.string}
    assert words - known == set()


def test_the_usual_language_is_that_of_the_last_visit(
    peter: Whole, sofie: Clerk
) -> None:
    assert exporting.language_of(peter.person) == peter.dossier.language
    page = signed_in(sofie).get(data_page(peter.person)).content.decode()
    assert '<option value="fr" selected>' in page


# Who may make the export, and what it leaves behind


def test_the_journal_says_who_made_it_and_why(peter: Whole, sofie: Clerk) -> None:
    asked(peter.person, sofie, reason="authority")
    entry = JournalEntry.objects.get(event=Event.DATA_EXPORTED)
    assert entry.clerk == sofie
    assert entry.details == {"reason": "authority"}
    assert entry.subject.endswith(str(peter.person.pk))


def test_without_a_reason_there_is_none(peter: Whole, sofie: Clerk) -> None:
    response = asked(peter.person, sofie, reason="")
    assert "attachment" not in response.headers.get("Content-Disposition", "")
    assert not JournalEntry.objects.filter(event=Event.DATA_EXPORTED).exists()


def test_only_supervisors_of_an_office_that_knows_the_person(
    peter: Whole, els: Clerk, gust: Clerk
) -> None:
    gust.role, gust.is_staff = "supervisor", True
    gust.save()
    assert asked(peter.person, els).status_code in {302, 403}
    assert asked(peter.person, gust).status_code in {302, 404}
    assert Client().get(data_page(peter.person)).status_code == 302
    assert not JournalEntry.objects.filter(event=Event.DATA_EXPORTED).exists()


def test_of_oneself_a_colleague_makes_it(peter: Whole, sofie: Clerk) -> None:
    sofie.first_name, sofie.last_name = "Pietertje", "Zonnebloemen"
    sofie.save()
    response = asked(peter.person, sofie)
    assert response.status_code == 303
    assert not JournalEntry.objects.filter(event=Event.DATA_EXPORTED).exists()
