"""Two accounts that may be in the hands of one person are not two people."""

import datetime
import uuid

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import HARMLESS_ACTS, AccountAct, Role
from counter.models import (
    AccountChange,
    Clerk,
    Dossier,
    KinshipAnswer,
    Office,
    PasswordLink,
)
from counter.people import kinship_answer, person
from counter.people.kinship_answer import Answer
from counter.staff import account_changes, password_links, same_hands
from counter.staff.same_hands import SameHandsError
from payments.drawers import counting
from payments.drawers.drawers import approve_drawer
from payments.enums import DrawerState, Method, ReversalState, WaiverReason
from payments.models import DrawerSession, Payment, Reversal
from payments.reversals.reversing import agree_to_reversal
from payments.taking.waiving import waive_fee
from tests import cast
from tests.activation.helpers import text_of
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.litany import signed_in
from tests.payments.counting import beside, counted, path, pieces
from tests.payments.reversals.test_service_reversing import asked, paid

WEEK = datetime.timedelta(days=7)
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def lies(office: Office) -> Clerk:
    """A second supervisor."""
    return cast.make_clerk("lies", office, desk="", role=Role.SUPERVISOR)


def did(
    by: Clerk | None,
    account: Clerk,
    what: AccountAct = AccountAct.PASSWORD,
    *,
    ago: datetime.timedelta = datetime.timedelta(hours=1),
) -> None:
    account_changes.note(account=account, by=by, what=what, at=timezone.now() - ago)


def why_not(first: Clerk, second: Clerk, *, may_alone: bool = False) -> str:
    return same_hands.why_not(first, second, at=timezone.now(), may_alone=may_alone)


# The rule


@pytest.mark.parametrize("what", sorted(set(AccountAct) - HARMLESS_ACTS))
def test_for_a_week_the_two_count_as_one(
    sofie: Clerk, lies: Clerk, what: AccountAct
) -> None:
    did(sofie, lies, what, ago=WEEK - datetime.timedelta(minutes=1))
    assert "count as one person until" in why_not(sofie, lies)
    assert why_not(lies, sofie)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2)):
        assert not why_not(sofie, lies)
        assert not why_not(lies, sofie)


def test_the_machine_and_the_owner_do_not_count(sofie: Clerk, lies: Clerk) -> None:
    did(None, lies)
    did(lies, lies, AccountAct.EMAIL)
    assert not why_not(sofie, lies)


@pytest.mark.parametrize("what", sorted(HARMLESS_ACTS))
def test_another_role_or_office_gives_nobody_the_account(
    sofie: Clerk, lies: Clerk, what: AccountAct
) -> None:
    did(sofie, lies, what)
    assert not why_not(sofie, lies)


def test_by_way_of_a_third(
    office: Office, sofie: Clerk, lies: Clerk, bart: Clerk
) -> None:
    an = cast.make_clerk("an", office, desk="", role=Role.SUPERVISOR)
    did(sofie, lies, ago=datetime.timedelta(days=3))
    did(lies, an, ago=datetime.timedelta(days=2))
    did(an, bart, ago=datetime.timedelta(days=1))
    for second in (lies, an, bart):
        assert why_not(sofie, second)
        assert why_not(second, sofie)


def test_a_chain_ends_a_week_after_its_last_link(
    office: Office, sofie: Clerk, lies: Clerk, bart: Clerk
) -> None:
    """Sofie made lies, and as lies she made bart: that the first link is older than a
    week takes nothing from the second.
    """
    an = cast.make_clerk("an", office, desk="")
    day = datetime.timedelta(days=1)
    did(sofie, lies, AccountAct.MADE, ago=12 * day)
    did(lies, bart, AccountAct.MADE, ago=6 * day)
    assert "as one person until" in why_not(sofie, bart)
    assert why_not(bart, sofie)
    assert not why_not(sofie, lies)
    until = timezone.localtime() + day
    assert f"{until:%d}" in why_not(sofie, bart)
    with time_machine.travel(timezone.now() + day):
        assert not why_not(sofie, bart)
    # What lies did when she had been her own for a week is hers, before and after.
    did(lies, an, ago=4 * day)
    assert not why_not(sofie, an)
    did(lies, bart, ago=day / 2)
    assert why_not(sofie, bart)


