"""One mail to the operator when a trouble begins, and one when it is over.

The delivery loop, the worker and beat each look once a minute, so no one of them has to
be alive for the others to be missed. What they found is a row a state (`Alarm`), and
who claims a row sends its mail: two machines send one. The mail goes straight to the
mail server and not through the outbox, which may be what is in trouble.

With all of them dead nobody looks; then /readyz says so to whoever asks from outside
(docs/operations.md#when-everything-is-dead).
"""

import datetime
from typing import Final
from uuid import uuid4

import structlog
from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone, translation

from counter.crypto import rings
from counter.models import Alarm
from notifications.enums import Trouble
from notifications.health import alarm_mails, heartbeats, machine, process, troubles
from notifications.health.troubles import Finding

#: A sender that is killed with an alarm in hand leaves it to the others after that.
_CLAIMED: Final = datetime.timedelta(minutes=1)
#: A state that nobody has seen for so long is over: its machine or task is gone.
_FORGOTTEN: Final = datetime.timedelta(hours=1)
#: Where processes may find different things, it is over when none has found it for so
#: long: else one would end it and another begin it again, every minute.
_SETTLED: Final = datetime.timedelta(minutes=10)
_KEPT: Final = datetime.timedelta(days=62)
_PER_MACHINE: Final = {
    Trouble.DISK,
    Trouble.CERTIFICATE,
    Trouble.CERTIFICATE_UNREAD,
}
#: What a process finds about itself; beside it may be one of another version or ring.
_PER_PROCESS: Final = {Trouble.MIGRATIONS, Trouble.KEYS}
#: Of processes and tasks that may be about to begin as well, where all begin at once.
_OF_BEGINNING: Final = {
    Trouble.MIGRATIONS,
    Trouble.PART,
    Trouble.NO_SENDER,
    Trouble.NOTHING_RAN,
    Trouble.TASK_LATE,
}

log = structlog.get_logger("sleutelloket.watch")


def check(*, at: datetime.datetime, has_just_begun: bool = False) -> None:
    """Write down what begins and what is over, and tell the operator of each.

    Where this process `has_just_begun`, the others may be about to begin as well: that
    they are silent, or that nothing ran, is no alarm yet, at the first start of a house
    as after a night in which it was switched off.
    """
    held = _OF_BEGINNING if has_just_begun else set()
    findings = list(process.of_migrations(process.missing_migrations()))
    if findings:
        # Nothing else can be read for certain, so nothing is known to be over.
        _open([one for one in findings if one.trouble not in held], at)
    else:
        of_machine = machine.look(at)
        heartbeats.note_certificate(of_machine.certificate_ends)
        findings += troubles.in_database(at)
        findings += process.of_keys(rings.missing_keys())
        findings += of_machine.findings
        _open([one for one in findings if one.trouble not in held], at)
        _close(findings, of_machine, at)
        Alarm.objects.filter(ended_at__lt=at - _KEPT).delete()
    if settings.OPERATOR_EMAIL:
        _tell()


def _open(findings: list[Finding], at: datetime.datetime) -> None:
    Alarm.objects.bulk_create(
        [
            Alarm(
                trouble=one.trouble,
                about=one.about,
                since=one.since or at,
                noticed_at=at,
                seen_at=at,
            )
            for one in findings
        ],
        ignore_conflicts=True,
    )
    seen = Q()
    for one in findings:
        seen |= Q(trouble=one.trouble, about=one.about)
    if findings:
        Alarm.objects.open().filter(seen).update(seen_at=at)


def _close(
    findings: list[Finding], of_machine: machine.Look, at: datetime.datetime
) -> None:
    """End what is not there any more; a machine's own only where it was seen.

    What this machine cannot read goes on: nobody knows that it is over.
    """
    there = {(one.trouble.value, one.about) for one in findings}
    for alarm in Alarm.objects.open():
        key = (alarm.trouble, alarm.about)
        if key in of_machine.unread:
            Alarm.objects.open().filter(pk=alarm.pk).update(seen_at=at)
            continue
        is_elsewhere = alarm.trouble in _PER_MACHINE and key not in of_machine.well
        if is_elsewhere and alarm.seen_at > at - _FORGOTTEN:
            continue
        may_differ = key in of_machine.doubtful or alarm.trouble in _PER_PROCESS
        is_doubtful = may_differ and alarm.seen_at > at - _SETTLED
        if key not in there and not is_doubtful:
            Alarm.objects.open().filter(pk=alarm.pk).update(ended_at=at)


def _tell() -> None:
    """One mail at each look: a server that is slow holds up who looks only once.

    Of one that is over, only where it was told or was to be told: whoever is named as
    the operator later hears nothing of what is past.
    """
    was_to_be_told = Q(told_at__isnull=False) | Q(claimed_until__isnull=False)
    waiting = Alarm.objects.filter(
        Q(told_at=None, ended_at=None)
        | Q(was_to_be_told, ended_at__isnull=False, end_told_at=None)
    )
    for alarm in waiting.order_by("noticed_at", "pk"):
        if _claim(alarm):
            _tell_of(alarm)
            return


def _tell_of(alarm: Alarm) -> None:
    """Mail it and note that; a server that does not take it is tried at another look,
    when the claim has ended.
    """
    is_over = alarm.ended_at is not None
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = alarm_mails.write(alarm, is_over=is_over)
    if not alarm_mails.send(subject, text):
        return
    log.warning("alarm", trouble=alarm.trouble, about=alarm.about, over=is_over)
    column = "end_told_at" if is_over else "told_at"
    Alarm.objects.filter(pk=alarm.pk).update(**{column: timezone.now()}, claim=None)


def _claim(alarm: Alarm) -> bool:
    """Whether this process is the one that sends it; by the database's clock."""
    free = Alarm.objects.filter(pk=alarm.pk, ended_at=alarm.ended_at).filter(
        Q(claim=None) | Q(claimed_until__lte=Now())
    )
    unsaid = Q(end_told_at=None) if alarm.ended_at else Q(told_at=None)
    until = Now() + _CLAIMED
    return bool(free.filter(unsaid).update(claim=uuid4(), claimed_until=until))
