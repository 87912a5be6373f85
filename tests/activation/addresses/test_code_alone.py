"""No clerk alone gets both the link and the paper of a person who has left."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.addresses.same_visit import AddressNotAgreedError, SupervisorNeededError
from activation.codes.reissuing import reissue_code
from activation.enums import ReissueReason
from activation.models import ActivationCode, AddressChange
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from payments.models import Payment
from tests import cast
from tests.activation.addresses.changing import (
    AGREES,
    MINUTE,
    NEW,
    address_of,
    an_hour_ago,
    changed,
    code,
    form,
    page,
    pay,
)
from tests.litany import signed_in

__all__ = ["code"]


def lost_sheet_form(code: ActivationCode, **typed: str) -> dict[str, str]:
    asked = {"code_id": str(code.pk), "reason": ReissueReason.SHEET_LOST.value}
    return asked | {"document_seen": "on"} | typed


def _reissued_alone(dossier: Dossier, clerk: Clerk, code: ActivationCode) -> None:
    reissue_code(
        dossier=dossier,
        clerk=clerk,
        reason=ReissueReason.SHEET_LOST,
        code_id=code.pk,
        document_seen=True,
        at=timezone.now(),
    )


# A new code


def test_a_new_code_after_the_visit_needs_a_supervisor(
    dossier: Dossier, els_client: Client, sofie: Clerk, code: ActivationCode
) -> None:
    an_hour_ago(dossier)
    url = page(dossier, "reissue_code")
    assert 'name="supervisor_name"' in els_client.get(url).content.decode()
    assert els_client.post(url, lost_sheet_form(code)).status_code == 422
    assert cast.code_of(dossier) == code
    assert els_client.post(url, lost_sheet_form(code) | AGREES).status_code == 303
    assert cast.code_of(dossier) != code
    entry = JournalEntry.objects.get(event=Event.LATE_CORRECTION_APPROVED)
    assert entry.clerk == sofie


def test_a_wrong_password_of_the_supervisor_prints_no_code(
    dossier: Dossier, els_client: Client, sofie: Clerk, code: ActivationCode
) -> None:
    an_hour_ago(dossier)
    wrong = AGREES | {"supervisor_password": "geraden"}
    answer = els_client.post(
        page(dossier, "reissue_code"), lost_sheet_form(code) | wrong
    )
    assert answer.status_code == 422
    assert cast.code_of(dossier) == code


def test_a_supervisor_s_digits_are_not_asked_for_a_form_that_comes_back(
    dossier: Dossier, els_client: Client, sofie: Clerk, code: ActivationCode
) -> None:
    an_hour_ago(dossier)
    typed = lost_sheet_form(code) | AGREES
    del typed["document_seen"]
    answer = els_client.post(page(dossier, "reissue_code"), typed)
    assert answer.status_code == 422
    assert not answer.context["consent"].is_bound


def test_her_own_mailbox_put_in_the_visit_gets_no_second_sheet(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    """The clerk changed the address to her own mailbox while the person was there.

    The person left with the first sheet, and the new link works only with a new sheet.
    """
    changed(dossier, els, code)
    new = cast.code_of(dossier)
    an_hour_ago(dossier)
    with pytest.raises(SupervisorNeededError):
        _reissued_alone(dossier, els, new)
    assert cast.code_of(dossier) == new


def test_a_colleague_prints_no_new_code_alone(
    dossier: Dossier, bart: Clerk, code: ActivationCode
) -> None:
    with pytest.raises(SupervisorNeededError):
        _reissued_alone(dossier, bart, code)


def test_in_the_visit_she_does_it_alone(
    dossier: Dossier, els_client: Client, code: ActivationCode
) -> None:
    url = page(dossier, "reissue_code")
    assert "supervisor_name" not in els_client.get(url).content.decode()
    assert els_client.post(url, lost_sheet_form(code)).status_code == 303


# The first code, for an address that one clerk changed alone


def _changed_before_payment(dossier: Dossier, clerk: Clerk) -> None:
    assert signed_in(clerk).post(page(dossier), form()).status_code == 303
    dossier.refresh_from_db()


@pytest.fixture
def noon() -> Iterator[None]:
    """The test begins at noon, because midnight would end the visit."""
    at = timezone.localtime().replace(hour=12, minute=0)
    with time_machine.travel(at, tick=False):
        yield


def test_it_is_not_bought_by_whoever_changed_the_address(
    dossier: Dossier, els: Clerk
) -> None:
    """After the visit, a code for the new address is not paid for by that clerk."""
    _changed_before_payment(dossier, els)
    an_hour_ago(dossier)
    with pytest.raises(AddressNotAgreedError):
        pay(dossier, els)
    assert not Payment.objects.exists()
    assert not ActivationCode.objects.exists()
    dossier.refresh_from_db()
    assert dossier.state == DossierState.RECORDED


def test_the_page_says_so_before_money_is_counted_and_leads_on(
    dossier: Dossier, els: Clerk, els_client: Client, sofie: Clerk
) -> None:
    _changed_before_payment(dossier, els)
    an_hour_ago(dossier)
    shown = els_client.get(page(dossier, "pay_and_issue"))
    assert shown.status_code == 409
    assert page(dossier) in shown.content.decode()
    assert 'name="method"' not in shown.content.decode()
    # The address is right, so the clerk sends it again, and a supervisor agrees.
    assert els_client.post(page(dossier), form()).status_code == 422
    assert els_client.post(page(dossier), form() | AGREES).status_code == 303
    assert AddressChange.objects.get().supervisor == sofie
    assert els_client.get(page(dossier, "pay_and_issue")).status_code == 200
    assert pay(dossier, els).dossier == dossier
    assert address_of(dossier) == NEW


def test_in_the_visit_a_slip_of_the_pen_costs_nobody_time(
    noon: None, dossier: Dossier, els: Clerk
) -> None:
    _changed_before_payment(dossier, els)
    with time_machine.travel(dossier.recorded_at + 14 * MINUTE, tick=False):
        assert pay(dossier, els).dossier == dossier


def test_an_address_that_nobody_changed_is_paid_for_later(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    an_hour_ago(dossier)
    assert els_client.get(page(dossier, "pay_and_issue")).status_code == 200
    assert pay(dossier, els).dossier == dossier


def test_a_form_sent_again_still_gets_its_first_answer(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    _changed_before_payment(dossier, els)
    pay(dossier, els)
    an_hour_ago(dossier)
    answer = els_client.get(page(dossier, "pay_and_issue"))
    assert answer.headers["Location"] == reverse(
        "counter_dossiers:dossier", args=[dossier.pk]
    )
