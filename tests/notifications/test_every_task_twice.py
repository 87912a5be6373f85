"""Tasks of the schedule that start on several machines at once, or run once more."""

import datetime
from collections import Counter
from itertools import pairwise

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.module_loading import import_string

from activation.models import ActivationCode, DigitalKey, KeyEndings
from counter.backups.own_figures import _rows
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, DestructionRecord, Enquiry, JournalEntry, JournalSeal
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from tests import cast
from tests.journal_checks import misfits
from tests.mail_server import MailServer
from tests.notifications.acts import NUMBERS, make_key
from tests.races import at_once

A_DAY = datetime.timedelta(days=1)
#: The tasks that beat starts. Sending is last, when all mails are in the outbox.
NAMES = sorted(
    {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()},
    key=lambda name: (name.endswith(".deliver"), name),
)


def a_world(els: Clerk) -> None:
    """Make rows, so that each task has something to do."""
    now = timezone.now()
    ages = (15, 16, 7, 8, 12)
    dossiers = [
        cast.make_dossier(
            cast.make_applicant(NUMBERS[place]), els, email=f"p{place}@example.org"
        )
        for place in range(len(ages) + 2)
    ]
    for age, dossier in zip(ages, dossiers, strict=False):
        cast.make_code(dossier, els, issued_at=now - age * A_DAY)
    for dossier, ends_in in zip(dossiers[-2:], (-1, 20), strict=True):
        key = make_key(dossier, els, activated_at=now - 3600 * A_DAY)
        ends = now + ends_in * A_DAY
        DigitalKey.objects.filter(pk=key.pk).update(valid_until=ends)
    ActivationCode.objects.filter(dossier__in=dossiers[-2:]).update(
        state="used", used_at=now - A_DAY
    )
    assert els.office is not None
    cast.make_enquiry(els.office)
    Enquiry.objects.update(handled_at=now - 400 * A_DAY, handled_by=els)
    Session.objects.create(session_key="old", session_data="", expire_date=now - A_DAY)
    journal.write(Event.SIGNED_IN, clerk=els)


def events() -> Counter[str]:
    return Counter(JournalEntry.objects.values_list("event", flat=True))


@pytest.mark.django_db(transaction=True)
def test_twice_at_once_is_once(els: Clerk, mail_server: MailServer) -> None:
    a_world(els)
    for name in NAMES:
        task = import_string(name)
        at_once([task, task, task])

    counts = events()
    assert counts[Event.CODE_LAPSED] == 2
    assert counts[Event.KEY_EXPIRED] == 1
    assert DestructionRecord.objects.filter(rule="enquiry_handled").count() == 1
    assert DestructionRecord.objects.get(rule="enquiry_handled").rows == 1
    # Both keys were counted before one of them expired.
    assert sum(KeyEndings.objects.values_list("count", flat=True)) == 2
    assert not Session.objects.filter(session_key="old").exists()
    kinds = Counter(Delivery.objects.values_list("kind", flat=True))
    assert kinds[Kind.REMINDER_WEEK] == 2
    assert kinds[Kind.REMINDER_LAST] == 1
    assert kinds[Kind.KEY_EXPIRES_30] == 1
    assert kinds[Kind.JOURNAL_HEAD] <= 1
    unsent = Delivery.objects.exclude(state=DeliveryState.SENT)
    assert not unsent.exists()
    assert len(mail_server.messages) == Delivery.objects.count()
    assert misfits() == []
    seals = JournalSeal.objects.order_by("first_id").values_list("first_id", "last_id")
    assert all(one[1] < two[0] for one, two in pairwise(seals))


@pytest.mark.django_db(transaction=True)
def test_running_all_of_them_again_changes_nothing(
    els: Clerk, mail_server: MailServer
) -> None:
    a_world(els)
    # The next run seals what a run wrote to the journal, and mails the seal once.
    for _ in range(2):
        for name in NAMES:
            import_string(name)()
    rows_before, events_before = _rows(), events()
    for name in NAMES:
        import_string(name)()
    assert _rows() == rows_before
    assert events() == events_before
