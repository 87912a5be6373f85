"""What the nightly run removes and when, and what stays."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from activation.models import ActivationCode, AddressChange, KeyHolder
from counter.crypto import rotation
from counter.enquiries import handling
from counter.enums import DossierState
from counter.journal import journal
from counter.journal.events import Event
from counter.models import (
    Applicant,
    Clerk,
    DestructionRecord,
    Dossier,
    DossierCorrection,
    Enquiry,
    JournalEntry,
    Office,
)
from counter.tasks import apply_retention
from notifications.models import Delivery
from payments.enums import RefundMethod, ReversalReason, ReversalState
from payments.models import Payment, Receipt, Reversal
from tests import cast
from tests.counter.retention.person import (
    DOCUMENT,
    EMAIL,
    LAST_NAME,
    MOBILE,
    TRACES,
    Whole,
    end,
    found_anywhere,
    paid,
    recorded,
    revoke,
)
from tests.journal_checks import misfits
from tests.litany import signed_in

DAYS = datetime.timedelta(days=1)


def test_the_address_and_the_number_of_the_document_go_after_a_month(
    lapsed: Dossier, clock: time_machine.Traveller
) -> None:
    clock.shift(30 * DAYS - datetime.timedelta(seconds=1))
    apply_retention()
    lapsed.refresh_from_db()
    assert (lapsed.email, lapsed.document_number) == (EMAIL, DOCUMENT)

    clock.shift(datetime.timedelta(seconds=1))
    apply_retention()
    lapsed.refresh_from_db()
    assert (lapsed.email, lapsed.document_number) == ("", "")
    assert lapsed.last_name


def test_who_never_activated_is_nobody_after_three_months(
    lapsed: Dossier, clock: time_machine.Traveller
) -> None:
    clock.shift(90 * DAYS - datetime.timedelta(seconds=1))
    apply_retention()
    assert Dossier.objects.get().last_name

    clock.shift(datetime.timedelta(seconds=1))
    apply_retention()
    lapsed.refresh_from_db()
    assert lapsed.anonymised_at
    assert lapsed.applicant.anonymised_at
    assert lapsed.state == DossierState.LAPSED
    assert found_anywhere(*TRACES) == []


def test_nobody_is_kept_by_a_form_that_was_never_paid(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    dossier = recorded(els)
    clock.shift(30 * DAYS)
    apply_retention()
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CANCELLED
    clock.shift(90 * DAYS)
    apply_retention()
    assert found_anywhere(*TRACES) == []


def test_while_the_key_lives_the_person_is_known(
    peter: Whole, clock: time_machine.Traveller
) -> None:
    clock.shift(10 * 365 * DAYS)
    apply_retention()
    peter.dossier.refresh_from_db()
    peter.holder.refresh_from_db()
    peter.key.refresh_from_db()
    assert peter.dossier.last_name == LAST_NAME
    assert peter.holder.email == EMAIL
    assert peter.key.destination == MOBILE


@pytest.mark.parametrize("is_revoked", [True, False], ids=["revoked", "ten years"])
def test_a_year_after_the_key_no_table_knows_the_person(
    peter: Whole, clock: time_machine.Traveller, *, is_revoked: bool
) -> None:
    last = timezone.now()
    if is_revoked:
        revoke(peter.key)
    elif peter.key.valid_until:
        last = peter.key.valid_until
    clock.move_to(last + 365 * DAYS - datetime.timedelta(seconds=1))
    apply_retention()
    assert Dossier.objects.get().last_name
    clock.shift(datetime.timedelta(seconds=1))
    apply_retention()

    assert found_anywhere(*TRACES) == []
    assert not Applicant.objects.filter(anonymised_at=None).exists()
    assert not KeyHolder.objects.filter(anonymised_at=None).exists()
    assert not any(one.check_password("") for one in KeyHolder.objects.all())
    assert bytes(ActivationCode.objects.get().nonce) == b""
    assert bytes(AddressChange.objects.get().nonce) == b""


def test_a_visit_whose_key_was_revoked_stays_while_another_key_lives(
    peter: Whole, els: Clerk, clock: time_machine.Traveller
) -> None:
    """A key that is added later is filed under that visit."""
    second = cast.make_dossier(peter.person, els)
    end(second, DossierState.ACTIVATED, "activated_at")
    clock.shift(3 * 365 * DAYS)
    apply_retention()
    second.refresh_from_db()
    assert second.anonymised_at is None


def test_an_answered_message_is_kept_by_the_day_it_was_answered(
    office: Office, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    enquiry = cast.make_enquiry(office)
    Enquiry.objects.update(email="marie@example.org")
    clock.shift(364 * DAYS)
    handling.answer(enquiry=enquiry, text="Ja.", by=sofie, at=timezone.now())
    clock.shift(2 * DAYS)
    apply_retention()
    assert Enquiry.objects.exists()
    clock.shift(100 * DAYS)
    apply_retention()
    assert not Enquiry.objects.exists()


def test_the_search_of_every_table_finds_what_is_there(peter: Whole) -> None:
    """Otherwise the tests that find nothing would prove nothing."""
    texts = {line.split(": ")[1] for line in found_anywhere(*TRACES)}
    sealed = {DOCUMENT, cast.PETER_NUMBER, "+32470998877"}
    assert texts == set(TRACES) - sealed


def test_money_and_journal_keep_their_rows(
    peter: Whole, clock: time_machine.Traveller
) -> None:
    journal.seal()
    before = JournalEntry.objects.count()
    revoke(peter.key)
    clock.shift(365 * DAYS)
    apply_retention()
    assert Payment.objects.get() == peter.payment
    assert Receipt.objects.exists()
    assert JournalEntry.objects.count() > before
    assert misfits() == []
    assert DossierCorrection.objects.get().changes == {}


def test_a_second_run_changes_nothing(
    peter: Whole, clock: time_machine.Traveller
) -> None:
    revoke(peter.key)
    clock.shift(365 * DAYS)
    apply_retention()
    proof, entries = DestructionRecord.objects.count(), JournalEntry.objects.count()
    apply_retention()
    assert DestructionRecord.objects.count() == proof
    assert JournalEntry.objects.count() == entries


def test_the_proof_says_how_many_and_nobody(
    lapsed: Dossier, clock: time_machine.Traveller, office: object
) -> None:
    clock.shift(90 * DAYS)
    apply_retention()
    proof = DestructionRecord.objects.filter(rule="dossier_without_key").get()
    assert (proof.rows, proof.days, proof.office) == (1, 90, office)
    entries = JournalEntry.objects.filter(event=Event.RETENTION_APPLIED)
    assert entries.filter(
        details__rule="dossier_without_key", details__count=1
    ).exists()
    assert lapsed.journal.filter(event=Event.DOSSIER_ANONYMISED).count() == 1


def test_money_that_goes_back_needs_a_name(
    els: Clerk, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    dossier = recorded(els)
    payment = paid(dossier, els)
    end(dossier, DossierState.CANCELLED, "cancelled_at")
    now = timezone.now()
    Reversal.objects.create(
        payment=payment,
        reason=ReversalReason.DOUBLE_CHARGE,
        method=payment.method,
        amount=payment.amount,
        asked_by=els,
        asked_at=now,
        state=ReversalState.SETTLED,
        decided_by=sofie,
        decided_at=now,
        refund_method=RefundMethod.TRANSFER,
        settled_by=sofie,
        settled_at=now,
        booked_on=timezone.localdate(now),
    )
    clock.shift(400 * DAYS)
    apply_retention()
    dossier.refresh_from_db()
    assert dossier.last_name


def test_who_comes_back_is_somebody_new(
    lapsed: Dossier, clock: time_machine.Traveller
) -> None:
    clock.shift(90 * DAYS)
    apply_retention()
    again = cast.make_applicant()
    assert Applicant.objects.with_national_number(cast.PETER_NUMBER).get() == again


def test_new_keys_for_numbers_pass_over_who_has_none(
    lapsed: Dossier, clock: time_machine.Traveller
) -> None:
    clock.shift(90 * DAYS)
    apply_retention()
    assert rotation.remaining(Applicant) == 0
    assert rotation.rotate(Applicant).is_whole


def test_the_page_of_an_anonymised_dossier_opens(
    peter: Whole, els: Clerk, clock: time_machine.Traveller
) -> None:
    revoke(peter.key)
    clock.shift(365 * DAYS)
    apply_retention()
    page = signed_in(els).get(f"/counter/dossiers/{peter.dossier.pk}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "anonymised" in text
    assert "What is left here is only counted." in text
    assert "Correct names" not in text


def test_messages_of_two_months_ago_are_not_listed_any_more(
    peter: Whole, clock: time_machine.Traveller
) -> None:
    clock.shift(62 * DAYS)
    apply_retention()
    assert not Delivery.objects.exists()


def test_eleven_years_leave_nothing_before_and_nothing_after(
    peter: Whole, clock: time_machine.Traveller
) -> None:
    """In steps of 30 days: the person is anonymised neither too early nor too late."""
    last = peter.key.valid_until
    assert last is not None
    for _month in range(11 * 12 + 8):
        clock.shift(30 * DAYS)
        apply_retention()
        is_over = timezone.now() >= last + 365 * DAYS
        peter.person.refresh_from_db()
        assert (peter.person.anonymised_at is not None) == is_over
    assert found_anywhere(*TRACES) == []
