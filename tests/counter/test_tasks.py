"""The housekeeping tasks that the schedule starts."""

import datetime
import uuid

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from counter.enums import EnquiryKind
from counter.journal import journal
from counter.journal.events import Event
from counter.models import (
    Clerk,
    Enquiry,
    JournalEntry,
    JournalSeal,
    Office,
    PasskeyChallenge,
)
from counter.operations import duties
from counter.tasks import apply_retention, purge_sessions, seal_journal
from tests.journal_checks import misfits
from tests.races import at_once


def test_the_journal_is_sealed_up_to_now(els: Clerk) -> None:
    journal.write(Event.SIGNED_IN, clerk=els)

    seal_journal()

    last = JournalEntry.objects.latest("id")
    assert JournalSeal.objects.get().last_id == last.pk
    assert misfits() == []


def test_sealing_twice_is_one_seal(els: Clerk) -> None:
    journal.write(Event.SIGNED_IN, clerk=els)
    seal_journal()
    seal_journal()

    assert JournalSeal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_does_not_end_postpones_the_seal(els: Clerk) -> None:
    with transaction.atomic():
        journal.write(Event.SIGNED_IN, clerk=els)
        at_once([seal_journal])

    assert not JournalSeal.objects.exists()
    seal_journal()
    assert JournalSeal.objects.count() == 1


def test_expired_sessions_are_deleted(db: None) -> None:
    now = timezone.now()
    for name, hours in (("old", -1), ("new", 1)):
        Session.objects.create(
            session_key=name,
            session_data="",
            expire_date=now + datetime.timedelta(hours=hours),
        )

    assert purge_sessions() == 1

    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_what_the_night_deletes_with_them_waits_with_them(els: Clerk) -> None:
    now = timezone.now()
    ended = now - datetime.timedelta(days=63)
    Session.objects.create(session_key="old", session_data="", expire_date=ended)
    PasskeyChallenge.objects.create(clerk=els, mark=b"m" * 32, asked_at=ended)
    with time_machine.travel(ended, tick=False):
        seal_journal.apply()
    assert duties.backlog(now)["counter.tasks.purge_sessions"] == 3
    assert purge_sessions() == 3
    assert duties.backlog(now)["counter.tasks.purge_sessions"] == 0


@pytest.mark.parametrize(
    ("handled", "kept_days"), [(True, 90), (False, 365)], ids=["handled", "never seen"]
)
def test_a_message_from_the_public_is_not_kept_for_ever(
    office: Office, els: Clerk, *, handled: bool, kept_days: int
) -> None:
    received = timezone.now()
    Enquiry.objects.create(
        submission=uuid.uuid4(),
        office=office,
        kind=EnquiryKind.QUESTION,
        language="nl",
        text="Wanneer zijn jullie open?",
        received_at=received,
        handled_at=received if handled else None,
        handled_by=els if handled else None,
    )
    last_day = received + datetime.timedelta(days=kept_days, seconds=-1)
    with time_machine.travel(last_day, tick=False):
        apply_retention()
    assert Enquiry.objects.exists()

    with time_machine.travel(last_day + datetime.timedelta(seconds=1), tick=False):
        apply_retention()
        apply_retention()
    assert not Enquiry.objects.exists()
