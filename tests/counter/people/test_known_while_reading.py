"""When a number is read or scanned, the page says under which name it is known."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, JournalEntry
from tests.cast import MARIE_NUMBER, make_applicant, make_dossier
from tests.counter.people.known import (
    BORN,
    READING,
    RECORD,
    SEARCH,
    marie_with_a_key,
    typed,
)
from tests.counter.scans.zones import td1
from tests.litany import signed_in


@pytest.fixture
def marie(els: Clerk) -> Dossier:
    return marie_with_a_key(els)


# Reading the number


def test_reading_the_number_says_who_it_is_known_as(
    els_client: Client, marie: Dossier
) -> None:
    page = els_client.post(READING, {"national_number": MARIE_NUMBER}).content.decode()
    assert "Marie Peeters" in page
    assert "active until" in page
    page = els_client.post(READING, typed()).content.decode()
    assert "reading-bad" in page


def test_who_looked_is_written_once_not_at_every_key(
    els: Clerk, els_client: Client, bart_client: Client, marie: Dossier
) -> None:
    looked = JournalEntry.objects.filter(event=Event.NUMBER_LOOKED_UP)
    now = timezone.now()
    for _key in range(3):
        els_client.post(READING, {"national_number": MARIE_NUMBER})
    entry = looked.get()
    assert (entry.clerk, entry.dossier) == (els, marie)
    bart_client.post(READING, {"national_number": MARIE_NUMBER})
    assert looked.count() == 2
    with time_machine.travel(now + datetime.timedelta(minutes=16)):
        signed_in(els).post(READING, {"national_number": MARIE_NUMBER})
    assert looked.count() == 3


def test_another_office_reads_only_that_the_name_is_another(
    gust: Clerk, marie: Dossier
) -> None:
    client = signed_in(gust)
    number = {"national_number": MARIE_NUMBER}
    looked = JournalEntry.objects.filter(event=Event.NUMBER_LOOKED_UP)
    same = number | {"last_name": "Peeters", "first_names": "Marie"}
    for fields in (number, same):
        page = client.post(READING, fields).content.decode()
        assert "another office" not in page
        assert not looked.exists()
    page = client.post(READING, typed()).content.decode()
    assert "another office" in page
    assert "Peeters" not in page
    assert looked.get().clerk == gust


# Scanning


def card(name: str) -> str:
    """A generated Belgian card with Marie's number."""
    return td1(
        birth="750608", expiry="340106", sex="F", optional=MARIE_NUMBER, name=name
    )


def scan(client: Client, text: str) -> Any:  # noqa: ANN401
    return client.post(SEARCH, {"q": text.replace("\n", "\r\n")})


def test_a_scan_under_another_name_says_so_first(
    els_client: Client, marie: Dossier
) -> None:
    answer = scan(els_client, card("CLAES<<LEILA"))
    page = answer.content.decode()
    (doubt,) = answer.context["known"].doubts
    assert doubt.needs_supervisor
    assert "Marie Peeters" in page
    assert "Leila Claes" in page
    assert 'id="id_last_name"' not in page


def test_it_says_so_before_an_open_dossier_opens(
    els_client: Client, els: Clerk
) -> None:
    person = make_applicant(
        MARIE_NUMBER, first_names="Marie", last_name="Peeters", birth_date=BORN
    )
    opened = make_dossier(person, els)
    answer = scan(els_client, card("CLAES<<LEILA"))
    assert answer.status_code == 200
    assert answer.context["known"].open_dossier == opened
    # A document reader sends Enter at the end, which must not press a button.
    assert 'data-hotkey="g" autofocus' not in answer.content.decode()
    assert scan(els_client, card("PEETERS<<MARIE<LOUISE")).status_code == 303


def test_a_scan_known_elsewhere_under_another_name_fills_nothing_in(
    gust: Clerk, marie: Dossier
) -> None:
    client = signed_in(gust)
    answer = scan(client, card("CLAES<<LEILA"))
    page = answer.content.decode()
    assert "another office" in page
    assert "Peeters" not in page
    assert 'id="id_last_name"' not in page
    visit = answer.context["elsewhere"].scan.visit
    form = client.post(RECORD, {"start": "1", **visit}).context["form"]
    assert form["last_name"].value() == "Claes"
    begun = scan(client, card("PEETERS<<MARIE")).context["form"]
    assert begun["last_name"].value() == "Peeters"


@pytest.mark.parametrize(
    ("last_name", "first_names", "zone"),
    [
        ("Müller", "Jürgen", "MUELLER<<JUERGEN"),
        ("Łukasz-Đorđević", "Işık", "LUKASZ<DORDEVIC<<ISIK"),
        ("Þórðardóttir", "Guðrún", "THORDARDOTTIR<<GUDRUN"),
        ("Van der Straeten-Ponthoz", "Marie-Hélène", "VAN<DER<STRAETEN<PONTHOZ<<MARI"),
        ("Van der Straeten-Ponthoz", "Marié Anne", "VAN<DER<STRAETEN<PONTHOZ<<MA<A"),
    ],
)
def test_a_scan_leaves_the_recorded_spelling(
    els_client: Client, marie: Dossier, last_name: str, first_names: str, zone: str
) -> None:
    Applicant.objects.update(last_name=last_name, first_names=first_names)
    known = scan(els_client, card(zone)).context["known"]
    assert known.doubts == []
    form = els_client.post(RECORD, {"start": "1", **known.visit}).context["form"]
    assert form["last_name"].value() == last_name
    assert form["first_names"].value() == first_names
    assert "last_name" not in form.from_scan
