"""Where a second person is asked for, two accounts in the same hands are refused."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from counter.models import Clerk, Dossier, KinshipAnswer
from counter.people import kinship_answer, person
from counter.people.kinship_answer import Answer
from counter.staff.same_hands import SameHandsError
from payments.drawers import counting
from payments.drawers.drawers import approve_drawer
from payments.enums import Method, ReversalState, WaiverReason
from payments.models import DrawerSession, Payment, Reversal
from payments.reversals.reversing import agree_to_reversal
from payments.taking.waiving import waive_fee
from tests import cast
from tests.activation.helpers import text_of
from tests.counter.staff.hands import closed, did, lies
from tests.litany import signed_in
from tests.payments.counting import beside, path, pieces
from tests.payments.reversals.test_service_reversing import asked, paid

__all__ = ["lies"]


pytestmark = pytest.mark.usefixtures("english")


def test_nobody_decides_on_her_own_reversal_through_another_account(
    dossier: Dossier, els: Clerk, sofie: Clerk, lies: Clerk
) -> None:
    reversal = asked(paid(dossier, els), sofie)
    did(sofie, lies)
    page = reverse("payments_reversals:decide_reversal", args=[reversal.pk])
    client = signed_in(lies)
    shown = client.get(page).content.decode()
    assert "as one person" in shown
    assert 'value="confirm"' not in shown
    for decision in ("confirm", "refuse"):
        answer = client.post(page, {"decision": decision}, follow=True)
        assert "as one person" in answer.content.decode()
    reversal.refresh_from_db()
    assert reversal.state == ReversalState.ASKED


def test_nor_the_other_way_round(dossier: Dossier, els: Clerk, sofie: Clerk) -> None:
    """Sofie asks for it, signed in as els, and wants to decide as herself."""
    reversal = asked(paid(dossier, els), els)
    did(sofie, els)
    with pytest.raises(SameHandsError):
        agree_to_reversal(reversal_id=reversal.pk, supervisor=sofie, at=timezone.now())
    assert Reversal.objects.get().state == ReversalState.ASKED


def test_another_supervisor_decides(
    dossier: Dossier, els: Clerk, sofie: Clerk, lies: Clerk
) -> None:
    reversal = asked(paid(dossier, els), els)
    did(sofie, els)
    page = reverse("payments_reversals:decide_reversal", args=[reversal.pk])
    assert 'value="confirm"' in signed_in(lies).get(page).content.decode()
    agree_to_reversal(reversal_id=reversal.pk, supervisor=lies, at=timezone.now())


def test_a_drawer_is_signed_off_by_another(
    els: Clerk, sofie: Clerk, lies: Clerk
) -> None:
    drawer = closed(els)
    did(sofie, els)
    page = reverse("payments_drawers:approve_drawer", args=[drawer.pk])
    client = signed_in(sofie)
    shown = client.get(page).content.decode()
    assert "as one person" in shown
    assert "sealed_bag" not in shown
    assert client.post(page, {"sealed_bag": "B-1"}).status_code == 409
    approve_drawer(
        drawer=drawer, count=1, supervisor=lies, sealed_bag="B-1", at=timezone.now()
    )


@pytest.mark.parametrize("whose", ["the supervisor's", "the clerk's"])
def test_who_counts_along_is_in_nobodys_hands(
    els: Clerk, bart: Clerk, sofie: Clerk, lies: Clerk, whose: str
) -> None:
    drawer = DrawerSession.objects.get(clerk=els)
    did(sofie, bart) if whose == "the supervisor's" else did(lies, bart)
    if whose == "the clerk's":
        did(lies, els)
    answer = signed_in(sofie).post(
        path("count_for_colleague", drawer), pieces(pieces_2000="2") | beside(bart)
    )
    assert answer.status_code == 422
    assert "count as one person until" in text_of(answer.content)
    with pytest.raises(SameHandsError):
        counting.count_for_colleague(
            drawer=drawer,
            supervisor=sofie,
            colleague=bart,
            counts={},
            reason="",
            at=timezone.now(),
        )


def test_family_is_served_with_somebody_else(
    dossier: Dossier, els: Clerk, bart: Clerk, sofie: Clerk
) -> None:
    Clerk.objects.filter(pk=els.pk).update(last_name="Janssens", first_name="Els")
    els.refresh_from_db()
    did(sofie, els)
    did(sofie, bart)
    question = reverse("counter_people:family", args=[dossier.pk])
    typed = {
        "is_family": "yes",
        "colleague_name": "bart",
        "colleague_password": cast.PASSWORD,
    }
    answer = signed_in(els).post(question, typed)
    assert answer.status_code == 422
    assert "count as one person until" in text_of(answer.content)
    with pytest.raises(SameHandsError):
        kinship_answer.note_answer(answer=Answer(bart), dossier=dossier, clerk=els)
    assert not KinshipAnswer.objects.exists()


def _waive(dossier: Dossier, clerk: Clerk, supervisor: Clerk) -> Payment:
    return waive_fee(
        dossier=dossier,
        clerk=clerk,
        supervisor=supervisor,
        reason=WaiverReason.OUR_MISTAKE,
        submission=uuid.uuid4(),
        at=timezone.now(),
    )


def test_a_fee_is_waived_by_nobody_in_the_clerks_hands(
    dossier: Dossier,
    sofie: Clerk,
    lies: Clerk,
    els: Clerk,
) -> None:
    did(sofie, els)
    did(sofie, lies)
    with pytest.raises(SameHandsError):
        _waive(dossier, els, lies)
    page = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    typed = {
        "submission": uuid.uuid4(),
        "reason": WaiverReason.OUR_MISTAKE.value,
        "supervisor_name": "lies",
        "supervisor_password": cast.PASSWORD,
    }
    answer = signed_in(els).post(page, typed)
    assert answer.status_code == 422
    assert "count as one person until" in text_of(answer.content)
    assert not Payment.objects.exists()
    typed["supervisor_name"] = "sofie"
    assert signed_in(els).post(page, typed).status_code == 303


def test_nor_approves_she_names_numbers_or_a_late_correction(
    sofie: Clerk, lies: Clerk, els: Clerk
) -> None:
    """For each of these the product asks counter.people.person.may_approve."""
    assert person.may_approve(lies, els)
    did(sofie, els)
    did(sofie, lies)
    assert not person.may_approve(lies, els)
    assert person.may_approve(sofie, els)


def test_a_method_is_corrected_by_nobody_in_the_hands_of_who_took_it(
    dossier: Dossier, els: Clerk, bart: Clerk, sofie: Clerk
) -> None:
    paid(dossier, els, Method.CASH)
    did(sofie, els)
    page = reverse("payments_corrections:correct", args=[dossier.pk])
    payment = Payment.objects.get()
    typed = {"payment": payment.pk, "method": "waiver", "waiver_reason": "our_mistake"}
    answer = signed_in(sofie).post(page, typed)
    assert answer.status_code == 409
    assert "as one person" in text_of(answer.content)
    assert Payment.objects.count() == 1
