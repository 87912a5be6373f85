"""One person has one open dossier, however often the form is sent and from where."""

import datetime
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from counter.models import Applicant, Clerk, Dossier
from tests.cast import MARIE_NUMBER, make_applicant, make_dossier
from tests.counter.dossiers.record_form import URL, ticks, typed
from tests.litany import signed_in
from tests.races import at_once


def test_a_form_corrected_after_going_back_is_not_answered_as_if_it_were_kept(
    els_client: Client,
) -> None:
    form = typed()
    els_client.post(URL, form)
    answer = els_client.post(URL, form | {"email": "put-right@example.org"})
    dossier = Dossier.objects.get()
    assert answer.status_code == 422
    assert answer.context["open_dossier"] == dossier.pk
    assert dossier.email == "peter@example.org"


def test_another_person_in_a_form_gone_back_to_is_no_answer_for_the_first(
    els_client: Client,
) -> None:
    form = typed()
    els_client.post(URL, form)
    other = form | {
        "national_number": MARIE_NUMBER,
        "birth_date": "",
        "sex": "",
        "last_name": "Peeters",
        "first_names": "Marie",
        "email": "marie@example.org",
    }
    other["confirmed"] = ticks(els_client, other)
    answer = els_client.post(URL, other)
    assert answer.status_code == 422
    assert answer.context["refusal"]
    kept = other | {"submission": answer.context["form"]["submission"].value()}
    assert els_client.post(URL, kept).status_code == 303
    assert Dossier.objects.count() == 2


def test_the_same_form_twice_is_one_dossier(els_client: Client) -> None:
    form = typed()
    first = els_client.post(URL, form)
    second = els_client.post(URL, form)
    assert second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert Dossier.objects.count() == 1


def test_a_colleagues_open_dossier_is_shown(
    els_client: Client, bart_client: Client
) -> None:
    els_client.post(URL, typed())
    answer = bart_client.post(URL, typed())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Loket 1" in page
    assert reverse("counter_dossiers:dossier", args=[Dossier.objects.get().pk]) in page


def test_another_offices_open_dossier_is_only_mentioned(
    els: Clerk, gust: Clerk, dossier: Dossier
) -> None:
    answer = signed_in(gust).post(URL, typed())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert str(answer.context["refusal"])
    assert "Loket 1" not in str(answer.context["refusal"])
    assert str(dossier.pk) not in page
    assert "Stadskantoor Leuven" not in page


def test_a_refused_visit_changes_nothing_about_the_person(
    els: Clerk, gust: Clerk, dossier: Dossier
) -> None:
    signed_in(gust).post(URL, typed(last_name="Ander"))
    dossier.applicant.refresh_from_db()
    assert dossier.applicant.last_name == "Janssens"


@pytest.mark.django_db(transaction=True)
def test_two_desks_at_the_same_instant_make_one_dossier(
    els: Clerk, bart: Clerk
) -> None:
    for _round in range(5):
        Dossier.objects.update(
            state="cancelled", cancelled_at=datetime.datetime.now(datetime.UTC)
        )
        clients = [signed_in(els), signed_in(bart)]
        answers = at_once([partial(client.post, URL, typed()) for client in clients])
        assert sorted(answer.status_code for answer in answers) == [303, 422]
        assert Dossier.objects.open().count() == 1
    assert Applicant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_five_presses_of_the_button_make_one_dossier(els: Clerk) -> None:
    form = typed()
    clients = [signed_in(els) for _ in range(5)]
    answers = at_once([partial(client.post, URL, form) for client in clients])
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert Dossier.objects.count() == 1


def test_another_persons_dossier_is_no_hindrance(
    els_client: Client, els: Clerk
) -> None:
    make_dossier(make_applicant(MARIE_NUMBER), els, email="marie@example.org")
    assert els_client.post(URL, typed()).status_code == 303
