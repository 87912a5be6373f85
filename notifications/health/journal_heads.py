"""The journal's head, sent to somebody who does not run the machine."""

import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from counter.models import JournalSeal
from notifications.enums import Channel, Kind
from notifications.models import Delivery
from notifications.outbox import outbox

log = structlog.get_logger("sleutelloket.journal")


def is_due(*, at: datetime.datetime) -> bool:
    """Whether there is something to tell and today's mail is not in the outbox yet."""
    return JournalSeal.objects.exists() and not _of_day(at).exists()


@transaction.atomic
def put_head(*, at: datetime.datetime) -> bool:
    """Put the mail of the day in the outbox and the head in the log.

    Once a day in Brussels, whoever asks and how often; False when there is nothing new
    to tell. The subject of such a mail is its day, which makes it the only one.
    """
    seal = JournalSeal.objects.defer("marks").last()
    if seal is None or _of_day(at).exists():
        return False
    mail = Delivery(kind=Kind.JOURNAL_HEAD, channel=Channel.MAIL, subject=_day(at))
    mail.seal = seal
    mail.created_at = mail.not_before = at
    outbox.put_all([mail])
    log.info("journal_head", head=seal.head)
    return True


def _of_day(at: datetime.datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(kind=Kind.JOURNAL_HEAD, subject=_day(at))


def _day(at: datetime.datetime) -> UUID:
    return UUID(int=timezone.localdate(at).toordinal())
