"""A list of money that waits begins with what is next, and says when it is not all."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.desk import pages
from counter.models import Clerk
from payments.closing import views as closing
from payments.enums import Method
from payments.models import DrawerSession, Reversal
from payments.reversals import waiting
from payments.reversals.reversing import agree_to_reversal
from payments.reversals.views import reversals as lists
from tests.litany import signed_in
from tests.payments.counting import closed
from tests.payments.people import dossiers
from tests.payments.reversals.test_service_reversing import asked, paid

pytestmark = pytest.mark.usefixtures("english")

DESK = reverse("counter_desk:desk")
REVERSALS = reverse("payments_reversals:reversals")


def asked_by(
    clerk: Clerk, asks: Clerk, *, first: int, count: int = 1
) -> list[Reversal]:
    """So many payments that `clerk` took and `asks` wants given back."""
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
    context = signed_in(sofie).get(REVERSALS).context
    for name in ("reversals", "agreed"):
        assert (len(context[name]), context[name].more) == (most, most == 1)


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
    waits = page.context["to_approve"]
    assert (len(waits), waits.more) == (most, most == 1)


@pytest.mark.parametrize("most", [1, 2])
def test_the_desk_says_that_there_are_more(
    els: Clerk, els_client: Client, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_by(els, els, first=1, count=2)
    monkeypatch.setattr(pages, "MOST_SHOWN", most)
    waits = els_client.get(DESK).context["problems"]
    assert (len(waits), waits.more) == (most, most == 1)


def test_it_is_said_only_then() -> None:
    said, unsaid = (
        render_to_string("components/more.html", {"more": more})
        for more in (True, False)
    )
    assert "<p" in said
    assert not unsaid.strip()
