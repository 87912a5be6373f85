"""The duties of this app's tasks, for the page of operators and /metrics."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from counter.operations.duties import Duty
from notifications.health import journal_heads
from notifications.models import Delivery
from notifications.reminders import reminders


def _messages(at: datetime) -> int:
    return Delivery.objects.due(at).count()


def _reminders(at: datetime) -> int:
    return reminders.count_due(at=at)


def _head(at: datetime) -> int:
    return int(journal_heads.is_due(at=at))


DUTIES: Final = (
    Duty(
        task="notifications.tasks.deliver",
        label=_("Send what is due"),
        due=_messages,
    ),
    Duty(
        task="notifications.tasks.remind",
        label=_("Remind of links and keys that are about to end"),
        due=_reminders,
    ),
    # It is in the schedule only if a mailbox is configured.
    Duty(
        task="notifications.tasks.read_bounces",
        label=_("Read the mails that came back"),
    ),
    Duty(
        task="notifications.tasks.mail_journal_head",
        label=_("Mail the seal of the journal to the data-protection officer"),
        due=_head,
    ),
)
