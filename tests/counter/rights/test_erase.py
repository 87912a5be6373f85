"""What is erased when a person asks, and what is said about the rest."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from counter.enums import OPEN_STATES, DossierState
from counter.journal.events import Event
from counter.models import Applicant, Clerk, DestructionRecord, Dossier, JournalEntry
from counter.people.kinship import OwnPersonError
from counter.retention import holds
from counter.retention.reasons import ErasureReason, HoldReason
from counter.rights import erasing
from payments.enums import ReversalReason
from payments.models import Payment
from payments.reversals.reversing import ask_reversal
from tests import cast
from tests.counter.retention.person import (
    TRACES,
    Whole,
    end,
    found_anywhere,
    paid,
    recorded,
    revoke,
)
from tests.litany import signed_in

DAYS = datetime.timedelta(days=1)
WITH_KEY = "dossier that led to a key: name, birth date, document"
WITHOUT_KEY = "dossier that led to no key: name, birth date, document"


def erase(person: Applicant, clerk: Clerk) -> int:
    return erasing.erase(
        person=person, clerk=clerk, reason=ErasureReason.ASKED, at=timezone.now()
    )


def reasons(person: Applicant) -> dict[str, str]:
    verdicts = erasing.verdicts(person, at=timezone.now())
    return {str(verdict.data): str(verdict.why) for verdict in verdicts}


def test_after_the_shortest_period_everything_goes_at_once(
    lapsed: Dossier, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    clock.shift(31 * DAYS)  # the nightly run would wait for 90
    assert erase(lapsed.applicant, sofie)
    assert found_anywhere(*TRACES) == []
    proof = DestructionRecord.objects.filter(at_request=True)
    assert proof.filter(rule="dossier_without_key", days=30, rows=1).exists()
    entry = JournalEntry.objects.get(event=Event.DATA_ERASED)
    assert (entry.clerk, entry.details) == (sofie, {"reason": "asked"})
    assert erase(lapsed.applicant, sofie) == 0


def test_of_a_living_key_nothing_goes_and_the_reason_is_a_sentence(
    peter: Whole, sofie: Clerk, clock: time_machine.Traveller, english: None
) -> None:
    erase(peter.person, sofie)
    assert Dossier.objects.get().last_name
    why = reasons(peter.person)[WITH_KEY]
    assert why == (
        "Kept for at least 30 days, counted from: the end of the person's last "
        "key, after ten years or revoked. Ground: public task (GDPR, article 6.1.e)."
    )


def test_a_month_after_the_key_was_revoked_it_goes(
    peter: Whole, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    revoke(peter.key)
    clock.shift(31 * DAYS)
    erase(peter.person, sofie)
    assert found_anywhere(*TRACES) == []
    assert Payment.objects.get() == peter.payment


@pytest.mark.parametrize("reason", list(HoldReason))
def test_a_hold_keeps_it_and_is_not_told(
    lapsed: Dossier,
    sofie: Clerk,
    clock: time_machine.Traveller,
    english: None,
    reason: HoldReason,
) -> None:
    """The sentence is the same for each reason, so nothing shows an investigation."""
    before = reasons(lapsed.applicant)
    holds.set_hold(
        dossier=lapsed,
        reason=reason,
        until=timezone.localdate() + 100 * DAYS,
        clerk=sofie,
        at=timezone.now(),
    )
    assert reasons(lapsed.applicant) == before
    clock.shift(60 * DAYS)
    assert erase(lapsed.applicant, sofie) == 0
    why = reasons(lapsed.applicant)
    assert "17.3" in why[WITHOUT_KEY]
    words = (str(reason.label), "hold", "police", "judge", "investigation")
    assert not [word for word in words if word in " ".join(why.values())]
    page = reverse("admin:counter_applicant_erase_data", args=[lapsed.applicant_id])
    assert str(reason.label) not in signed_in(sofie).get(page).content.decode()


def test_a_hold_past_its_last_day_stops_no_erasure(
    lapsed: Dossier, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    holds.set_hold(
        dossier=lapsed,
        reason=HoldReason.LAWSUIT,
        until=timezone.localdate() + 10 * DAYS,
        clerk=sofie,
        at=timezone.now(),
    )
    clock.shift(60 * DAYS)
    assert erase(lapsed.applicant, sofie)
    assert found_anywhere(*TRACES) == []


@pytest.mark.parametrize("state", OPEN_STATES)
def test_an_open_visit_says_why_it_stays(
    els: Clerk,
    sofie: Clerk,
    clock: time_machine.Traveller,
    english: None,
    state: DossierState,
) -> None:
    dossier = recorded(els)
    if state is DossierState.PAID:
        paid(dossier, els)
    elif state is DossierState.CODE_ISSUED:
        cast.make_code(dossier, els)
    why = reasons(dossier.applicant)["open visit: name, birth date, document, address"]
    assert "The visit is not over" in why
    page = reverse("admin:counter_applicant_erase_data", args=[dossier.applicant_id])
    assert "The visit is not over" in signed_in(sofie).get(page).content.decode()


def test_a_dossier_that_is_closed_is_not_told_as_erased(
    els: Clerk, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    dossier = recorded(els)
    clock.shift(8 * DAYS)
    page = reverse("admin:counter_applicant_erase_data", args=[dossier.applicant_id])
    client = signed_in(sofie)
    assert "1 is closed" in client.get(page).content.decode()
    assert client.post(page, {"reason": ""}).status_code == 422
    answer = client.post(page, {"reason": "asked"}, follow=True)
    assert "0 rows were erased" in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CANCELLED
    assert dossier.last_name


def test_the_address_stays_while_money_goes_back(
    els: Clerk, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    dossier = recorded(els)
    payment = paid(dossier, els)
    end(dossier, DossierState.CANCELLED, "cancelled_at")
    ask_reversal(
        payment=payment,
        clerk=els,
        reason=ReversalReason.DOUBLE_CHARGE,
        at=timezone.now(),
    )
    clock.shift(200 * DAYS)
    erase(dossier.applicant, sofie)
    dossier.refresh_from_db()
    assert dossier.email


def test_the_page_says_it_and_does_it(
    lapsed: Dossier, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    page = reverse("admin:counter_applicant_erase_data", args=[lapsed.applicant_id])
    client = signed_in(sofie)
    text = client.get(page).content.decode()
    assert "Nothing may go today." in text
    assert reverse("counter_dossiers:dossier", args=[lapsed.pk]) in text
    assert "Kept for at least 30 days" in text

    clock.shift(31 * DAYS)
    client = signed_in(sofie)
    assert "Erase what may go" in client.get(page).content.decode()
    answer = client.post(page, {"reason": "asked"}, follow=True)
    assert "rows were erased" in answer.content.decode()
    lapsed.refresh_from_db()
    assert lapsed.anonymised_at


def test_of_oneself_a_colleague_does_it(
    lapsed: Dossier, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    sofie.first_name, sofie.last_name = lapsed.first_names, lapsed.last_name
    sofie.save()
    clock.shift(60 * DAYS)
    with pytest.raises(OwnPersonError):
        erase(lapsed.applicant, sofie)
    assert Dossier.objects.get().last_name


def test_somebody_else_is_left_alone(
    lapsed: Dossier, els: Clerk, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    other = cast.make_applicant(cast.MARIE_NUMBER, last_name="Claes")
    cast.make_dossier(other, els, email="marie@example.org")
    clock.shift(31 * DAYS)
    erase(lapsed.applicant, sofie)
    other.refresh_from_db()
    assert other.last_name == "Claes"
    assert other.dossiers.get().email == "marie@example.org"
