"""Mark a row after its message was sent, or could not be."""

import traceback
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final

import structlog
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from notifications.channels.answers import without_addresses
from notifications.channels.channels import AnswerPendingError
from notifications.enums import Channel
from notifications.exceptions import (
    DeliveryError,
    LeaseLostError,
    RefusedError,
    ServerAwayError,
    UnknownError,
)
from notifications.models import Delivery
from notifications.outbox import circuits, marking
from notifications.querysets import MOST_UNCONFIRMED

log = structlog.get_logger("sleutelloket.delivery")

#: Errors that are not caused by the row, and go to the caller: the database is away, or
#: the server takes longer to answer than a pass waits (then the waiting room takes
#: over).
NOT_OF_THE_ROW: Final = (DatabaseError, InterfaceError, AnswerPendingError)


class SendingOutcome(StrEnum):
    SENT = "sent"
    REFUSED = "refused"
    PUT_OFF = "put off"
    GIVEN_UP = "given up"
    DROPPED = "dropped"
    UNANSWERED = "not answered yet"
    UNKNOWN = "unknown"
    LOST = "lost to another sender"


def _no() -> bool:
    return False


def settle(
    delivery: Delivery,
    act: Callable[[], None],
    *,
    to: str,
    away: set[Channel],
    may_be_there: Callable[[], bool] = _no,
) -> SendingOutcome:
    """Call `act`, which returns if the message was taken or raises, and mark the row.

    `to` is removed from the server's words. A channel that turns out to be away is
    added to `away`. An unexpected error makes the outcome unknown if the message
    `may_be_there`, that is if its text may have been sent.
    """
    try:
        act()
    except DeliveryError as error:
        outcome = _answered(delivery, error, to=to, away=away)
        if error.is_of_server:
            circuits.note_failure(delivery)
        else:
            circuits.note_answer(delivery)
        return outcome
    except LeaseLostError:
        circuits.note_no_try(delivery)
        return log_outcome(delivery, SendingOutcome.LOST, kept=False)
    except NOT_OF_THE_ROW:
        raise
    except Exception as error:  # noqa: BLE001 (see bad_row)
        return bad_row(delivery, error, may_be_there=may_be_there())
    kept = marking.mark_sent(delivery, at=timezone.now())
    circuits.note_answer(delivery)
    return log_outcome(delivery, SendingOutcome.SENT, kept=kept)


def _answered(
    delivery: Delivery, error: DeliveryError, *, to: str, away: set[Channel]
) -> SendingOutcome:
    answer = without_addresses(error.answer, to=to)
    match error:
        case RefusedError():
            kept = marking.mark_refused(delivery, at=timezone.now(), answer=answer)
            return log_outcome(delivery, SendingOutcome.REFUSED, kept=kept)
        case UnknownError():
            if error.is_away:
                away.add(Channel(delivery.channel))
            return unknown(delivery, answer)
        case ServerAwayError():
            # Only the server is at fault, so the message's day of attempts does not
            # begin.
            away.add(Channel(delivery.channel))
            longest = marking.AWAY_WAIT
            kept = marking.put_off(
                delivery, at=timezone.now(), longest=longest, answer=answer
            )
            return log_outcome(delivery, SendingOutcome.PUT_OFF, kept=kept)
        case _:
            return _later(delivery, answer, is_own=not error.is_of_server)


def _later(
    delivery: Delivery, answer: str = "", *, is_own: bool = True
) -> SendingOutcome:
    """Put a row off, or give it up if its day is over and the cause `is_own`.

    A message that may have arrived with an earlier sending is marked unknown instead of
    given up: a clerk may say that it arrived, and it may still bounce.
    """
    now = timezone.now()
    if is_own and marking.is_spent(delivery):
        if times := delivery.unconfirmed:
            kept = marking.mark_unknown(
                delivery, unconfirmed=times, at=now, answer=answer
            )
            return log_outcome(delivery, SendingOutcome.UNKNOWN, kept=kept)
        kept = marking.mark_dead(delivery, at=now, answer=answer)
        return log_outcome(delivery, SendingOutcome.GIVEN_UP, kept=kept)
    kept = marking.put_off(delivery, at=now, answer=answer, is_own=is_own)
    return log_outcome(delivery, SendingOutcome.PUT_OFF, kept=kept)


def unknown(delivery: Delivery, answer: str = "") -> SendingOutcome:
    """Note a sending of unknown outcome; after three of them a clerk decides."""
    times = delivery.unconfirmed + 1
    now = timezone.now()
    if times < MOST_UNCONFIRMED:
        kept = marking.put_off(delivery, at=now, answer=answer, unconfirmed=times)
        return log_outcome(delivery, SendingOutcome.PUT_OFF, kept=kept)
    kept = marking.mark_unknown(delivery, unconfirmed=times, at=now, answer=answer)
    return log_outcome(delivery, SendingOutcome.UNKNOWN, kept=kept)


def bad_row(
    delivery: Delivery, error: Exception, *, may_be_there: bool = False
) -> SendingOutcome:
    """Put off a row whose own data cannot be used, whatever error they cause.

    Examples are a key that we no longer hold, data sealed with another key, and a
    language without a text. Only this row is delayed. The error must not reach Celery's
    log, because its text may contain a link or a name.
    """
    log_error(delivery, error)
    circuits.note_no_try(delivery)
    return unknown(delivery) if may_be_there else _later(delivery)


def log_error(
    delivery: Delivery, error: Exception, event: str = "cannot_be_sent"
) -> None:
    """Log the class and place of an error, and not its text, which may quote the
    data.
    """
    log.error(
        event,
        delivery=str(delivery.pk),
        error=type(error).__name__,
        place=_place(error),
    )


def log_outcome(
    delivery: Delivery, outcome: SendingOutcome, *, kept: bool = True
) -> SendingOutcome:
    """Log what became of a row; the line does not say whose message it is."""
    if not kept:
        outcome = SendingOutcome.LOST
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
