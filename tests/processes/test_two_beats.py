"""Two beats, started by mistake, and two workers do the work of each task once."""

import datetime
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from activation.models import DigitalKey
from counter.enums import RunOutcome
from counter.journal.events import Event
from counter.models import Clerk, DestructionRecord, Enquiry, JournalEntry, TaskRun
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from tests import cast
from tests.journal_checks import misfits
from tests.notifications.acts import NUMBERS, make_key
from tests.processes.conftest import CELERY, House, wait_for

pytestmark = pytest.mark.processes

A_DAY = datetime.timedelta(days=1)
TASKS = {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}
#: The test waits until each task has run so often.
RUNS = 4


def something_to_do(els: Clerk) -> None:
    now = timezone.now()
    for place, age in enumerate((15, 7, 12)):
        applicant = cast.make_applicant(NUMBERS[place])
        dossier = cast.make_dossier(applicant, els, email=f"p{place}@example.net")
        cast.make_code(dossier, els, issued_at=now - age * A_DAY)
    applicant = cast.make_applicant(NUMBERS[9])
    dossier = cast.make_dossier(applicant, els, email="p9@example.net")
    key = make_key(dossier, els, activated_at=now - 3600 * A_DAY)
    DigitalKey.objects.filter(pk=key.pk).update(valid_until=now - A_DAY)
    key.code.state, key.code.used_at = "used", now
    key.code.save()
    assert els.office is not None
    cast.make_enquiry(els.office)
    Enquiry.objects.update(handled_at=now - 400 * A_DAY, handled_by=els)


def ran() -> Counter[str]:
    done = TaskRun.objects.filter(outcome=RunOutcome.DONE)
    return Counter(done.values_list("name", flat=True))


def test_two_beats_do_no_harm(house: House, els: Clerk) -> None:
    something_to_do(els)
    house.env["DJANGO_SETTINGS_MODULE"] = "tests.quick_schedule"
    workers = [house.worker("--concurrency", "2") for _ in range(2)]
    beats = [
        house._start(
            [*CELERY, "beat", "--schedule", str(house.home / f"schedule{nth}")]
        )
        for nth in range(2)
    ]
    wait_for(
        lambda: all(ran()[name] >= RUNS for name in TASKS),
        seconds=180,
        what=f"each of {len(TASKS)} tasks {RUNS} times",
    )
    for beat in beats:
        assert beat.terminate() == 0
        assert beat.logged.count("Sending due task") >= RUNS
    for worker in workers:
        worker.terminate(seconds=60)

    failed = TaskRun.objects.filter(outcome=RunOutcome.FAILED)
    assert list(failed.values_list("name", "error")) == []
    counts = Counter(JournalEntry.objects.values_list("event", flat=True))
    assert counts[Event.CODE_LAPSED] == 1
    assert counts[Event.KEY_EXPIRED] == 1
    assert DestructionRecord.objects.get(rule="enquiry_handled").rows == 1
    kinds = Counter(Delivery.objects.values_list("kind", flat=True))
    # On servers reminders are sent in the daytime only; here at any hour.
    assert kinds[Kind.REMINDER_WEEK] == kinds[Kind.REMINDER_LAST] == 1
    sent = Delivery.objects.filter(state=DeliveryState.SENT)
    assert len(house.mail.messages) == sent.count()
    assert misfits() == []
    connection.close()
