"""The two channels: one mail connection, one text message gateway.

Each turns every failure into one of four errors (notifications.exceptions): refused for
good, put off for this message, away for all messages, or of unknown outcome. Each calls
`before_text` at the last moment before the text of a message is sent.
"""

import smtplib
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Protocol, Self, cast

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from notifications.channels import smtp
from notifications.channels.answers import in_words
from notifications.channels.outgoing import Mail, TextMessage
from notifications.channels.smtp_replies import CLOSING, judge, judge_text
from notifications.channels.writing import Letter
from notifications.exceptions import (
    LeaseLostError,
    PutOffError,
    RefusedError,
    ServerAwayError,
    UnknownError,
)

log = structlog.get_logger("sleutelloket.delivery")

# Time limit for all answers of the server to one mail, until its text is sent; each
# single answer has the 10 seconds of settings.MAILERS. Together with
# smtp.OPENING_SECONDS it is shorter than the lease of a minute. The answer to the text
# has a time limit of its own (waiting_room.AFTER_TEXT_SECONDS).
CONVERSATION_SECONDS: Final = 30.0
# A connection that answered this recently is not checked before the next mail: with a
# slow server the check is a fifth of the time a mail takes.
FRESH_SECONDS: Final = 2.0
# The check has less time than other commands, because the server just answered.
_ALIVE_SECONDS: Final = 5.0

NO_ANSWER: Final = gettext_noop("The mail server does not answer.")
UNUSABLE_ADDRESS: Final = gettext_noop("No mail can be sent to this address.")
NO_GATEWAY: Final = gettext_noop("No text message gateway is configured.")
GATEWAY_AWAY: Final = gettext_noop("The text message gateway does not answer.")


class AnswerPendingError(Exception):
    """The server has the whole text and has not answered: the waiting room takes
    over.
    """

    def __init__(self, conversation: smtp.Unanswered) -> None:
        super().__init__("no answer yet")
        self.conversation = conversation


