"""The desk: one field to start from, own visits, what needs attention."""

import datetime
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.enums import DeliveryState
from payments.enums import Method
from payments.models import Receipt
from payments.taking.taking import take_payment
from tests.cast import (
    LEILA_NUMBER,
    MARIE_NUMBER,
    make_applicant,
    make_code,
    make_dossier,
)
from tests.counter.journal.test_looking import looks
from tests.litany import assert_for_clerks_only, signed_in

URL = reverse("counter_desk:desk")
SEARCH = reverse("counter_desk:find_dossier")


@pytest.fixture
def marie(els: Clerk) -> Dossier:
    person = make_applicant(
        MARIE_NUMBER,
        first_names="Marie-Hélène",
        last_name="Van den Ælst Peréz",
        birth_date=datetime.date(1975, 6, 8),
    )
    return make_dossier(person, els, email="Marie.Peeters@example.org")


def test_only_for_clerks() -> None:
    assert_for_clerks_only(URL)
    assert_for_clerks_only(SEARCH, method="post")


def test_the_supervisor_has_a_desk_too(sofie: Clerk) -> None:
    assert signed_in(sofie).get(URL).status_code == 200


def test_it_shows_my_visits_of_today(
    els: Clerk, bart: Clerk, gust: Clerk, dossier: Dossier
) -> None:
    link = reverse("counter_dossiers:dossier", args=[dossier.pk])
    shown = {
        clerk.username: link in signed_in(clerk).get(URL).content.decode()
        for clerk in (els, bart, gust)
    }
    assert shown == {"els": True, "bart": False, "gust": False}


def test_tomorrow_begins_at_midnight_in_brussels(els: Clerk) -> None:
    with time_machine.travel("2026-11-24T22:50:00Z", tick=False) as clock:
        made = make_dossier(make_applicant(), els)
        link = reverse("counter_dossiers:dossier", args=[made.pk])
        client = signed_in(els)
        assert link in client.get(URL).content.decode()
        clock.shift(datetime.timedelta(minutes=11))
        assert link not in client.get(URL).content.decode()


def test_a_refused_mail_is_a_problem_of_the_whole_office(
    els: Clerk, bart: Clerk, gust: Clerk, dossier: Dossier
) -> None:
    make_code(dossier, els)
    refused = dossier.deliveries.create(
        kind="activation_link",
        channel="mail",
        subject=dossier.pk,
        created_at=timezone.now(),
        not_before=timezone.now(),
        state=DeliveryState.REFUSED,
        refused_at=timezone.now(),
        answer="550 mailbox unknown",
    )
    (problem,) = signed_in(bart).get(URL).context["problems"]
    assert problem.dossier == refused.dossier
    assert not signed_in(gust).get(URL).context["problems"]


@pytest.mark.parametrize(
    "words",
    [
        "van den aelst perez",
        "PERÉZ",
        "helene",
        "marie perez",
        "ere",
        " Marie  Hél ",
        "marie.peeters@EXAMPLE.org",
    ],
)
def test_a_name_or_an_address_opens_the_dossier(
    els_client: Client, marie: Dossier, dossier: Dossier, words: str
) -> None:
    answer = els_client.post(SEARCH, {"q": words})
    assert answer.status_code == 303
    assert answer.headers["Location"] == reverse(
        "counter_dossiers:dossier", args=[marie.pk]
    )


def test_a_reference_opens_the_dossier(
    els_client: Client, marie: Dossier, dossier: Dossier
) -> None:
    answer = els_client.post(SEARCH, {"q": dossier.reference.lower()})
    assert answer.headers["Location"] == reverse(
        "counter_dossiers:dossier", args=[dossier.pk]
    )


@pytest.mark.parametrize(
    "spelling",
    [
        "85073003328",
        "85.07.30-033.28",
        " 85 07 30 033 28 ",
        "85/07/30-033-28",
        "85,07,30,033,28",
        "85\u202f07\u202f30\u2212033\u00b728",
        "\u200e85\u0660\u0667\u0663\u066003328",
    ],
)
def test_a_number_in_any_spelling_opens_the_dossier(
    els_client: Client, els: Clerk, dossier: Dossier, spelling: str
) -> None:
    answer = els_client.post(SEARCH, {"q": spelling})
    assert answer.headers["Location"] == reverse(
        "counter_dossiers:dossier", args=[dossier.pk]
    )
    entry = JournalEntry.objects.get(event=Event.NUMBER_LOOKED_UP)
    assert (entry.clerk, entry.dossier) == (els, dossier)


