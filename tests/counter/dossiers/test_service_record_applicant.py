"""The services that record an applicant and move a dossier, without their pages."""

import datetime
import uuid
from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone

from counter.dossiers.moves import move
from counter.dossiers.recording import Recording, cancel_dossier, record_applicant
from counter.enums import CancelReason, DossierState
from counter.exceptions import MoveRefusedError, NoOfficeError, OpenDossierError
from counter.identity import national_number
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, JournalEntry
from counter.people.person import doubts_of
from tests.cast import PETER_NUMBER


@pytest.fixture
def recording() -> Recording:
    return Recording(
        number=national_number.parse(PETER_NUMBER, today=timezone.localdate()),
        last_name="Janssens",
        first_names="Peter",
        birth_date=datetime.date(1985, 7, 30),
        document_type="BE_PASS",
        document_number="EN123456",
        document_country="BEL",
        document_expiry=datetime.date(2040, 1, 1),
        email="peter@example.org",
        language="fr",
        reason="no_other_key",
        accepted=("sex", "minor"),
    )


def record(
    recording: Recording, clerk: Clerk, submission: uuid.UUID | None = None
) -> Dossier:
    return record_applicant(
        recording=recording,
        clerk=clerk,
        submission=submission or uuid.uuid4(),
        at=timezone.now(),
    )


def agreed(recording: Recording, clerk: Clerk) -> Recording:
    """The recording after the clerk agreed to all that differs from what is known."""
    doubts = doubts_of(recording.number, recording.on_document, clerk=clerk)
    return replace(recording, agreed=frozenset(doubt.stamp for doubt in doubts))


def test_what_was_accepted_is_in_the_journal(recording: Recording, els: Clerk) -> None:
    dossier = record(recording, els)
    entries = [(entry.event, entry.details) for entry in dossier.journal.all()]
    assert entries == [
        (Event.DOSSIER_RECORDED, {}),
        (Event.MISMATCH_ACCEPTED, {"doubt": "sex"}),
        (Event.MISMATCH_ACCEPTED, {"doubt": "minor"}),
    ]


def test_the_number_is_kept_sealed_and_found_by_its_index(
    recording: Recording, els: Clerk
) -> None:
    record(recording, els)
    person = Applicant.objects.with_national_number(PETER_NUMBER).get()
    assert PETER_NUMBER.encode() not in bytes(person.national_number_sealed)
    assert person.masked_number == "85.07.30-***.**"


def test_a_recording_does_not_show_itself_in_logs(recording: Recording) -> None:
    shown = repr(recording) + repr(recording.number)
    for secret in (PETER_NUMBER, "Janssens", "EN123456", "peter@"):
        assert secret not in shown


def test_just_now_becomes_since_a_date(
    recording: Recording, els: Clerk, bart: Clerk
) -> None:
    now = timezone.now()
    record(recording, els)
    with pytest.raises(OpenDossierError) as fresh:
        record(recording, bart)
    with (
        time_machine.travel(now + datetime.timedelta(minutes=20)),
        pytest.raises(OpenDossierError) as older,
    ):
        record(recording, bart)
    assert str(fresh.value) != str(older.value)
    assert fresh.value.dossier_id == older.value.dossier_id == Dossier.objects.get().pk


def test_a_form_of_another_clerk_is_not_answered_with_a_dossier(
    recording: Recording, els: Clerk, bart: Clerk
) -> None:
    submission = uuid.uuid4()
    record(recording, els, submission)
    with pytest.raises(OpenDossierError):
        record(recording, bart, submission)


def test_after_a_closed_dossier_a_new_one_opens(
    recording: Recording, els: Clerk
) -> None:
    first = record(recording, els)
    move(
        first,
        to=DossierState.CANCELLED,
        at=timezone.now(),
        by=els,
        event=Event.DOSSIER_CANCELLED,
        details={"reason": CancelReason.MISTAKE.value},
    )
    second = record(agreed(replace(recording, last_name="Claes"), els), els)
    assert second != first
    assert second.applicant == first.applicant


def test_without_an_office_nothing_is_recorded(
    recording: Recording, els: Clerk
) -> None:
    els.office = None
    with pytest.raises(NoOfficeError):
        record(recording, els)
    assert not Applicant.objects.exists()


def test_a_refused_move_changes_and_says_nothing(dossier: Dossier, els: Clerk) -> None:
    with pytest.raises(MoveRefusedError):
        move(
            dossier,
            to=DossierState.ACTIVATED,
            at=timezone.now(),
            event=Event.KEY_ACTIVATED,
            details={"kind": "app"},
        )
    assert dossier.state == DossierState.RECORDED
    dossier.refresh_from_db()
    assert dossier.state == DossierState.RECORDED
    assert not JournalEntry.objects.filter(event=Event.KEY_ACTIVATED).exists()


def test_a_later_visit_renames_no_earlier_one(recording: Recording, els: Clerk) -> None:
    first = record(recording, els)
    cancel_dossier(
        dossier=first, clerk=els, reason=CancelReason.LEFT, at=timezone.now()
    )
    later = replace(recording, last_name="Claes", birth_date=datetime.date(1985, 7, 31))
    second = record(agreed(later, els), els)

    first.refresh_from_db()
    assert (first.name, first.birth_date) == ("Peter Janssens", recording.birth_date)
    assert (second.name, second.birth_date) == ("Peter Claes", later.birth_date)
