"""More than one beat starts each task several times at once: it is done once.

Only one beat is started (docker-compose.yml), but an operator may start another by
mistake.
"""

import datetime
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from activation.codes.validity import key_end
from activation.enums import CodeState, KeyState
from activation.models import ActivationCode, DigitalKey
from counter.enums import SecretForm, StaffSecret
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry, JournalSeal
from counter.sign_in import failed_sign_ins
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from notifications.outbox import waiting_room
from notifications.tasks import deliver
from tests import cast
from tests.mail_server import MailServer
from tests.notifications.acts import NUMBERS, announce, make_key, make_visits
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

BEATS = 4
TASKS = sorted({str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()})


def woken(name: str) -> list[int]:
    """Start the task BEATS times at once; return how many rows each handled."""
    current_app.loader.import_default_modules()
    task: Any = current_app.tasks[name]
    return at_once([task] * BEATS)


def ago(**time: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(**time)


def a_code(place: int, clerk: Clerk, issued_at: datetime.datetime) -> ActivationCode:
    dossier = cast.make_dossier(cast.make_applicant(NUMBERS[place]), clerk)
    return cast.make_code(dossier, clerk, issued_at=issued_at)[0]


def count_entries(event: Event) -> int:
    return JournalEntry.objects.filter(event=event).count()


@pytest.mark.parametrize("name", TASKS)
def test_each_task_can_be_woken_twice_with_nothing_to_do(name: str) -> None:
    assert woken(name) == [0] * BEATS


def test_codes_lapse_once(els: Clerk) -> None:
    for place in range(5):
        a_code(place, els, ago(days=20))
    woken("activation.tasks.lapse_codes")
    assert ActivationCode.objects.filter(state=CodeState.LAPSED).count() == 5
    assert count_entries(Event.CODE_LAPSED) == 5


def test_keys_expire_once(els: Clerk) -> None:
    dossier = cast.make_dossier(cast.make_applicant(NUMBERS[0]), els)
    key = make_key(dossier, els, activated_at=ago(days=10))
    then = ago(days=3700)
    DigitalKey.objects.filter(pk=key.pk).update(
        activated_at=then, valid_until=key_end(then)
    )
    woken("activation.tasks.expire_keys")
    key.refresh_from_db()
    assert key.state == KeyState.EXPIRED
    assert count_entries(Event.KEY_EXPIRED) == 1


def test_who_is_reminded_gets_one_mail(els: Clerk, mail_server: MailServer) -> None:
    for place in range(5):
        a_code(place, els, ago(days=8))
    woken("notifications.tasks.remind")
    assert Delivery.objects.filter(kind=Kind.REMINDER_WEEK).count() == 5
    woken("notifications.tasks.deliver")
    assert waiting_room.wait(10)
    assert len(mail_server.messages) == 5


def test_mails_leave_once(els: Clerk, mail_server: MailServer) -> None:
    make_visits(20, els)
    woken("notifications.tasks.deliver")
    deliver()
    assert waiting_room.wait(10)
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 20
    assert len(mail_server.recipients) == len(set(mail_server.recipients)) == 20


def test_the_journal_is_sealed_once_and_its_head_mailed_once(els: Clerk) -> None:
    for place in range(5):
        announce(a_code(place, els, ago(days=1)))
        journal.write(
            Event.CODE_LAPSED,
            dossier=ActivationCode.objects.latest("issued_at").dossier,
        )
    woken("counter.tasks.seal_journal")
    sealed = JournalSeal.objects.aggregate(n=Sum("entries"))["n"]
    assert sealed == JournalEntry.objects.count() > 0
    woken("notifications.tasks.mail_journal_head")
    assert Delivery.objects.filter(kind=Kind.JOURNAL_HEAD).count() == 1


def test_failed_sign_ins_are_summed_up_once(els: Clerk) -> None:
    for _ in range(7):
        failed_sign_ins.note(
            user_name="els",
            network="192.0.2.1",
            form=SecretForm.SIGN_IN,
            secret=StaffSecret.PASSWORD,
            at=ago(hours=2),
        )
    woken("counter.tasks.sum_up_failed_sign_ins")
    assert JournalEntry.objects.failed_sign_ins(ago(days=1)).how_often() == 7
