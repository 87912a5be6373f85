"""The delivery loop: the outbox's due rows, out one by one (DESIGN.md, section 4).

Several run at once, in Celery's workers and in `manage.py deliver`, and any of them
may be killed at any line. For each row:

1. Claim it: a lease of 60 s, one attempt more. Commit. A row in other hands, or
   with others waiting on it, is passed over.
2. Read again what it is about; if that is over, drop the row. Done.
3. Render the message, deriving the link or the digits anew.
4. Send it, outside any transaction, with a time limit.
5. Mark the row sent, refused or put off, if the lease is still ours. Commit,
   with the journal entry.

Killed before 4, the row is due again when the lease ends, and nothing was sent.
Killed between 4 and 5, it is sent a second time, with the same Message-ID and the
same link. Nothing is lost in either case.
"""

import dataclasses
import datetime
import time
import traceback
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.urls import NoReverseMatch
from django.utils import timezone

from counter.encryption import UnsealError
from notifications.enums import Channel
from notifications.exceptions import AwayError, PutOffError, RefusedError
from notifications.models import Delivery
from notifications.services import outbox
from notifications.services.answers import without_addresses
from notifications.services.channels import MailConnection, send_text
from notifications.services.rendering import Mail, Outgoing, render

log = structlog.get_logger("sleutelloket.delivery")

# Short, so that a worker asked to stop is soon between two rows; whoever runs a
# pass runs the next one at once when there was more.
PASS_SECONDS: Final = 10.0
PASS_ROWS: Final = 200
# A server that is away keeps a row no longer than this: the row did nothing wrong.
AWAY_WAIT: Final = datetime.timedelta(minutes=1)
# What one row's data can break: a key no longer held, bytes sealed elsewhere, a
# language without a text. It costs this row a delay, and the others nothing; left to
# Celery's log, the words of such an error would show a link or a name.
BAD_ROW: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NoReverseMatch,
    ObjectDoesNotExist,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    TypeError,
    UnsealError,
    ValueError,
)


class Outcome(StrEnum):
    SENT = "sent"
    REFUSED = "refused"
    PUT_OFF = "put off"
    DROPPED = "dropped"
    LOST = "lost to another sender"


@dataclasses.dataclass
class Pass:
    """What one pass did; `more` when it stopped with rows still due."""

    outcomes: Counter[Outcome] = dataclasses.field(default_factory=Counter)
    more: bool = False

    def __str__(self) -> str:
        return ", ".join(f"{count} {what}" for what, count in self.outcomes.items())


def _never() -> bool:
    return False


def _nobody() -> None:
    return None


def deliver_due(
    *, stop: Callable[[], bool] = _never, call_help: Callable[[], None] = _nobody
) -> Pass:
    """Send what is due, for 10 seconds or 200 rows at most.

    With a long row of them `call_help` is called once, and only when something was
    sent: while a server is away every sender would call the next one.

    `stop` is asked between two rows. A channel that turns out to be away is left
    alone for the rest of the pass: the row that found out waits a minute at most,
    the others stay due, and all of them go when it is back.
    """
    done = Pass()
    has_called = False
    until = time.monotonic() + PASS_SECONDS
    away: set[Channel] = set()
    with MailConnection() as mail:
        while not stop():
            if done.outcomes.total() >= PASS_ROWS or time.monotonic() > until:
                done.more = True
                break
            delivery = outbox.claim(at=timezone.now(), without=away)
            if delivery is None:
                break
            outcome = _deliver(delivery, mail, away)
            done.outcomes[outcome] += 1
            if outcome is Outcome.SENT and not has_called and not away:
                has_called = True
                if outbox.wants_help(at=timezone.now()):
                    call_help()
    return done


def _deliver(delivery: Delivery, mail: MailConnection, away: set[Channel]) -> Outcome:
    """Steps 2 to 5 for one claimed row."""
    to = ""
    try:
        outgoing = render(delivery, at=timezone.now())
        if outgoing is None:
            kept = outbox.mark_dropped(delivery, at=timezone.now())
            return _told(delivery, Outcome.DROPPED, kept=kept)
        to = outgoing.to
        _send(outgoing, mail)
    except RefusedError as error:
        answer = without_addresses(error.answer, to=to)
        kept = outbox.mark_refused(delivery, at=timezone.now(), answer=answer)
        return _told(delivery, Outcome.REFUSED, kept=kept)
    except (AwayError, PutOffError) as error:
        answer = without_addresses(error.answer, to=to)
        longest = outbox.LONGEST_WAIT
        if isinstance(error, AwayError):
            away.add(Channel(delivery.channel))
            longest = AWAY_WAIT
        kept = outbox.put_off(
            delivery, at=timezone.now(), longest=longest, answer=answer
        )
        return _told(delivery, Outcome.PUT_OFF, kept=kept)
    except BAD_ROW as error:
        # What an error says may quote the data; its class and place do not.
        log.error(  # noqa: TRY400 (a traceback would quote it too)
            "cannot_be_sent",
            delivery=str(delivery.pk),
            error=type(error).__name__,
            place=_place(error),
        )
        kept = outbox.put_off(delivery, at=timezone.now())
        return _told(delivery, Outcome.PUT_OFF, kept=kept)
    kept = outbox.mark_sent(delivery, at=timezone.now())
    return _told(delivery, Outcome.SENT, kept=kept)


def _send(outgoing: Outgoing, mail: MailConnection) -> None:
    if isinstance(outgoing, Mail):
        mail.send(outgoing)
    else:
        send_text(outgoing)


def _told(delivery: Delivery, outcome: Outcome, *, kept: bool) -> Outcome:
    """Log what became of a row; nothing in the line says of whom it is."""
    if not kept:
        outcome = Outcome.LOST
    log.info(
        "delivery",
        delivery=str(delivery.pk),
        kind=delivery.kind,
        attempt=delivery.attempts,
        outcome=outcome.value,
    )
    return outcome


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
