"""The two ways out: one mail connection, one text message gateway.

Each turns what can go wrong into one of three answers (notifications.exceptions):
refused for good, put off for this message, or away for all.
"""

import selectors
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Final, Protocol, Self

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from notifications.exceptions import AwayError, PutOffError, RefusedError
from notifications.services.answers import in_words
from notifications.services.rendering import Mail, TextMessage

log = structlog.get_logger("sleutelloket.delivery")

# Each answer of the server has settings.MAILERS' 10 seconds; all of them together
# have this, well under the lease of a minute.
CONVERSATION_SECONDS: Final = 30.0
# A connection that answered this lately is not asked first whether it still does: with
# a slow server that question is a fifth of the time a mail takes.
FRESH_SECONDS: Final = 2.0
_CLOSING: Final = 421

NO_ANSWER: Final = gettext_noop("The mail server does not answer.")
BROKEN_OFF: Final = gettext_noop("The mail server broke off.")
UNUSABLE_ADDRESS: Final = gettext_noop("No mail can be sent to this address.")
NO_GATEWAY: Final = gettext_noop("No text message gateway is configured.")
GATEWAY_AWAY: Final = gettext_noop("The text message gateway does not answer.")


class _ClosedBeforeError(Exception):
    """The server closes the connection, and was told of no recipient yet."""

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

    def send(self, mail: Mail) -> None:
        """Hand one mail over; raises Refused-, PutOff- or AwayError.

        A return means that the server has answered 250 to the whole of it.
        """
        was_used = self._backend is not None
        try:
            self._send(mail)
        except _ClosedBeforeError as error:
            # Servers take so many mails a connection. Nothing was said of this one yet.
            if not was_used:
                raise AwayError(error.answer) from None
            try:
                self._send(mail)
            except _ClosedBeforeError as again:
                raise AwayError(again.answer) from None

    def _send(self, mail: Mail) -> None:
        backend = self._open()
        try:
            with _limit(_conversation(backend)):
                backend.send_messages([_written(mail)])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            self._judge(code, said)
        except smtplib.SMTPDataError as error:
            self._judge(error.smtp_code, error.smtp_error)
        except smtplib.SMTPSenderRefused as error:
            # Said before any recipient was named: it is about us, not the person.
            self.close()
            log.warning("mail_server_away", code=error.smtp_code)
            answer = in_words(error.smtp_code, error.smtp_error)
            if error.smtp_code == _CLOSING:
                raise _ClosedBeforeError(answer) from None
            raise AwayError(answer) from None
        except OSError as error:  # smtplib's own errors among them
            # Cut off half-way. The server may have taken the mail: a second one
            # carries the same Message-ID and the same link.
            self.close()
            log.warning("mail_server_broke_off", error=type(error).__name__)
            raise PutOffError(BROKEN_OFF) from None
        except ValueError:
            # Django's: not one plain address, or one that needs SMTPUTF8.
            raise RefusedError(UNUSABLE_ADDRESS) from None
        self._answered_at = time.monotonic()

    def _judge(self, code: int, said: bytes | str) -> None:
        """Raise what the server's answer about one recipient or one text means."""
        if code == _CLOSING:
            self.close()
        if code >= 500:
            raise RefusedError(in_words(code, said)) from None
        raise PutOffError(in_words(code, said)) from None

    def _open(self) -> BaseEmailBackend:
        """The connection, opened anew unless it is open and alive."""
        if self._backend and not self._is_alive(_conversation(self._backend)):
            self.close()
        if self._backend is None:
            backend = mailers.default
            try:
                backend.open()
            except OSError as error:
                with suppress(OSError):
                    backend.close()
                log.warning("mail_server_away", error=type(error).__name__)
                raise AwayError(_said(error)) from None
            self._backend = backend
        return self._backend

    def _is_alive(self, connection: smtplib.SMTP | None) -> bool:
        """Whether the server still answers, asked before a message depends on it."""
        if connection is None:
            return True
        if time.monotonic() - self._answered_at < FRESH_SECONDS:
            return not _has_hung_up(connection)
        try:
            return connection.noop()[0] == 250
        except OSError:
            return False

    def close(self) -> None:
        """Say goodbye, if the server still listens."""
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


def _said(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return in_words(error.smtp_code, error.smtp_error)
    return NO_ANSWER


def _conversation(backend: BaseEmailBackend) -> smtplib.SMTP | None:
    """The SMTP connection inside Django's backend; None when it has another kind."""
    connection = getattr(backend, "connection", None)
    return connection if isinstance(connection, smtplib.SMTP) else None


def _has_hung_up(connection: smtplib.SMTP) -> bool:
    """Whether the server closed, or said something unasked, since its last answer."""
    if connection.sock is None:
        return True
    with selectors.DefaultSelector() as waiting:
        waiting.register(connection.sock, selectors.EVENT_READ)
        return bool(waiting.select(timeout=0))


@contextmanager
def _limit(connection: smtplib.SMTP | None) -> Iterator[None]:
    """Hang up on a server that answers each line in time and never ends."""
    if connection is None or connection.sock is None:
        yield
        return
    hang_up = threading.Timer(CONVERSATION_SECONDS, _hang_up, [connection.sock])
    hang_up.daemon = True
    hang_up.start()
    try:
        yield
    finally:
        hang_up.cancel()


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _written(mail: Mail) -> EmailMultiAlternatives:
    """The mail with its headers: a robot's, so that no holiday answers it."""
    message = EmailMultiAlternatives(
        # A header is one line, whatever the text's first line had in it.
        subject=" ".join(mail.message.subject.split()),
        body=mail.message.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": ", ".join(mail.languages),
        },
    )
    message.attach_alternative(mail.message.html, "text/html")
    return message


class Gateway(Protocol):
    """What `settings.SMS_BACKEND` names: a class without arguments.

    `to` is a number with its country code, `reference` the same for every sending
    of one message. Raises notifications.exceptions.RefusedError for a number that
    cannot be reached, and OSError when the gateway cannot.
    """

    def send(self, *, to: str, text: str, reference: str) -> None: ...


def send_text(message: TextMessage) -> None:
    """Hand one text message over; raises Refused- or AwayError."""
    if not settings.SMS_BACKEND:
        log.error("sms_refused_without_gateway", setting="SMS_BACKEND")
        raise RefusedError(NO_GATEWAY)
    try:
        gateway: Gateway = import_string(settings.SMS_BACKEND)()
        gateway.send(to=message.to, text=message.text, reference=message.reference)
    except (OSError, ImportError, ImproperlyConfigured) as error:
        log.warning("sms_gateway_away", error=type(error).__name__)
        raise AwayError(GATEWAY_AWAY) from None
