"""The nightly task lets codes lapse in batches while people use the same codes."""

import datetime
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from activation import tasks
from activation.codes.lapsing import (
    lapse_all,
    lapse_codes,
)
from activation.enums import CodeState, KeyState
from activation.models import ActivationCode, DigitalKey
from activation.querysets import TRIES_A_CODE
from activation.signals import codes_ended
from counter.database.batches import RowsFailedError
from counter.enums import DossierState
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.enums import DeliveryState, Skipped
from notifications.models import Delivery
from tests.database import superuser
from tests.journal_checks import misfits
from tests.notifications.acts import make_key, make_visits
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

LATER = datetime.timedelta(days=40)


@contextmanager
def in_hand(act: Callable[[], object]) -> Iterator[None]:
    """Inside the block another transaction has done `act`, and has not ended yet."""
    done, ending = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                act()
                done.set()
                ending.wait(30)
        finally:
            connection.close()

    somebody = threading.Thread(target=run)
    somebody.start()
    assert done.wait(10)
    try:
        yield
    finally:
        ending.set()
        somebody.join(10)


def lapsed() -> set[object]:
    states = ActivationCode.objects.filter(state=CodeState.LAPSED)
    return set(states.values_list("pk", flat=True))


@pytest.mark.parametrize("model", [ActivationCode, Dossier])
def test_what_somebody_has_in_hand_is_left_and_nobody_waits(
    els: Clerk, model: type[ActivationCode | Dossier]
) -> None:
    make_visits(5, els)
    at = timezone.now() + LATER
    busy = ActivationCode.objects.order_by("valid_until").all()[1]
    key = busy.pk if model is ActivationCode else busy.dossier_id

    with in_hand(lambda: model._default_manager.select_for_update().get(pk=key)):
        assert lapse_codes(at=at) == 4
        assert busy.pk not in lapsed()

    assert lapse_codes(at=at) == 1
    assert busy.pk in lapsed()
    assert JournalEntry.objects.filter(event=Event.CODE_LAPSED).count() == 5


def test_a_row_in_use_takes_no_place_of_a_batch(els: Clerk) -> None:
    make_visits(4, els)
    first = ActivationCode.objects.order_by("valid_until").all()[0]

    with in_hand(lambda: ActivationCode.objects.select_for_update().get(pk=first.pk)):
        assert lapse_codes(at=timezone.now() + LATER, limit=3) == 3


def test_one_that_was_replaced_while_the_batch_looked_stays_so(els: Clerk) -> None:
    make_visits(3, els)
    one = ActivationCode.objects.order_by("valid_until").all()[0]
    at = timezone.now() + LATER

    def replace() -> None:
        ActivationCode.objects.filter(pk=one.pk).update(
            state=CodeState.REPLACED, replaced_at=timezone.now()
        )

    with in_hand(replace):
        assert lapse_codes(at=at) == 2
    assert lapse_codes(at=at) == 0
    one.refresh_from_db()
    assert one.state == CodeState.REPLACED


def test_several_runs_and_many_batches_lapse_each_code_once(els: Clerk) -> None:
    make_visits(30, els)
    at = timezone.now() + LATER

    def run() -> int:
        lapsed_here = 0
        while done := lapse_codes(at=at, limit=4):
            lapsed_here += done
        return lapsed_here

    assert sum(at_once([run] * 4)) == 30
    assert JournalEntry.objects.filter(event=Event.CODE_LAPSED).count() == 30
    dossiers = JournalEntry.objects.filter(event=Event.CODE_LAPSED)
    assert dossiers.values("dossier").distinct().count() == 30
    assert Dossier.objects.filter(state=DossierState.LAPSED).count() == 30


