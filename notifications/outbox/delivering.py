"""The delivery loop: send the outbox's due rows one by one.

Several run at once, in Celery's workers and in `manage.py deliver`, and any of them may
be killed at any line. For each row:

1. Claim it: a lease of 60 s, one attempt more. Commit. A row that another sender
   holds or is claiming is passed over. Of mails in bulk several are claimed at
   once, as many as can be sent within a second (`Hand`).
2. Read again what it is about; if that is over, drop the row. Done.
3. Render the message, deriving the link or the digits anew.
4. Send it, outside any transaction, with a time limit. Before its text is sent,
   count this sending as unconfirmed. Commit.
5. Mark the row sent, refused or put off, if the lease is still ours. Commit,
   with the journal entry.

If a server does not answer the text within two seconds, the pass goes on, and the
waiting room does step 5 when the answer comes.

If a sender is killed before the text is sent, nothing was sent, and the row is due
again when the lease ends. If it is killed later, the message is sent a second time,
with the same Message-ID and the same link; after the third such sending a clerk has to
decide. No message is lost in either case.
"""

import dataclasses
import time
from collections import Counter
from collections.abc import Callable, Collection
from typing import Final

from django.utils import timezone

from notifications.channels.channels import (
    AnswerPendingError,
    MailConnection,
    send_text,
)
from notifications.channels.outgoing import Mail, Outgoing
from notifications.enums import Channel, Lane
from notifications.letters import office_pages, skipping
from notifications.letters.rendering import render
from notifications.models import Delivery
from notifications.outbox import circuits, marking, outbox, pacing, waiting_room
from notifications.outbox.hand import Hand
from notifications.outbox.settling import (
    NOT_OF_THE_ROW,
    SendingOutcome,
    bad_row,
    log_outcome,
    settle,
)
from notifications.querysets import MOST_UNCONFIRMED

# Short, so that a worker that is asked to stop soon does so. The caller runs the next
# pass at once if more rows are due.
PASS_SECONDS: Final = 10.0
PASS_ROWS: Final = 200


@dataclasses.dataclass
class Pass:
    """What one pass did; `more` is set if it stopped while rows were still due."""

    outcomes: Counter[SendingOutcome] = dataclasses.field(default_factory=Counter)
    more: bool = False

    def __str__(self) -> str:
        return ", ".join(
            f"{count} {outcome}" for outcome, count in self.outcomes.items()
        )


def _never() -> bool:
    return False


def _nobody() -> None:
    return None


@office_pages.remembered()
def deliver_due(
    *,
    stop: Callable[[], bool] = _never,
    call_help: Callable[[], None] = _nobody,
    lanes: Collection[Lane] = tuple(Lane),
    without: Collection[Channel] = (),
) -> Pass:
    """Send what is due, for 10 seconds or 200 rows at most.

    If many rows are due, `call_help` is called after the first one; not if a channel is
    away, because then each sender would only call another one. `stop` is asked between
    two rows. Rows are taken from the first of `lanes` that has one. `without` leaves
    channels out. A channel that turns out to be away is left out too: the row that was
    tried waits for a minute at most, the others stay due, and all are sent when the
    channel is back.
    """
    done = Pass()
    until = time.monotonic() + PASS_SECONDS
    away = set(without)
    turn = pacing.Turn(*lanes, *without)
    with MailConnection() as mail, turn, Hand() as hand:
        while not stop():
            if done.outcomes.total() >= PASS_ROWS or time.monotonic() > until:
                done.more = True
                break
            still, now = _open(lanes, away), timezone.now()
            delivery = hand.next(at=now, without=away, lanes=still)
            if delivery is None:
                if not (outbox.is_held_back(still, away, at=now) and turn.wait()):
                    break
                hand.look_again()
                continue
            outcome = _deliver(delivery, mail, away)
            done.outcomes[outcome] += 1
            is_first = done.outcomes.total() == 1 and away <= set(without)
            if is_first and outbox.needs_senders(at=timezone.now(), known=hand.known):
                call_help()
            hand.note(outcome)
    return done


def _open(lanes: Collection[Lane], away: set[Channel]) -> list[Lane]:
    """The lanes whose answers can still be waited for; a full waiting room stops mail
    only.
    """
    if waiting_room.is_full(Lane.URGENT):
        away.add(Channel.MAIL)
    return [
        lane for lane in lanes if lane == Lane.URGENT or not waiting_room.is_full(lane)
    ]


def _deliver(
    delivery: Delivery, mail: MailConnection, away: set[Channel]
) -> SendingOutcome:
    """Steps 2 to 5 for one claimed row."""
    try:
        outgoing = render(delivery, at=timezone.now())
    except NOT_OF_THE_ROW:
        raise
    except Exception as error:  # noqa: BLE001 (see bad_row)
        return bad_row(delivery, error)
    if outgoing is None:
        now = timezone.now()
        because = skipping.why(delivery, at=now)
        kept = marking.mark_dropped(delivery, because=because, at=now)
        circuits.note_no_try(delivery)
        return log_outcome(delivery, SendingOutcome.DROPPED, kept=kept)
    if delivery.unconfirmed >= MOST_UNCONFIRMED:
        # The sender of the last attempt was killed before it could mark the row
        # unknown.
        circuits.note_no_try(delivery)
        kept = marking.mark_unknown(
            delivery, unconfirmed=delivery.unconfirmed, at=timezone.now()
        )
        return log_outcome(delivery, SendingOutcome.UNKNOWN, kept=kept)
    return _hand_over(delivery, outgoing, mail, away)


def _hand_over(
    delivery: Delivery, outgoing: Outgoing, mail: MailConnection, away: set[Channel]
) -> SendingOutcome:
    """Steps 4 and 5."""
    counted = False

    def count() -> None:
        nonlocal counted
        outbox.count_text(delivery, at=timezone.now())
        counted = True

    def send() -> None:
        if isinstance(outgoing, Mail):
            mail.send(outgoing, before_text=count)
        else:
            send_text(outgoing, before_text=count)

    try:
        return settle(
            delivery, send, to=outgoing.to, away=away, may_be_there=lambda: counted
        )
    except AnswerPendingError as error:
        waiting_room.take(delivery, error.conversation, to=outgoing.to)
        return log_outcome(delivery, SendingOutcome.UNANSWERED)
