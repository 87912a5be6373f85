"""What Celery wakes: each looks in the database for what there is to do.

No task has arguments, so the broker holds nothing about anybody, and a task that gets
lost is made up for by the next one. Each returns how many it handled, for the record of
its runs (counter.operations.task_runs).
"""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from notifications.bounces.mailbox import Account, read_mailbox
from notifications.health import journal_heads
from notifications.outbox import express
from notifications.outbox.delivering import deliver_due
from notifications.outbox.waking import wake_up_at_once
from notifications.reminders import reminders


@shared_task
def deliver() -> int:
    """One delivery pass, and another at once when there was more than fits in one.

    With a long row of them another sender is called: one wake-up starts one pass in
    one process, and the others would only come with the next.
    """
    with express.beside():
        done = deliver_due(call_help=wake_up_at_once)
    if done.more:
        wake_up_at_once()
    return done.outcomes.total()


@shared_task
def remind() -> int:
    """Put due reminders into the outbox, at most one batch of each kind in an hour.

    What a standstill left goes over the hours of a day, those first that end first,
    and never as a flood before mail servers that know us for a few an hour.
    """
    handled = reminders.put_reminders(at=timezone.now())
    if handled:
        wake_up_at_once()
    return handled


@shared_task
def mail_journal_head() -> int:
    """Once a day: the journal's head, to the data-protection officer."""
    if not journal_heads.put_head(at=timezone.now()):
        return 0
    wake_up_at_once()
    return 1


@shared_task
def read_bounces() -> int:
    """Note the mails that came back to the sender's mailbox; returns how many."""
    if not settings.BOUNCE_MAILBOX:
        return 0
    account = Account(**settings.BOUNCE_MAILBOX)
    return read_mailbox(account, at=timezone.now()).noted