def test_a_batch_that_is_killed_has_done_nothing_and_the_next_one_does_it(
    els: Clerk,
) -> None:
    """The connection of the batch ends after the last write and before the commit."""
    make_visits(6, els)
    at = timezone.now() + LATER

    def kill(**_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    codes_ended.connect(kill)
    try:
        with pytest.raises(DatabaseError):
            lapse_codes(at=at)
    finally:
        codes_ended.disconnect(kill)
        connection.close()

    assert lapsed() == set()
    assert not JournalEntry.objects.filter(event=Event.CODE_LAPSED).exists()
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    assert waiting.count() == 6

    assert lapse_codes(at=at) == 6
    dropped = Delivery.objects.filter(state=DeliveryState.DROPPED)
    assert {row.dropped_because for row in dropped} == {Skipped.CODE_LAPSED}
    assert dropped.count() == 6


def test_the_entries_of_a_batch_have_their_marks_and_a_seal(els: Clerk) -> None:
    make_visits(5, els)
    lapse_codes(at=timezone.now() + LATER)

    entries = list(JournalEntry.objects.filter(event=Event.CODE_LAPSED))
    assert len({bytes(entry.mark) for entry in entries}) == 5
    assert {entry.office_id for entry in entries} == {els.office_id}
    assert misfits() == []
    assert journal.seal() is not None
    assert misfits() == []


def test_a_batch_needs_no_statement_for_each_row(
    els: Clerk, django_assert_max_num_queries: Callable[..., object]
) -> None:
    make_visits(12, els)
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        assert lapse_codes(at=timezone.now() + LATER) == 12


def test_a_key_whose_dossier_somebody_has_in_hand_expires_in_the_next_run(
    dossier: Dossier, els: Clerk
) -> None:
    key = make_key(dossier, els, activated_at=timezone.now())
    assert key.valid_until is not None

    with time_machine.travel(key.valid_until, tick=False):
        with in_hand(lambda: Dossier.objects.select_for_update().get(pk=dossier.pk)):
            assert tasks.expire_keys() == 0

        assert tasks.expire_keys() == 1
    assert DigitalKey.objects.get().state == KeyState.EXPIRED
    assert misfits() == []


_NO_ENTRY_ABOUT = """
CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'Not about Nummer 2.'; END$$;
CREATE TRIGGER refuse_one BEFORE INSERT ON counter_journalentry
    FOR EACH ROW WHEN (NEW.dossier_id = '{}') EXECUTE FUNCTION refuse_one();
"""
_ANY_ENTRY = """
DROP TRIGGER refuse_one ON counter_journalentry;
DROP FUNCTION refuse_one();
"""


@contextmanager
def no_entry_about(dossier: UUID) -> Iterator[None]:
    """Inside the block no journal entry about this dossier can be written."""
    with superuser() as server:
        server.execute(_NO_ENTRY_ABOUT.format(dossier))
    try:
        yield
    finally:
        with superuser() as server:
            server.execute(_ANY_ENTRY)


def test_one_that_cannot_be_ended_keeps_no_other_from_it(
    els: Clerk, caplog: pytest.LogCaptureFixture
) -> None:
    """The journal entry of one code cannot be written: the run ends the others, and
    then fails.
    """
    make_visits(6, els)
    bad = ActivationCode.objects.order_by("valid_until").all()[1]
    with no_entry_about(bad.dossier_id):
        with (
            time_machine.travel(timezone.now() + LATER),
            pytest.raises(RowsFailedError),
        ):
            lapse_all(seconds=60.0)
        bad.refresh_from_db()
        assert bad.state == CodeState.LIVE
        assert len(lapsed()) == 5
        assert str(bad.pk) in caplog.text
        assert "Nummer" not in caplog.text

    with time_machine.travel(timezone.now() + LATER):
        assert lapse_all(seconds=60.0) == 1


def test_a_whole_run_ends_all_of_it(els: Clerk) -> None:
    make_visits(7, els)
    with time_machine.travel(timezone.now() + LATER):
        assert lapse_all(seconds=60.0) == 7
        assert lapse_all(seconds=60.0) == 0


def test_one_that_cannot_be_locked_keeps_no_other_from_its_end(els: Clerk) -> None:
    """The tries at one code are used up, and its journal entry cannot be written."""
    make_visits(4, els)
    spent = ActivationCode.objects.order_by("valid_until").all()[0]
    at = timezone.now() + LATER
    ActivationCode.objects.filter(pk=spent.pk).update(
        attempts=TRIES_A_CODE, valid_until=at + datetime.timedelta(days=1)
    )
    with (
        no_entry_about(spent.dossier_id),
        time_machine.travel(at),
        pytest.raises(DatabaseError),
    ):
        tasks.lapse_codes()
    assert len(lapsed()) == 3


def test_one_that_cannot_end_keeps_no_other_from_being_locked(els: Clerk) -> None:
    make_visits(4, els)
    bad, spent = ActivationCode.objects.order_by("valid_until").all()[:2]
    at = timezone.now() + LATER
    ActivationCode.objects.filter(pk=spent.pk).update(
        attempts=TRIES_A_CODE, valid_until=at + datetime.timedelta(days=1)
    )
    with (
        no_entry_about(bad.dossier_id),
        time_machine.travel(at),
        pytest.raises(RowsFailedError),
    ):
        tasks.lapse_codes()
    spent.refresh_from_db()
    assert spent.state == CodeState.LOCKED
    assert len(lapsed()) == 2