def test_a_receipt_opens_the_dossier_it_was_given_for(
    els_client: Client, gust: Clerk, els: Clerk, dossier: Dossier
) -> None:
    payment = take_payment(
        dossier=dossier,
        clerk=els,
        method=Method.CASH,
        tendered=Decimal(20),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )
    receipt = Receipt.objects.get(payment=payment)
    link = reverse("counter_dossiers:dossier", args=[dossier.pk])
    between = (" / ", "-", "\u2013", ",", ":", "\u2011", " ", "\u200b-\u200b", "\u00b7")
    short = [f"{receipt.year}{separator}{receipt.number}" for separator in between]
    for typed in (receipt.label, *short):
        answer = els_client.post(SEARCH, {"q": typed})
        assert answer.headers["Location"] == link
    assert signed_in(gust).post(SEARCH, {"q": receipt.label}).status_code == 200
    assert els_client.post(SEARCH, {"q": "2020-000001"}).status_code == 200


def test_a_number_nobody_came_with_begins_a_visit(els_client: Client) -> None:
    answer = els_client.post(SEARCH, {"q": LEILA_NUMBER})
    assert answer.status_code == 200
    assert answer.context["unknown"]
    assert answer.context["form"]["national_number"].value() == LEILA_NUMBER
    assert JournalEntry.objects.filter(event=Event.NUMBER_LOOKED_UP).count() == 1


def test_who_came_before_can_begin_again(els_client: Client, dossier: Dossier) -> None:
    Dossier.objects.update(state="cancelled", cancelled_at=timezone.now())
    answer = els_client.post(SEARCH, {"q": "85073003328"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert reverse("counter_dossiers:dossier", args=[dossier.pk]) in page
    assert 'name="start"' in page


def test_a_wrong_number_says_what_is_wrong_and_is_no_search(
    els_client: Client, dossier: Dossier
) -> None:
    answer = els_client.post(SEARCH, {"q": "85.07.30-033.29"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["q"]
    assert "85.07.30-033.29</textarea>" in answer.content.decode()
    assert not JournalEntry.objects.filter(event=Event.NUMBER_LOOKED_UP).exists()


@pytest.mark.parametrize(
    "words", ["janssens", "peter@example.org", "85073003328", "REFERENCE"]
)
def test_another_offices_dossier_is_not_found(
    gust: Clerk, dossier: Dossier, words: str
) -> None:
    words = dossier.reference if words == "REFERENCE" else words
    answer = signed_in(gust).post(SEARCH, {"q": words})
    assert answer.status_code == 200
    assert str(dossier.pk) not in answer.content.decode()


def test_searching_leaves_nothing_in_the_address_bar(els_client: Client) -> None:
    answer = els_client.get(SEARCH, {"q": "85073003328"})
    assert answer.headers["Location"] == URL
    assert not JournalEntry.objects.filter(event=Event.NUMBER_LOOKED_UP).exists()


def test_a_search_that_shows_a_list_is_a_look_and_keeps_no_name(
    els_client: Client, els: Clerk, dossier: Dossier
) -> None:
    namesake = make_applicant(MARIE_NUMBER, last_name=dossier.last_name)
    make_dossier(namesake, els)
    els_client.post(SEARCH, {"q": dossier.last_name})
    assert looks(els) == [(Event.PEOPLE_LISTED, "", "counter.dossier", 2)]
    entry = JournalEntry.objects.get(event=Event.PEOPLE_LISTED)
    assert entry.office == els.office
    assert dossier.last_name not in str(entry.details)


def test_one_name_that_is_only_similar_is_a_look_at_that_person(
    els_client: Client, els: Clerk, marie: Dossier
) -> None:
    answer = els_client.post(SEARCH, {"q": "Marie-Helene van den Aelst Perezz"})
    assert answer.context["result"].guessed
    assert looks(els) == [(Event.DOSSIER_OPENED, marie.reference, None, None)]


def test_a_search_that_finds_nobody_is_no_look(els_client: Client, els: Clerk) -> None:
    els_client.post(SEARCH, {"q": "niemand"})
    assert looks(els) == []


def test_many_are_cut_off_and_it_says_so(els_client: Client, els: Clerk) -> None:
    person = make_applicant()
    for _ in range(27):
        made = make_dossier(person, els)
        Dossier.objects.filter(pk=made.pk).update(
            state="cancelled", cancelled_at=timezone.now()
        )
    result = els_client.post(SEARCH, {"q": "janssens"}).context["result"]
    assert (len(result.dossiers), result.more) == (25, True)
