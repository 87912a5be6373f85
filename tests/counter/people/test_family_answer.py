"""The answers yes and no to the question about family, and who must agree to a yes."""

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, KinshipAnswer
from tests import cast
from tests.counter.people.namesakes import (
    bart,
    els,
    family_answers,
    peter,
    question,
    renamed,
    yes,
)
from tests.litany import signed_in

__all__ = ["bart", "els", "peter"]


def test_no_is_asked_once_and_in_the_journal(dossier: Dossier, els: Clerk) -> None:
    client = signed_in(els)
    pay = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    first = client.get(pay)
    assert client.get(first["Location"]).status_code == 200
    answer = client.post(first["Location"], {"is_family": "no", "next": pay})
    assert answer["Location"] == pay
    assert client.get(pay).status_code == 200
    assert family_answers() == [Event.NO_FAMILY]
    assert client.get(question(dossier)).status_code == 303


def test_nothing_chosen_is_no_answer(dossier: Dossier, els: Clerk) -> None:
    answer = signed_in(els).post(question(dossier), {})
    assert answer.status_code == 422
    assert not KinshipAnswer.objects.exists()


def test_yes_takes_a_colleague(dossier: Dossier, els: Clerk, bart: Clerk) -> None:
    client = signed_in(els)
    assert client.post(question(dossier), yes()).status_code == 303
    row = KinshipAnswer.objects.get()
    assert (row.clerk, row.colleague, row.is_family) == (els, bart, True)
    entry = JournalEntry.objects.get(event=Event.FAMILY_WITH_COLLEAGUE)
    assert (entry.clerk, entry.details) == (els, {"who": "Bart Maes"})
    pay = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    assert client.get(pay).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        {"password": "wrong"},
        {"name": "els"},
        {"name": "gust"},
        {"name": "nobody"},
        {"name": ""},
        {"password": ""},
    ],
)
def test_yes_without_a_colleague_is_no_answer(
    dossier: Dossier, els: Clerk, bart: Clerk, gust: Clerk, typed: dict[str, str]
) -> None:
    answer = signed_in(els).post(question(dossier), yes(**typed))
    assert answer.status_code == 422
    assert not KinshipAnswer.objects.exists()


def test_a_colleague_of_that_name_or_gone_will_not_do(
    dossier: Dossier, els: Clerk, bart: Clerk
) -> None:
    renamed(bart, "Bart", "Maris")
    assert signed_in(els).post(question(dossier), yes()).status_code == 422
    renamed(bart, "Bart", "Maes")
    Clerk.objects.filter(pk=bart.pk).update(is_active=False)
    assert signed_in(els).post(question(dossier), yes()).status_code == 422
    assert not KinshipAnswer.objects.exists()


@pytest.mark.usefixtures("digits_asked")
def test_yes_takes_the_digits_of_the_colleagues_app(
    dossier: Dossier, els: Clerk, bart: Clerk
) -> None:
    answer = signed_in(els).post(question(dossier), yes())
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"colleague_digits"}


def test_onward_leads_nowhere_else(dossier: Dossier, els: Clerk) -> None:
    form = {"is_family": "no", "next": "https://example.org/"}
    answer = signed_in(els).post(question(dossier), form)
    assert answer["Location"] == reverse("counter_dossiers:dossier", args=[dossier.pk])


def test_an_answer_is_for_one_clerk_and_one_dossier(
    dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    renamed(sofie, "Sofie", "Claes")
    signed_in(els).post(question(dossier), {"is_family": "no"})
    waive = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    assert signed_in(sofie).get(waive)["Location"].startswith(question(dossier))
    Dossier.objects.update(state="cancelled", cancelled_at=timezone.now())
    again = cast.make_dossier(dossier.applicant, els)
    pay = reverse("activation_desk:pay_and_issue", args=[again.pk])
    assert signed_in(els).get(pay)["Location"].startswith(question(again))


def test_an_answer_cannot_be_changed(dossier: Dossier, els: Clerk) -> None:
    signed_in(els).post(question(dossier), {"is_family": "no"})
    with pytest.raises(DatabaseError), transaction.atomic():
        KinshipAnswer.objects.update(at=timezone.now() + datetime.timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        KinshipAnswer.objects.all().delete()