def test_not_by_what_a_third_did_before_her_account_was_touched(
    sofie: Clerk, lies: Clerk, bart: Clerk
) -> None:
    did(lies, bart, ago=datetime.timedelta(days=2))
    did(sofie, lies, ago=datetime.timedelta(days=1))
    assert not why_not(sofie, bart)
    assert why_not(sofie, lies)
    did(lies, bart, ago=datetime.timedelta(hours=1))
    assert why_not(sofie, bart)


def test_two_that_the_same_colleague_made(
    sofie: Clerk, lies: Clerk, bart: Clerk, els: Clerk
) -> None:
    did(sofie, lies)
    did(sofie, bart)
    assert why_not(bart, lies)
    assert not why_not(els, lies)
    assert not why_not(els, bart)


def test_a_supervisor_still_agrees_to_what_she_may_do_alone(
    sofie: Clerk, lies: Clerk, els: Clerk
) -> None:
    """Her hand in the clerk's account wins her nothing; the other way round it does."""
    did(sofie, els)
    assert not why_not(els, sofie, may_alone=True)
    did(sofie, lies)
    assert why_not(sofie, lies, may_alone=True)
    assert why_not(els, lies, may_alone=True)


def test_the_sentence_says_until_when(sofie: Clerk, lies: Clerk) -> None:
    did(sofie, lies, ago=datetime.timedelta(days=5))
    did(sofie, lies, ago=datetime.timedelta(days=1))
    until = timezone.localtime() + datetime.timedelta(days=6)
    assert f"{until:%d}" in why_not(sofie, lies)
    assert f"{until:%H:%M}" in why_not(sofie, lies)


# Wherever a second person is asked


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
    """Signed in as els she asks, and decides as herself."""
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


def closed(clerk: Clerk) -> DrawerSession:
    drawer = DrawerSession.objects.get(clerk=clerk)
    counted(drawer)
    DrawerSession.objects.filter(pk=drawer.pk).update(
        state=DrawerState.CLOSED, closed_at=timezone.now(), difference_reason="?"
    )
    drawer.refresh_from_db()
    return drawer


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
    approve_drawer(drawer=drawer, supervisor=lies, sealed_bag="B-1", at=timezone.now())


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
    """What each of these asks of a supervisor (counter.people.person.may_approve)."""
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


def test_what_was_noted_is_not_taken_back(sofie: Clerk, lies: Clerk) -> None:
    did(sofie, lies)
    for undo in (
        lambda: AccountChange.objects.update(by=None),
        lambda: AccountChange.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            undo()


def test_the_attack_over_http(
    dossier: Dossier, els: Clerk, sofie: Clerk, lies: Clerk
) -> None:
    """She has a link sent to a mailbox that she changed to her own, and uses it."""
    reversal = asked(paid(dossier, els), sofie)
    supervisor = signed_in(sofie)
    assert lies.office is not None
    form = clerk_form(
        lies.office,
        username="lies",
        role="supervisor",
        email="mine@example.org",
        language="en",
    )
    change = reverse("admin:counter_clerk_change", args=[lies.pk])
    assert supervisor.post(change, form).status_code == 302
    with time_machine.travel(timezone.now() + datetime.timedelta(days=6)):
        supervisor = signed_in(sofie)
        send = reverse("admin:counter_clerk_send_password_link", args=[lies.pk])
        supervisor.post(send)
        link = PasswordLink.objects.get()
        new = "een heel ander lang wachtwoord"
        typed = {"new_password1": new, "new_password2": new}
        assert Client().post(password_links.url(link), typed).status_code == 303
    # The week begins with the password that she knows.
    with time_machine.travel(timezone.now() + datetime.timedelta(days=12)):
        lies.refresh_from_db()
        page = reverse("payments_reversals:decide_reversal", args=[reversal.pk])
        answer = signed_in(lies).post(page, {"decision": "confirm"}, follow=True)
        assert "count as one person until" in answer.content.decode()
    reversal.refresh_from_db()
    assert reversal.state == ReversalState.ASKED
