"""Legal holds, also when one is set while the nightly run removes rows."""

import datetime
import threading
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import (
    Clerk,
    DestructionRecord,
    Dossier,
    JournalEntry,
    LegalHold,
)
from counter.retention import holds, registry, running
from counter.retention.anonymising import anonymise, forget_people
from counter.retention.reasons import HoldReason, LiftReason
from counter.tasks import apply_retention
from tests import cast
from tests.counter.retention.person import (
    LAST_NAME,
    TRACES,
    Whole,
    end,
    found_anywhere,
    recorded,
    revoke,
    whole,
)
from tests.counter.retention.test_database import refused
from tests.races import at_once, wait_for_a_lock

DAYS = datetime.timedelta(days=1)


def hold(dossier: Dossier, by: Clerk, days: int = 400) -> LegalHold:
    return holds.set_hold(
        dossier=dossier,
        reason=HoldReason.LAWSUIT,
        until=timezone.localdate() + days * DAYS,
        clerk=by,
        at=timezone.now(),
    )


def test_a_hold_keeps_all_of_a_dossier_and_its_person(
    peter: Whole, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    revoke(peter.key)
    before = {text: found_anywhere(text) for text in TRACES}
    set_ = hold(peter.dossier, sofie)
    clock.shift(365 * DAYS)
    apply_retention()
    assert {text: found_anywhere(text) for text in TRACES} == before

    holds.lift_hold(hold=set_, reason=LiftReason.OVER, clerk=sofie, at=timezone.now())
    apply_retention()
    assert found_anywhere(*TRACES) == []
    events = peter.dossier.journal.values_list("event", flat=True)
    assert {Event.HOLD_SET, Event.HOLD_LIFTED} <= set(events)


@pytest.mark.parametrize(
    ("today", "last"),
    [("2026-11-24", "2036-11-24"), ("2028-02-29", "2038-02-28")],
)
def test_a_hold_lasts_for_ten_years_at_most(
    lapsed: Dossier, sofie: Clerk, today: str, last: str
) -> None:
    noon = datetime.time(12, tzinfo=datetime.UTC)
    set_hold = partial(
        holds.set_hold,
        dossier=lapsed,
        reason=HoldReason.LAWSUIT,
        clerk=sofie,
        at=datetime.datetime.combine(datetime.date.fromisoformat(today), noon),
    )
    until = datetime.date.fromisoformat(last)
    with pytest.raises(holds.HoldRefusedError):
        set_hold(until=until + DAYS)
    assert set_hold(until=until).until == until


def test_a_hold_ends_with_its_last_day(
    lapsed: Dossier, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    hold(lapsed, sofie, days=100)
    clock.shift(100 * DAYS)
    apply_retention()
    lapsed.refresh_from_db()
    assert lapsed.anonymised_at is None
    clock.shift(DAYS)
    apply_retention()
    lapsed.refresh_from_db()
    assert lapsed.anonymised_at


def test_other_people_are_not_held(
    lapsed: Dossier, els: Clerk, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    other = cast.make_applicant(cast.MARIE_NUMBER, last_name="Claes")
    hers = cast.make_dossier(other, els, email="marie@example.org")
    end(hers, DossierState.LAPSED, "lapsed_at")
    hold(lapsed, sofie)
    clock.shift(90 * DAYS)
    apply_retention()
    hers.refresh_from_db()
    assert hers.anonymised_at


def test_a_hold_is_refused_with_a_reason(
    lapsed: Dossier, sofie: Clerk, clock: time_machine.Traveller, english: None
) -> None:
    with pytest.raises(holds.HoldRefusedError, match="today or later"):
        hold(lapsed, sofie, days=-1)
    hold(lapsed, sofie, days=100)
    with pytest.raises(holds.HoldRefusedError, match="has a hold already"):
        hold(lapsed, sofie)
    clock.shift(101 * DAYS)
    hold(lapsed, sofie)  # the first one's last day is over
    LegalHold.objects.filter(lifted_at=None).update(
        lifted_at=timezone.now(), lifted_by=sofie, lift_reason=LiftReason.OVER
    )
    apply_retention()
    with pytest.raises(holds.HoldRefusedError, match="Nothing is left"):
        hold(lapsed, sofie)


# At the same time


@pytest.mark.django_db(transaction=True)
def test_two_machines_remove_each_row_once(els: Clerk) -> None:
    for number in (cast.PETER_NUMBER, cast.ANNA_NUMBER, cast.LEILA_NUMBER):
        dossier = cast.make_dossier(cast.make_applicant(number), els, email="a@b.be")
        end(dossier, DossierState.LAPSED, "lapsed_at")
    later = timezone.now() + 91 * DAYS

    at_once([lambda: running.run(at=later, seconds=60, batch=1)] * 4)

    assert Dossier.objects.filter(anonymised_at=None).count() == 0
    for rule, rows in (("dossier_without_key", 3), ("person", 3)):
        proofs = DestructionRecord.objects.filter(rule=rule)
        assert sum(proof.rows for proof in proofs) == rows
    entries = JournalEntry.objects.filter(event=Event.DOSSIER_ANONYMISED)
    assert entries.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_hold_of_the_same_instant_is_seen(els: Clerk, sofie: Clerk) -> None:
    """Either the hold is set and the name stays, or the hold is refused."""
    dossier = recorded(els)
    end(dossier, DossierState.LAPSED, "lapsed_at")
    later = timezone.now() + 91 * DAYS

    def holding() -> str:
        try:
            holds.set_hold(
                dossier=dossier,
                reason=HoldReason.LAWSUIT,
                until=timezone.localdate(later),
                clerk=sofie,
                at=timezone.now(),
            )
        except holds.HoldRefusedError:
            return "refused"
        return "held"

    answer, _dealt = at_once([holding, lambda: str(running.run(at=later, seconds=60))])
    dossier.refresh_from_db()
    assert (answer == "held") == (dossier.anonymised_at is None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", ["code", "delivery", "dossier_address"])
def test_a_hold_is_set_once_the_batch_under_way_is_written(
    els: Clerk, sofie: Clerk, code: str
) -> None:
    """Once the supervisor reads that the hold is set, nothing is removed any more."""
    peter = whole(els)
    later = timezone.now() + 70 * DAYS
    is_gone = threading.Event()
    rule = registry.rule(code)

    def removing() -> None:
        with transaction.atomic():
            office = peter.dossier.office if rule.is_editable else None
            assert running.apply(rule, office, at=later)
            is_gone.set()
            wait_for_a_lock()

    def holding() -> None:
        is_gone.wait(timeout=10)
        hold(peter.dossier, sofie)

    at_once([removing, holding])
    assert LegalHold.objects.in_force(later).exists()


def test_what_is_past_its_last_day_is_lifted_by_itself(
    lapsed: Dossier, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    hold(lapsed, sofie, days=10)
    clock.shift(11 * DAYS)
    apply_retention()
    over = LegalHold.objects.get()
    assert over.lifted_at
    assert over.lifted_by is None
    assert over.lift_reason == LiftReason.LAST_DAY
    assert lapsed.journal.filter(event=Event.HOLD_LIFTED, clerk=None).count() == 1


#: Each removes something of Peter's, as a rule or an error in the software would.
REMOVALS = (
    "UPDATE counter_dossier SET email = ''",
    "UPDATE counter_dossier SET document_number_sealed = ''",
    "UPDATE activation_activationcode SET nonce = ''",
    "UPDATE activation_addresschange SET old_email = ''",
    "UPDATE activation_digitalkey SET destination_sealed = ''",
    "UPDATE activation_keyholder SET email = ''",
    "DELETE FROM activation_signinactivity",
    "DELETE FROM activation_holderchange",
    "DELETE FROM notifications_delivery WHERE holder_id IS NULL",
    "DELETE FROM notifications_delivery WHERE dossier_id IS NULL",
)


@pytest.mark.parametrize("removal", REMOVALS)
def test_the_database_itself_keeps_what_is_held(
    peter: Whole, sofie: Clerk, removal: str
) -> None:
    set_ = hold(peter.dossier, sofie)
    assert "is kept by a legal hold" in refused(removal)
    holds.lift_hold(hold=set_, reason=LiftReason.OVER, clerk=sofie, at=timezone.now())
    assert refused(removal) == ""


def test_a_rule_that_forgets_the_holds_removes_nothing(
    lapsed: Dossier, sofie: Clerk
) -> None:
    hold(lapsed, sofie)
    for forget in (
        lambda: anonymise(Dossier.objects.all(), timezone.now()),
        lambda: forget_people([lapsed.applicant_id], timezone.now()),
        lambda: registry.forget_dossiers([lapsed.pk], timezone.now()),
    ):
        with pytest.raises(IntegrityError, match="legal hold"), transaction.atomic():
            forget()
    assert found_anywhere(LAST_NAME)


def test_a_hold_keeps_the_persons_other_dossiers_too(
    peter: Whole, els: Clerk, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    other = cast.make_dossier(peter.person, els)
    end(other, DossierState.LAPSED, "lapsed_at")
    hold(peter.dossier, sofie)
    clock.shift(120 * DAYS)
    apply_retention()
    other.refresh_from_db()
    assert other.anonymised_at is None
    assert other.email
