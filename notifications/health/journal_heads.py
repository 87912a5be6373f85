"""The journal's head, sent to somebody who does not run the machine."""

import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from counter.models import JournalSeal
from notifications.enums import Channel, Kind
from notifications.models import Delivery
from notifications.outbox import outbox

log = structlog.get_logger("sleutelloket.journal")


@transaction.atomic
def put_head(*, at: datetime.datetime) -> bool:
    """Put the mail of the day in the outbox and the head in the log.

    Once a day in Brussels, whoever asks and how often; False when there is nothing new
    to tell. The subject of such a mail is its day, which makes it the only one.
    """
    seal = JournalSeal.objects.last()
    day = UUID(int=timezone.localdate(at).toordinal())
    mails = Delivery.objects.filter(kind=Kind.JOURNAL_HEAD, subject=day)
    if seal is None or mails.exists():
        return False
    mail = Delivery(kind=Kind.JOURNAL_HEAD, channel=Channel.MAIL, subject=day)
    mail.seal = seal
    mail.created_at = mail.not_before = at
    outbox.put_all([mail])
    log.info("journal_head", head=seal.head)
    return True
