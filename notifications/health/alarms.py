"""One mail to the operator when a trouble begins, and one when it is over.

The delivery loop, the worker and beat each look once a minute, so each of them can
report that the others are missing. Each trouble that they find is one row (`Alarm`). A
process claims a row before it sends the mail, so two machines send one mail. The mail
goes straight to the mail server and not through the outbox, which may itself be in
trouble.

If all three are down, nobody looks; then only /readyz says so, to a monitor outside
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

#: How long a claim lasts: if its sender is killed, another one may send the mail then.
_CLAIMED: Final = datetime.timedelta(minutes=1)
#: An alarm that no process has found again for this long is over: its machine or task
#: does not exist any more.
_FORGOTTEN: Final = datetime.timedelta(hours=1)
#: Where processes may disagree, an alarm ends when none of them has found it for this
#: long. Otherwise one process would end it and another begin it again, every minute.
_SETTLED: Final = datetime.timedelta(minutes=10)
_KEPT: Final = datetime.timedelta(days=62)
#: Troubles of one process: another process may run another version, or have other keys.
_PER_PROCESS: Final = {Trouble.MIGRATIONS, Trouble.KEYS}
#: Troubles that are normal while all processes are still starting.
_OF_BEGINNING: Final = {
    Trouble.MIGRATIONS,
    Trouble.PART,
    Trouble.NO_SENDER,
    Trouble.NOTHING_RAN,
    Trouble.TASK_LATE,
}

log = structlog.get_logger("sleutelloket.watch")


def check(*, at: datetime.datetime, has_just_begun: bool = False) -> None:
    """Begin and end alarms by what this process finds, and mail the operator.

    While this process `has_just_begun`, the other processes may be starting too. That
    they are silent, or that no task ran, is then no alarm yet: so it is at the very
    first start, and after a night in which everything was switched off.
    """
    ignored = _OF_BEGINNING if has_just_begun else set()
    findings = list(process.of_migrations(process.missing_migrations()))
    if findings:
        # With missing migrations nothing else can be read reliably, so no alarm ends
        # here.
        _open([one for one in findings if one.trouble not in ignored], at)
    else:
        of_machine = machine.look(at)
        heartbeats.note_certificate(of_machine.certificate_ends)
        findings += troubles.in_database(at)
        findings += process.of_keys(rings.missing_keys())
        findings += of_machine.findings
        _open([one for one in findings if one.trouble not in ignored], at)
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
    """End the alarms that were not found again.

    One about a machine ends when a process sees the thing in order, or when nobody has
    found it for an hour. One about something that this process cannot read goes on:
    nobody knows whether it is over.
    """
    there = {(one.trouble.value, one.about) for one in findings}
    for alarm in Alarm.objects.open():
        key = (alarm.trouble, alarm.about)
        if key in of_machine.unread:
            Alarm.objects.open().filter(pk=alarm.pk).update(seen_at=at)
            continue
        is_elsewhere = alarm.trouble in machine.TROUBLES and key not in of_machine.well
        if is_elsewhere and alarm.seen_at > at - _FORGOTTEN:
            continue
        may_differ = key in of_machine.doubtful or alarm.trouble in _PER_PROCESS
        is_doubtful = may_differ and alarm.seen_at > at - _SETTLED
        if key not in there and not is_doubtful:
            Alarm.objects.open().filter(pk=alarm.pk).update(ended_at=at)


def _tell() -> None:
    """Send one mail at most: a slow server must not hold up the process for longer.

    The end of an alarm is mailed only if its beginning was, or was about to be: an
    operator whose address is configured later gets no mails about the past.
    """
    was_to_be_told = Q(operator_told_at__isnull=False) | Q(claimed_until__isnull=False)
    waiting = Alarm.objects.filter(
        Q(operator_told_at=None, ended_at=None)
        | Q(was_to_be_told, ended_at__isnull=False, operator_told_of_end_at=None)
    )
    for alarm in waiting.order_by("noticed_at", "pk"):
        if _claim(alarm):
            _tell_of(alarm)
            return


def _tell_of(alarm: Alarm) -> None:
    """Send the mail and note that it was sent. If the server does not take it, it is
    tried again by a later look, when the claim has ended.
    """
    is_over = alarm.ended_at is not None
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = alarm_mails.write(alarm, is_over=is_over)
    if not alarm_mails.send(subject, text):
        return
    log.warning("alarm", trouble=alarm.trouble, about=alarm.about, over=is_over)
    column = "operator_told_of_end_at" if is_over else "operator_told_at"
    Alarm.objects.filter(pk=alarm.pk).update(**{column: timezone.now()}, claim=None)


def _claim(alarm: Alarm) -> bool:
    """Claim the alarm; returns whether this process got it. The database's clock
    counts.
    """
    free = Alarm.objects.filter(pk=alarm.pk, ended_at=alarm.ended_at).filter(
        Q(claim=None) | Q(claimed_until__lte=Now())
    )
    column = "operator_told_of_end_at" if alarm.ended_at else "operator_told_at"
    until = Now() + _CLAIMED
    return bool(
        free.filter(**{column: None}).update(claim=uuid4(), claimed_until=until)
    )
