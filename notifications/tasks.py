"""Celery tasks; each looks in the database for what there is to do.

No task has arguments, so the broker holds no personal data, and the next run makes up
for a task that gets lost. Each returns how many it handled, for the record of its runs
(counter.operations.task_runs).
"""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from notifications.bounces.mailbox import Account, read_mailbox
from notifications.health import journal_heads
from notifications.outbox import express
from notifications.outbox.delivering import deliver_due
from notifications.outbox.waking import wake_up_from_task
from notifications.reminders import reminders


@shared_task
def deliver() -> int:
    """One delivery pass, and another one at once if more was due than fits in one.

    If many rows are due, another sender is called. One wake-up starts one pass in one
    process; without the call, the other processes would wait for the next wake-up.
    """
    with express.beside():
        done = deliver_due(call_help=wake_up_from_task)
    if done.more:
        wake_up_from_task()
    return done.outcomes.total()


@shared_task
def remind() -> int:
    """Put due reminders into the outbox, at most one batch of each kind in an hour.

    After a standstill the backlog is spread over the hours of a day, those that end
    first come first. Mail servers that usually get a few mails an hour from us would
    distrust thousands at once.
    """
    handled = reminders.put_reminders(at=timezone.now())
    if handled:
        wake_up_from_task()
    return handled


@shared_task
def mail_journal_head() -> int:
    """Mail the journal's head to the data-protection officer, once a day."""
    if not journal_heads.put_head(at=timezone.now()):
        return 0
    wake_up_from_task()
    return 1


@shared_task
def read_bounces() -> int:
    """Note the mails that bounced to the sender's mailbox; returns how many."""
    if not settings.BOUNCE_MAILBOX:
        return 0
    account = Account(**settings.BOUNCE_MAILBOX)
    return read_mailbox(account, at=timezone.now()).noted
