"""What goes when a person asks, and what is said of the rest."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from counter.journal.events import Event
from counter.models import Applicant, Clerk, DestructionRecord, Dossier, JournalEntry
from counter.people.kinship import OwnPersonError
from counter.retention import holds
from counter.retention.reasons import ErasureReason, HoldReason
from counter.rights import erasing
from payments.models import Payment
from tests import cast
from tests.counter.retention.person import TRACES, Whole, found_anywhere, revoke
from tests.litany import signed_in

DAYS = datetime.timedelta(days=1)


def erase(person: Applicant, clerk: Clerk) -> int:
    return erasing.erase(
        person=person, clerk=clerk, reason=ErasureReason.ASKED, at=timezone.now()
    )


def reasons(person: Applicant) -> dict[str, str]:
    verdicts = erasing.verdicts(person, at=timezone.now())
    return {verdict.rule.code: verdict.why for verdict in verdicts}


def test_after_the_shortest_period_everything_goes_at_once(
    lapsed: Dossier, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    clock.shift(31 * DAYS)  # the night would wait for 90
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
    why = reasons(peter.person)["dossier_with_key"]
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


def test_a_hold_is_the_reason(
    lapsed: Dossier, sofie: Clerk, clock: time_machine.Traveller, english: None
) -> None:
    holds.set_hold(
        dossier=lapsed,
        reason=HoldReason.LAWSUIT,
        until=timezone.localdate() + 100 * DAYS,
        clerk=sofie,
        at=timezone.now(),
    )
    clock.shift(60 * DAYS)
    assert erase(lapsed.applicant, sofie) == 0
    assert "A legal hold stands until" in reasons(lapsed.applicant)["person"]


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
