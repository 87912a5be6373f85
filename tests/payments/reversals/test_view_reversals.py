"""Giving money back on the screen: the clerk asks, the supervisor decides."""

from django.test import Client
from django.urls import reverse

from counter.models import Clerk, Dossier
from payments.enums import Method, ReversalState
from payments.models import Reversal
from tests.payments.reversals.test_service_reversing import asked, paid


def test_the_clerk_asks_with_a_reason(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    paid(dossier, els)
    address = reverse("payments_reversals:ask_reversal", args=(dossier.pk,))
    assert els_client.post(address, {}).status_code == 422
    done = els_client.post(address, {"reason": "double_charge"})
    assert done.status_code == 303
    assert Reversal.objects.get().asked_by == els


def test_the_supervisor_finds_it_and_confirms(
    dossier: Dossier, els: Clerk, sofie_client: Client
) -> None:
    reversal = asked(paid(dossier, els, Method.CASH), els)
    address = reverse("payments_reversals:decide_reversal", args=(reversal.pk,))
    assert (
        address
        in sofie_client.get(reverse("payments_reversals:reversals")).content.decode()
    )
    answer = sofie_client.post(address, {"decision": "confirm"}, follow=True)
    assert "drawer" in answer.content.decode()
    reversal.refresh_from_db()
    assert reversal.state == ReversalState.AGREED
    assert "decided already" in sofie_client.get(address).content.decode()


def test_enter_after_the_password_decides_nothing(
    dossier: Dossier, els: Clerk, sofie_client: Client
) -> None:
    """A browser that gets Enter in a field presses the form's first button."""
    reversal = asked(paid(dossier, els, Method.CASH), els)
    address = reverse("payments_reversals:decide_reversal", args=(reversal.pk,))
    page = sofie_client.get(address).content.decode()
    form = page[page.index('<form method="post" class="panel') :]
    assert "name=" not in form[form.index("<button") :].partition(">")[0]
    assert sofie_client.post(address, {}).status_code == 422
    reversal.refresh_from_db()
    assert reversal.state == ReversalState.ASKED


def test_a_clerk_has_no_such_pages(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    reversal = asked(paid(dossier, els), els)
    for address in (
        reverse("payments_reversals:reversals"),
        reverse("payments_reversals:decide_reversal", args=(reversal.pk,)),
    ):
        assert els_client.get(address).status_code == 403


def test_another_office_asks_nothing(
    dossier: Dossier, els: Clerk, gust_client: Client
) -> None:
    paid(dossier, els)
    address = reverse("payments_reversals:ask_reversal", args=(dossier.pk,))
    assert gust_client.get(address).status_code == 404
