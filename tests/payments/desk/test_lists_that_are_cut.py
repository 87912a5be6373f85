"""Lists of money to handle begin with what is next, and say when there is more."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.desk import pages
from counter.models import Clerk, Office
from payments.closing import day
from payments.closing import views as closing
from payments.drawers.drawers import approve_drawer
from payments.enums import Method
from payments.models import DrawerSession, Reversal
from payments.reversals import waiting
from payments.reversals.reversing import agree_to_reversal
from payments.reversals.views import reversals as lists
from payments.taking.taking import take_payment
from tests.litany import signed_in
from tests.payments.counting import closed
from tests.payments.people import dossiers
from tests.payments.reversals.test_service_reversing import asked, paid

pytestmark = pytest.mark.usefixtures("english")

DESK = reverse("counter_desk:desk")
REVERSALS = reverse("payments_reversals:reversals")
THERE_ARE_MORE = "There are more: they stand here once these are done."


def asked_by(
    clerk: Clerk, asks: Clerk, *, first: int, count: int = 1
) -> list[Reversal]:
    """Reversals of `count` payments that `clerk` took, asked for by `asks`."""
    people = dossiers(clerk, count, first=first)
    return [asked(paid(dossier, clerk, Method.CASH), asks) for dossier in people]


def test_what_a_supervisor_decides_is_not_hidden_by_what_she_asked(
    els: Clerk, sofie: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_by(els, sofie, first=1, count=2)
    (to_decide,) = asked_by(els, els, first=10)
    monkeypatch.setattr(waiting, "MOST_OF_A_KIND", 2)
    shown = list(waiting.reversals(sofie, timezone.now()))
    assert [line.tone for line in shown] == ["bad", "info"]
    assert shown[0].dossier == to_decide.payment.dossier


def test_what_a_clerk_hands_over_is_not_hidden_by_what_is_not_decided(
    els: Clerk, sofie: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_by(els, els, first=1, count=2)
    (mine,) = asked_by(els, els, first=10)
    agree_to_reversal(reversal_id=mine.pk, supervisor=sofie, at=timezone.now())
    monkeypatch.setattr(waiting, "MOST_OF_A_KIND", 2)
    shown = list(waiting.reversals(els, timezone.now()))
    assert [line.tone for line in shown] == ["bad", "info"]
    assert shown[0].dossier == mine.payment.dossier


@pytest.mark.parametrize("most", [1, 2])
def test_the_page_of_reversals_says_that_there_are_more(
    els: Clerk, sofie: Clerk, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for reversal in asked_by(els, els, first=1, count=2):
        agree_to_reversal(reversal_id=reversal.pk, supervisor=sofie, at=timezone.now())
    asked_by(els, els, first=10, count=2)
    monkeypatch.setattr(lists, "_MOST", most)
    page = signed_in(sofie).get(REVERSALS)
    for name in ("reversals", "agreed"):
        assert len(page.context[name]) == most
    assert page.content.decode().count(THERE_ARE_MORE) == (2 if most == 1 else 0)


@pytest.mark.parametrize("most", [1, 2])
def test_the_close_says_that_there_are_more(
    els: Clerk,
    bart: Clerk,
    sofie_client: Client,
    most: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for clerk in (els, bart):
        closed(DrawerSession.objects.get(clerk=clerk))
    monkeypatch.setattr(closing, "_MOST", most)
    today = timezone.localdate().isoformat()
    page = sofie_client.get(reverse("payments_closing:day", args=[today]))
    assert len(page.context["to_approve"]) == most
    assert page.content.decode().count(THERE_ARE_MORE) == (1 if most == 1 else 0)


@pytest.mark.parametrize("most", [1, 2])
def test_the_close_says_that_there_is_more_to_export_and_to_pay_back(
    els: Clerk,
    bart: Clerk,
    sofie: Clerk,
    sofie_client: Client,
    most: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked_for = [*asked_by(els, els, first=1), *asked_by(bart, bart, first=10)]
    for clerk in (els, bart):
        closed(drawer := DrawerSession.objects.get(clerk=clerk))
        approve_drawer(
            drawer=drawer,
            supervisor=sofie,
            count=1,
            sealed_bag=clerk.username,
            at=timezone.now(),
        )
    for reversal in asked_for:
        agree_to_reversal(reversal_id=reversal.pk, supervisor=sofie, at=timezone.now())
    monkeypatch.setattr(closing, "_MOST", most)
    today = timezone.localdate().isoformat()
    page = sofie_client.get(reverse("payments_closing:day", args=[today]))
    assert [len(page.context[name]) for name in ("to_export", "to_pay_back")] == [
        most,
        most,
    ]
    assert page.content.decode().count(THERE_ARE_MORE) == (2 if most == 1 else 0)


@pytest.mark.parametrize("most", [1, 2])
def test_the_close_says_that_more_paid_dossiers_have_no_code(
    els: Clerk, office: Office, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test calls `take_payment` alone: services always issue a code too."""
    for dossier in dossiers(els, 2):
        take_payment(
            dossier=dossier,
            clerk=els,
            method=Method.CASH,
            tendered=Decimal(20),
            terminal_slip="",
            submission=uuid.uuid4(),
            at=timezone.now(),
        )
    monkeypatch.setattr(day, "_MOST_STUCK", most)
    lines = day.close_of_day(office=office, date=timezone.localdate()).exceptions
    assert len([line for line in lines if "was paid and has no code" in line]) == most
    assert ("Other dossiers were paid and have no code either." in lines) == (most == 1)


@pytest.mark.parametrize("most", [1, 2])
def test_the_desk_says_that_there_are_more(
    els: Clerk, els_client: Client, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_by(els, els, first=1, count=2)
    monkeypatch.setattr(pages, "MOST_SHOWN", most)
    page = els_client.get(DESK)
    assert len(page.context["problems"]) == most
    assert (THERE_ARE_MORE in page.content.decode()) == (most == 1)
