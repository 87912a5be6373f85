"""The journal's head, mailed to somebody who does not administer the machine."""

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
    """Whether there is a seal, and today's mail about it is not in the outbox yet."""
    return JournalSeal.objects.exists() and not _of_day(at).exists()


@transaction.atomic
def put_head(*, at: datetime.datetime) -> bool:
    """Put the mail of the day in the outbox, and write the head to the log.

    It does so once a day (in Brussels), however often it is called; returns False if
    there is no seal or the mail is in already. The row's subject is the day, so the
    database allows only one.
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
