"""Housekeeping that the schedule wakes."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from counter import journal
from counter.enums import Event
from counter.models import Clerk, JournalEntry, JournalSeal
from counter.tasks import clear_sessions, seal_journal
from tests.races import at_once


def test_the_journal_is_sealed_up_to_now(els: Clerk) -> None:
    journal.write(Event.SIGNED_IN, clerk=els)

    seal_journal()

    last = JournalEntry.objects.latest("id")
    assert JournalSeal.objects.get().last_id == last.pk
    assert journal.verify() == []


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

    clear_sessions()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
