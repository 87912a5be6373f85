"""Heartbeats: each process writes to the database that it is alive, and when.

A process that was killed, hangs or waits for an absent broker stops writing, and
/readyz reports it. The process's own loop writes every twenty seconds
(HEARTBEAT_SECONDS): the worker's timer, beat's tick, each turn of the delivery loop.
Heartbeats appear neither in the journal nor in the logs.
"""

import datetime
import os
import socket
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Max
from django.utils import timezone

from notifications.enums import Part
from notifications.models import Heartbeat

#: A process counts as missing after this long; a mail server that answers slowly and a
#: restart of the database take less.
MISSING_AFTER: Final = datetime.timedelta(minutes=2)
_FORGOTTEN_AFTER: Final = datetime.timedelta(days=1)


def beat(part: Part, *, at: datetime.datetime) -> None:
    """Write this process's heartbeat, over the one before."""
    row = Heartbeat(part=part, host=socket.gethostname(), pid=os.getpid(), at=at)
    Heartbeat.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["part", "host", "pid"],
        update_fields=["at"],
    )
    # Delete rows of this part that are older than a day. The row just written stays, so
    # each part keeps its last one, and /readyz can say since when it is gone.
    Heartbeat.objects.filter(part=part, at__lt=at - _FORGOTTEN_AFTER).delete()


def note_certificate(ends: datetime.datetime | None) -> None:
    """Note in this process's heartbeat when the site's certificate ends; None if it
    cannot be read.
    """
    own = Heartbeat.objects.filter(host=socket.gethostname(), pid=os.getpid())
    own.update(certificate_ends=ends)


def beat_between_work(part: Part) -> None:
    """As `beat`, for a process that mainly does something else.

    An absent database is ignored here, because others report it. The connection is
    closed afterwards: children that are forked later must not inherit it.
    """
    try:
        beat(part, at=timezone.now())
    except DatabaseError:
        return
    finally:
        connection.close()


def is_alive(part: Part, *, at: datetime.datetime, host: str | None = None) -> bool:
    """Whether a process of this part has a recent heartbeat, on this host or on any."""
    rows = Heartbeat.objects.filter(part=part, at__gt=at - MISSING_AFTER)
    return (rows.filter(host=host) if host else rows).exists()


def of_a_day(*, at: datetime.datetime) -> list[Heartbeat]:
    """The last heartbeat of each process that wrote one within a day, by part."""
    rows = Heartbeat.objects.filter(at__gt=at - _FORGOTTEN_AFTER)
    return list(rows.order_by("part", "host", "pid"))


def certificate_ends(
    heard: list[Heartbeat], *, at: datetime.datetime
) -> datetime.datetime | None:
    """The earliest end of the certificate that living processes saw; None if none saw
    it.
    """
    ends = [one.certificate_ends for one in heard if one.at > at - MISSING_AFTER]
    return min(filter(None, ends), default=None)


def last_of_expected() -> dict[Part, datetime.datetime | None]:
    """The last heartbeat of each expected part; None for a part that never wrote
    one.
    """
    last = dict(
        Heartbeat.objects.order_by().values_list("part").annotate(last=Max("at"))
    )
    return {part: last.get(part) for part in map(Part, settings.EXPECTED_PARTS)}


def missing(*, at: datetime.datetime) -> dict[Part, datetime.datetime | None]:
    """The expected parts without a recent heartbeat, each with its last one or None."""
    return {
        part: last
        for part, last in last_of_expected().items()
        if last is None or last <= at - MISSING_AFTER
    }
