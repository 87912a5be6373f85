"""The page "How it runs": what /readyz says, in words for those who run an office."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from counter.enums import RunOutcome
from counter.models import Alarm
from counter.offices import midnight
from counter.overview.chart import Cell, Chart, Column
from notifications.enums import Channel, DeliveryState, Part, Trouble
from notifications.health import advice, heartbeats, state
from notifications.health.state import State, Status
from notifications.health.troubles import Finding
from notifications.models import Delivery

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, StrPromise

DAYS: Final = 30
_ALARMS: Final = 20
#: Troubles about silent processes: without `since`, no process was ever heard.
_OF_WHO_SPEAKS: Final = {Trouble.NO_SENDER, Trouble.PART}
_SENTENCES: "Final[dict[Status, StrPromise]]" = {
    "ready": gettext_lazy("Everything works."),
    "degraded": gettext_lazy("Most of it works. This is wrong."),
    "dead": gettext_lazy(
        "Messages do not leave, or the counter stands still. Do this first."
    ),
}


@dataclass(frozen=True)
class Wrong:
    """One trouble, in words for somebody who knows the office and not the machines."""

    title: str
    #: None if it is not known; with `was_never_heard`, None means that nobody was ever
    #: heard.
    since: datetime.datetime | None
    was_never_heard: bool
    meaning: "StrOrPromise"
    what_to_do: "StrOrPromise"


@dataclass(frozen=True)
class Process:
    """A background process, on one machine."""

    name: "StrOrPromise"
    host: str
    heard_at: datetime.datetime
    is_silent: bool


@dataclass(frozen=True)
class Task:
    name: "StrOrPromise"
    last: datetime.datetime | None
    outcome: "StrOrPromise"
    is_well: bool
    handled: int | None
    next_at: datetime.datetime
    waiting: int | None


def context(at: datetime.datetime) -> dict[str, Any]:
    """What the template shows, in a fixed number of queries."""
    now = state.of(at)
    known = _known(now) if now.is_known else {}
    return known | {
        "now": now,
        "sentence": _SENTENCES[now.status],
        "is_anybody_mailed": bool(settings.OPERATOR_EMAIL),
        "wrong": [_wrong(one) for one in now.findings],
    }


def _known(now: State) -> dict[str, Any]:
    """The part of the context that needs tables of this version."""
    alarms = Alarm.objects.filter(ended_at__isnull=False).order_by("-ended_at")
    return {
        "processes": list(_processes(now)),
        "lanes": [
            (one, Channel(one.channel).label, _ago(one.oldest_unsent_seconds))
            for one in now.lanes
        ],
        "chart": _days(now.at),
        "tasks": list(_tasks(now)),
        "seal_age": _ago(now.seal_age),
        "unsealed": _ago(now.unsealed),
        "backup_age": _ago(now.backup_age),
        "past": [
            (_title(Trouble(one.trouble), one.about), one) for one in alarms[:_ALARMS]
        ],
    }


def _wrong(finding: Finding) -> Wrong:
    return Wrong(
        _title(finding.trouble, finding.about),
        finding.since,
        finding.trouble in _OF_WHO_SPEAKS,
        advice.meaning(finding.trouble),
        advice.what_to_do(finding.trouble),
    )


def _title(trouble: Trouble, about: str) -> str:
    title = str(trouble.label)
    return f"{title}: {advice.named(about)}" if about else title


def _processes(now: State) -> Iterator[Process]:
    for beat in now.heartbeats:
        is_silent = beat.at <= now.at - heartbeats.MISSING_AFTER
        yield Process(Part(beat.part).label, beat.host, beat.at, is_silent)


def _tasks(now: State) -> Iterator[Task]:
    for task in now.tasks:
        outcome = task.last.outcome_at(now.at) if task.last else None
        yield Task(
            task.duty.label,
            task.last.started_at if task.last else None,
            outcome.label if outcome else "",
            outcome in {None, RunOutcome.DONE},
            task.last.handled if task.last else None,
            task.next_at,
            now.backlog.get(task.duty.task),
        )


def _ago(seconds: float | None) -> str:
    """A duration in its largest unit; a dash for None, and empty for 0 seconds."""
    if seconds is None:
        return "-"
    for size, name in (
        (86_400, _("%(n)d d")),
        (3_600, _("%(n)d h")),
        (60, _("%(n)d min")),
    ):
        if seconds >= size:
            return name % {"n": seconds // size}
    return _("%(n)d s") % {"n": seconds} if seconds else ""


def _days(at: datetime.datetime) -> Chart:
    """Sent and refused messages by day, in one query each, days without any
    included.
    """
    today = localdate(at)
    dates = [today - datetime.timedelta(days=back) for back in reversed(range(DAYS))]
    start = midnight.of(dates[0])
    sent = _by_day("sent_at", DeliveryState.SENT, start)
    refused = _by_day("refused_at", DeliveryState.REFUSED, start)
    columns = []
    for day in dates:
        begins = day in (dates[0], day.replace(day=1))
        cells = [Cell(sent.get(day, 0), ""), Cell(refused.get(day, 0), "")]
        short = date_format(day, "j N" if begins else "j")
        columns.append(Column(date_format(day, "D j F"), short, cells))
    labels = [str(DeliveryState.SENT.label), str(DeliveryState.REFUSED.label)]
    return Chart(_("Messages of the last thirty days"), labels, columns)


def _by_day(
    column: str, kind: DeliveryState, start: datetime.datetime
) -> dict[datetime.date, int]:
    rows = Delivery.objects.filter(Q(**{f"{column}__gte": start}), state=kind)
    days = rows.order_by().values_list(TruncDate(column)).annotate(n=Count("pk"))
    return dict(days)