class _ClosedBeforeError(Exception):
    """The server closed the connection before it was told any recipient."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class MailConnection:
    """One connection to the mail server, opened at need, for one pass.

    with MailConnection() as mail:
        mail.send(first)
        mail.send(second)
    """

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None
        self._answered_at = 0.0

    def send(self, mail: Mail, *, before_text: Callable[[], None]) -> None:
        """Send one mail; returns once the server has accepted all of it.

        Raises RefusedError, PutOffError, ServerAwayError or UnknownError. Raises
        AnswerPendingError when the answer to the text takes longer than a pass may
        wait, and whatever `before_text` raises.
        """
        was_used = self._backend is not None
        try:
            self._send(mail, before_text)
        except _ClosedBeforeError as error:
            # Servers take a limited number of mails a connection, and this mail was not
            # mentioned yet: open a new connection and try again.
            if not was_used:
                raise ServerAwayError(error.answer) from None
            try:
                self._send(mail, before_text)
            except _ClosedBeforeError as again:
                raise ServerAwayError(again.answer) from None

    def _send(self, mail: Mail, before_text: Callable[[], None]) -> None:
        backend = self._open()
        conversation = _conversation(backend)
        _get_ready(backend, before_text)
        try:
            _say(backend, Letter(mail))
        except smtp.NotAnsweredYetError:
            self._backend = None  # the waiting room owns the connection now
            waited_for = smtp.Unanswered(cast("smtp.Conversation", conversation))
            raise AnswerPendingError(waited_for) from None
        except LeaseLostError:
            self.close()
            raise
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()))
            self._judge(code, reply)
        except smtplib.SMTPDataError as error:
            self._judge_data(backend, error)
        except smtplib.SMTPSenderRefused as error:
            # The server said this before a recipient was named: it is about us, not the
            # person.
            self.close()
            log.warning("mail_server_away", code=error.smtp_code)
            answer = in_words(error.smtp_code, error.smtp_error)
            if error.smtp_code == CLOSING:
                raise _ClosedBeforeError(answer) from None
            raise ServerAwayError(answer) from None
        except OSError as error:  # smtplib's own errors among them
            error_class = _left_by(backend)
            self.close()
            log.warning("mail_server_broke_off", error=type(error).__name__)
            raise error_class(smtp.BROKEN_OFF, is_of_server=True) from None
        except ValueError:
            # It is not one plain address, or it needs SMTPUTF8.
            raise RefusedError(UNUSABLE_ADDRESS) from None
        self._answered_at = time.monotonic()

    def _judge(self, code: int, reply: bytes | str) -> None:
        if code == CLOSING or code // 100 not in (4, 5):
            self.close()  # it is closing, or its answers no longer fit our commands
        judge(code, reply)

    def _judge_data(
        self, backend: BaseEmailBackend, error: smtplib.SMTPDataError
    ) -> None:
        """Raise the error for an answer to the text, or to the DATA command before."""
        code, reply = error.smtp_code, error.smtp_error
        if not _text_is_out(backend):
            self.close()  # the server may still expect a text
            judge(code, reply)
        if code == CLOSING or code // 100 not in (2, 4, 5):
            self.close()
        judge_text(code, reply)

    def _open(self) -> BaseEmailBackend:
        """The connection, opened anew unless it is open and alive."""
        if self._backend and not self._is_alive(_conversation(self._backend)):
            self.close()
        if self._backend is None:
            backend = mailers.default
            try:
                backend.open()
            # ValueError: at signing in the server may send something that is not
            # base64.
            except (OSError, ValueError) as error:
                with suppress(OSError):
                    backend.close()
                log.warning("mail_server_away", error=type(error).__name__)
                raise ServerAwayError(_said(error)) from None
            self._backend = backend
        return self._backend

    def _is_alive(self, conversation: smtp.Conversation | None) -> bool:
        """Whether the server still answers, asked before a message depends on it."""
        if conversation is None:
            return True
        if time.monotonic() - self._answered_at < FRESH_SECONDS:
            # A server that says something unasked is closing the connection.
            return not conversation.has_spoken()
        conversation.give_time(_ALIVE_SECONDS)
        try:
            return conversation.noop()[0] == 250
        except OSError:
            return False

    def close(self) -> None:
        """Close the connection; an error while it is closed is ignored."""
        backend, self._backend = self._backend, None
        if backend is not None:
            with suppress(OSError):
                backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _get_ready(backend: BaseEmailBackend, before_text: Callable[[], None]) -> None:
    if isinstance(backend, smtp.Backend):
        backend.begin(before_text, seconds=CONVERSATION_SECONDS)
    else:
        before_text()  # other backends have no later moment to call it


def _say(backend: BaseEmailBackend, letter: Letter) -> None:
    if isinstance(backend, smtp.Backend):
        backend.send_letter(letter)
    else:
        backend.send_messages([letter])


def _text_is_out(backend: BaseEmailBackend) -> bool:
    return isinstance(backend, smtp.Backend) and backend.text_is_out


def _left_by(backend: BaseEmailBackend) -> type[PutOffError | UnknownError]:
    """The error to raise when the server broke off the connection.

    If it had the whole text it may have taken the mail; a second sending has the same
    Message-ID and the same link.
    """
    return UnknownError if _text_is_out(backend) else PutOffError


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return in_words(error.smtp_code, error.smtp_error)
    return NO_ANSWER


def _conversation(backend: BaseEmailBackend) -> smtp.Conversation | None:
    """The SMTP connection inside Django's backend; None when it has another kind."""
    return backend.conversation if isinstance(backend, smtp.Backend) else None


def check_gateway() -> None:
    """Raise ImproperlyConfigured when `settings.SMS_BACKEND` cannot be imported.

    Called at the start: later, each message would only wait, as for a gateway that is
    away.
    """
    try:
        if settings.SMS_BACKEND:
            import_string(settings.SMS_BACKEND)
    except ImportError as error:
        raise ImproperlyConfigured("SMS_BACKEND cannot be imported.") from error


class Gateway(Protocol):
    """The interface of the class that `settings.SMS_BACKEND` names; its constructor
    takes no arguments.

    `to` is a number with its country code, `reference` the same for every sending of
    one message. Raises notifications.exceptions.RefusedError for a number that cannot
    be reached, UnknownError when it may have taken the message, and OSError when the
    gateway cannot be reached.
    """

    def send(self, *, to: str, text: str, reference: str) -> None: ...


def send_text(message: TextMessage, *, before_text: Callable[[], None]) -> None:
    """Send one text message; returns once the gateway has taken it.

    Raises RefusedError, PutOffError, ServerAwayError or UnknownError, and whatever
    `before_text` raises.
    """
    if not settings.SMS_BACKEND:
        log.error("sms_refused_without_gateway", setting="SMS_BACKEND")
        raise RefusedError(NO_GATEWAY)
    try:
        gateway: Gateway = import_string(settings.SMS_BACKEND)()
        before_text()
        gateway.send(to=message.to, text=message.text, reference=message.reference)
    except (OSError, ImportError, ImproperlyConfigured) as error:
        log.warning("sms_gateway_away", error=type(error).__name__)
        raise ServerAwayError(GATEWAY_AWAY) from None
