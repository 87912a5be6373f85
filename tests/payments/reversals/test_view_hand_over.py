"""Giving money back on the screen: who sees what waits, and who may press what."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.desk.dashboard import problems
from counter.desk.problem import Problem
from counter.models import Clerk, Dossier
from payments.enums import Method, RefundMethod, ReversalState
from payments.models import Payment, Reversal
from payments.reversals.handing_over import leave_to_bank
from payments.reversals.reversing import agree_to_reversal
from tests.cast import PASSWORD
from tests.litany import signed_in
from tests.payments.reversals.test_service_reversing import asked, paid
from tests.states import put

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def payment(dossier: Dossier, els: Clerk) -> Payment:
    return paid(dossier, els, Method.CASH)


def agree(reversal: Reversal, sofie: Clerk) -> Reversal:
    return agree_to_reversal(
        reversal_id=reversal.pk, supervisor=sofie, at=timezone.now()
    )


def on_the_desk(clerk: Clerk) -> list[Problem]:
    return list(problems(clerk, at=timezone.now()))


def page(client: Client, dossier: Dossier) -> str:
    answer = client.get(reverse("counter_dossiers:dossier", args=(dossier.pk,)))
    return " ".join(answer.content.decode().split())


def test_a_supervisor_sees_what_waits_with_receipt_time_and_link(
    payment: Payment, els: Clerk, sofie: Clerk, gust: Clerk, sofie_client: Client
) -> None:
    reversal = asked(payment, els)
    (problem,) = on_the_desk(sofie)
    assert payment.receipt.label in problem.detail
    assert problem.at == reversal.asked_at
    assert problem.url == reverse(
        "payments_reversals:decide_reversal", args=(reversal.pk,)
    )
    assert (
        problem.url in sofie_client.get(reverse("counter_desk:desk")).content.decode()
    )
    assert on_the_desk(gust) == []


def test_the_clerks_desk_goes_from_waiting_to_handing_over_to_done(
    payment: Payment, els: Clerk, bart: Clerk, sofie: Clerk, els_client: Client
) -> None:
    reversal = asked(payment, els)
    assert "not decided yet" in on_the_desk(els)[0].label
    agree(reversal, sofie)
    (problem,) = on_the_desk(els)
    assert (problem.label, problem.tone) == ("hand the cash over", "bad")
    assert "drawer of els" in on_the_desk(sofie)[0].label
    assert on_the_desk(bart) == []
    assert els_client.get(problem.url).status_code == 200
    assert els_client.post(problem.url, {"done": "given"}).status_code == 303
    assert on_the_desk(els)[0].label == "money back: done"
    assert on_the_desk(sofie) == []


def test_the_dossier_says_where_it_stands(
    payment: Payment, dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    hand_over = "Give it back and confirm"
    reversal = asked(payment, els)
    assert "waits for a supervisor" in page(els_client, dossier)
    assert "Withdraw the request" in page(els_client, dossier)
    agree(reversal, sofie)
    assert "out of the open drawer of els" in page(els_client, dossier)
    assert hand_over in page(els_client, dossier)
    address = reverse("payments_reversals:hand_over", args=(reversal.pk,))
    els_client.post(address, {"done": "given"})
    after = page(els_client, dossier)
    assert "was handed over from the drawer of els" in after
    assert hand_over not in after
    assert els_client.get(address).status_code == 303


def test_enter_in_the_password_field_hands_nothing_over(
    payment: Payment, els: Clerk, sofie: Clerk
) -> None:
    """After a pause the password is asked; a browser presses the first button."""
    reversal = agree(asked(payment, els), sofie)
    address = reverse("payments_reversals:hand_over", args=(reversal.pk,))
    client = signed_in(els)
    client.get(address)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        main = client.get(address).text.partition("<main")[2]
        form = main.partition("<form")[2].partition("</form>")[0]
        assert 'type="password"' in form
        first = re.search("<button([^>]*)>", form)
        assert first
        assert "name=" not in first[1]
        assert client.post(address, {"password": PASSWORD}).status_code == 422
    reversal.refresh_from_db()
    assert reversal.state == ReversalState.AGREED


def test_a_card_is_confirmed_with_its_slip_number(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    reversal = agree(asked(paid(dossier, els), els), sofie)
    address = reverse("payments_reversals:hand_over", args=(reversal.pk,))
    for slip in ("", "<<<", "x" * 31):
        answer = els_client.post(address, {"done": "given", "refund_slip": slip})
        assert answer.status_code == 422
        assert answer.context["form"].errors["refund_slip"]
    els_client.post(address, {"done": "given", "refund_slip": "R-17"})
    reversal.refresh_from_db()
    assert (reversal.state, reversal.refund_slip) == (ReversalState.SETTLED, "R-17")
    assert "slip R-17" in page(els_client, dossier)


def test_the_ticket_of_the_payment_is_not_the_refunds(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    payment = paid(dossier, els)
    reversal = agree(asked(payment, els), sofie)
    address = reverse("payments_reversals:hand_over", args=(reversal.pk,))
    typed = {"done": "given", "refund_slip": payment.terminal_slip}
    answer = els_client.post(address, typed)
    assert answer.status_code == 422
    assert "was used today" in answer.context["form"].errors["refund_slip"][0]
    assert payment.terminal_slip in answer.content.decode()


def test_what_cannot_be_handed_over_goes_by_bank(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    """A bank transfer has no slip, whatever was typed as its number."""
    reversal = agree(asked(paid(dossier, els), els), sofie)
    address = reverse("payments_reversals:hand_over", args=(reversal.pk,))
    els_client.post(address, {"done": "bank", "refund_slip": "<<<"})
    reversal.refresh_from_db()
    assert (reversal.refund_method, reversal.refund_slip) == (RefundMethod.TRANSFER, "")
    assert "goes by bank transfer" in page(els_client, dossier)
    assert "goes by bank transfer" in on_the_desk(els)[0].label


def test_who_presses_after_a_colleague_is_told(
    payment: Payment, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    """The money is given back once, and the second person sees that."""
    reversal = agree(asked(payment, els), sofie)
    address = reverse("payments_reversals:hand_over", args=(reversal.pk,))
    leave_to_bank(reversal_id=reversal.pk, clerk=sofie, at=timezone.now())
    answer = els_client.post(address, {"done": "given"}, follow=True)
    assert "Somebody has confirmed this already." in answer.text


def test_a_colleague_is_told_whose_drawer_it_is(
    payment: Payment, els: Clerk, sofie: Clerk, bart_client: Client
) -> None:
    reversal = agree(asked(payment, els), sofie)
    address = reverse("payments_reversals:hand_over", args=(reversal.pk,))
    shown = bart_client.get(address).content.decode()
    assert "drawer of els" in shown
    assert 'name="done"' not in shown
    answer = bart_client.post(address, {"done": "given"}, follow=True)
    assert "colleague&#x27;s drawer" in answer.content.decode()


def test_who_asked_withdraws_on_the_dossier(
    payment: Payment, dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    reversal = asked(payment, els)
    address = reverse("payments_reversals:withdraw_reversal", args=(reversal.pk,))
    assert address in page(els_client, dossier)
    assert "payment stands" in (els_client.post(address, follow=True).content.decode())
    assert "Give the payment back" in page(els_client, dossier)


def test_an_active_key_is_given_back_only_knowingly(
    payment: Payment, dossier: Dossier, els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    reversal = asked(payment, els)
    now = timezone.now()
    put(dossier.codes.all(), state="used", used_at=now)
    Dossier.objects.update(state="activated", activated_at=now)
    address = reverse("payments_reversals:decide_reversal", args=(reversal.pk,))
    answer = sofie_client.post(address, {"decision": "confirm"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["although_active"]
    sofie_client.post(address, {"decision": "confirm", "although_active": "on"})
    reversal.refresh_from_db()
    assert reversal.state == ReversalState.AGREED
