"""An anonymised dossier leads to no person, and nobody can act on it any more."""

import datetime
import threading

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from activation.holder import wrong_passwords, wrong_tries
from activation.models import (
    ActivationCode,
    DigitalKey,
    KeyHolder,
    SignInCount,
    WrongPassword,
)
from counter.enums import DossierState
from counter.models import Applicant, Clerk, Dossier, KinshipAnswer
from counter.people.kinship_answer import Answer, note_answer
from counter.retention import registry, running
from counter.retention.still_named import AnonymisedError
from counter.tasks import apply_retention
from payments.corrections.correcting import correct_method
from payments.corrections.right_method import RightMethod
from payments.enums import Method, ReversalReason, WaiverReason
from payments.models import Payment, Reversal
from payments.reversals.reversing import ask_reversal
from tests import cast
from tests.counter.retention.person import (
    USER_NAME,
    Whole,
    end,
    paid,
    recorded,
    revoke,
)
from tests.litany import signed_in
from tests.races import at_once, wait_for_a_lock

DAYS = datetime.timedelta(days=1)


def test_who_paid_and_got_no_code_is_nobody_in_the_end(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    dossier = recorded(els)
    paid(dossier, els)
    dossier.refresh_from_db()
    assert dossier.state == DossierState.PAID
    clock.shift(365 * DAYS - datetime.timedelta(seconds=1))
    apply_retention()
    dossier.refresh_from_db()
    assert dossier.state == DossierState.PAID
    clock.shift(datetime.timedelta(seconds=1))
    apply_retention()
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CANCELLED
    clock.shift(90 * DAYS)
    apply_retention()
    dossier.refresh_from_db()
    assert dossier.anonymised_at


def test_every_state_of_a_dossier_comes_to_an_end(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    """Retention ends each state, except those whose code or key ends by itself."""
    by_itself = {DossierState.CODE_ISSUED, DossierState.ACTIVATED}
    for state in set(DossierState) - by_itself:
        now = timezone.now()
        of = {f"{state.value}_at": now} if state != DossierState.RECORDED else {}
        Dossier.objects.filter(pk=recorded(els).pk).update(state=state, **of)
        for _year in range(4):
            clock.shift(200 * DAYS)
            apply_retention()
        assert not Dossier.objects.filter(anonymised_at=None).exists(), state


# An anonymised dossier leads to no person


def test_it_does_not_lead_to_who_came_again(
    lapsed: Dossier, els: Clerk, clock: time_machine.Traveller
) -> None:
    person = lapsed.applicant
    clock.shift(60 * DAYS)
    again = cast.make_dossier(person, els)
    clock.shift(30 * DAYS)
    apply_retention()
    lapsed.refresh_from_db()
    again.refresh_from_db()
    assert lapsed.anonymised_at
    assert lapsed.applicant != again.applicant == person
    assert lapsed.applicant.anonymised_at
    person.refresh_from_db()
    assert person.anonymised_at is None


def test_its_office_does_not_see_who_is_known_elsewhere(
    lapsed: Dossier, gust: Clerk, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    person = lapsed.applicant
    clock.shift(60 * DAYS)
    cast.make_dossier(person, gust)
    page = reverse("admin:counter_applicant_change", args=[person.pk])
    assert signed_in(sofie).get(page).status_code == 200
    clock.shift(30 * DAYS)
    apply_retention()
    assert signed_in(sofie).get(page).status_code in {302, 404}
    assert not Applicant.objects.visible_to(sofie).filter(pk=person.pk).exists()


def test_neither_do_its_keys(
    peter: Whole, els: Clerk, clock: time_machine.Traveller
) -> None:
    revoke(peter.key)
    clock.shift(364 * DAYS)
    cast.make_dossier(peter.person, els)
    clock.shift(DAYS)
    apply_retention()
    key = DigitalKey.objects.get()
    assert key.code.dossier.anonymised_at
    assert key.holder != peter.holder
    assert key.holder.applicant == key.code.dossier.applicant
    holder = KeyHolder.objects.get(pk=peter.holder.pk)
    assert holder.anonymised_at is None
    assert holder.user_name == USER_NAME


def test_whose_family_it_was_goes_too(
    lapsed: Dossier, els: Clerk, clock: time_machine.Traveller
) -> None:
    note_answer(answer=Answer(), dossier=lapsed, clerk=els)
    clock.shift(90 * DAYS)
    apply_retention()
    assert not KinshipAnswer.objects.exists()


def test_what_is_counted_under_the_user_name_goes_with_the_person(
    peter: Whole, clock: time_machine.Traveller
) -> None:
    revoke(peter.key)
    clock.shift(365 * DAYS)
    now = timezone.now()
    for name in (USER_NAME, "somebody.else"):
        tries = wrong_tries.of_password(name)
        SignInCount.objects.update_or_create(
            name_index=tries.index,
            defaults={"last_at": now, "free_from": now, "failures": 3},
        )
        wrong_passwords.note(user_name=name, device="d", browser="b", at=now)
    apply_retention()
    left = wrong_tries.of_password("somebody.else")
    assert bytes(SignInCount.objects.get().name_index) == left.index
    assert WrongPassword.objects.count() == 1


# Nobody acts on an anonymised dossier


@pytest.fixture
def gone(els: Clerk, clock: time_machine.Traveller) -> Dossier:
    """Paid in cash, cancelled and anonymised; the object was read before that."""
    dossier = recorded(els)
    paid(dossier, els)
    end(dossier, DossierState.CANCELLED, "cancelled_at")
    stale = Dossier.objects.select_related("applicant").get(pk=dossier.pk)
    clock.shift(90 * DAYS)
    apply_retention()
    return stale


def test_no_money_goes_back_to_nobody(gone: Dossier, els: Clerk) -> None:
    with pytest.raises(AnonymisedError):
        ask_reversal(
            payment=gone.payments.get(),
            clerk=els,
            reason=ReversalReason.DOUBLE_CHARGE,
            at=timezone.now(),
        )
    assert not Reversal.objects.exists()


def test_the_books_of_nobody_are_left_alone(
    gone: Dossier, els: Clerk, sofie: Clerk
) -> None:
    with pytest.raises(AnonymisedError):
        correct_method(
            payment=gone.payments.get(),
            right=RightMethod(
                method=Method.WAIVER, waiver_reason=WaiverReason.OUR_MISTAKE
            ),
            clerk=els,
            supervisor=sofie,
            at=timezone.now(),
        )


def test_nobody_is_family(gone: Dossier, els: Clerk) -> None:
    with pytest.raises(AnonymisedError):
        note_answer(answer=Answer(), dossier=gone, clerk=els)


def asks_money_back(payment: Payment, clerk: Clerk) -> str:
    try:
        ask_reversal(
            payment=payment,
            clerk=clerk,
            reason=ReversalReason.DOUBLE_CHARGE,
            at=timezone.now(),
        )
    except AnonymisedError:
        return "refused"
    return "asked"


@pytest.mark.django_db(transaction=True)
def test_money_that_is_asked_back_while_the_run_goes(els: Clerk) -> None:
    """Either the run sees the request and keeps the name, or the request is refused."""
    later = timezone.now() + 91 * DAYS
    dossier = recorded(els)
    payment = paid(dossier, els)
    end(dossier, DossierState.CANCELLED, "cancelled_at")
    answer, _dealt = at_once(
        [
            lambda: asks_money_back(payment, els),
            lambda: str(running.run(at=later, seconds=60)),
        ]
    )
    dossier.refresh_from_db()
    assert (answer == "asked") == (dossier.anonymised_at is None)


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_a_batch_that_is_not_written_yet(els: Clerk) -> None:
    dossier = recorded(els)
    payment = paid(dossier, els)
    end(dossier, DossierState.CANCELLED, "cancelled_at")
    rule = registry.rule("dossier_without_key")
    is_gone = threading.Event()

    def removing() -> str:
        with transaction.atomic():
            later = timezone.now() + 91 * DAYS
            assert running.apply(rule, dossier.office, at=later) == 1
            is_gone.set()
            wait_for_a_lock()
        return "removed"

    def asking() -> str:
        is_gone.wait(timeout=10)
        return asks_money_back(payment, els)

    assert at_once([removing, asking]) == ["removed", "refused"]


@pytest.mark.django_db(transaction=True)
def test_a_dossier_whose_code_is_in_hand_is_left_for_the_next_run(
    els: Clerk,
) -> None:
    """Others lock a code before its dossier, so the run must not wait for the code."""
    dossier = recorded(els)
    code = cast.make_code(dossier, els)[0]
    end(dossier, DossierState.LAPSED, "lapsed_at")
    later = timezone.now() + 91 * DAYS
    rule = registry.rule("dossier_without_key")
    with transaction.atomic():
        ActivationCode.objects.select_for_update().get(pk=code.pk)
        in_thread = lambda: running.apply(rule, dossier.office, at=later)  # noqa: E731
        assert at_once([in_thread]) == [0]
    assert running.apply(rule, dossier.office, at=later) == 1
