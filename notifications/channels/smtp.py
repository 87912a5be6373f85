"""SMTP that knows whether a text was sent, and waits for the answer in two steps.

After the full stop that ends a text, a server may take ten minutes to answer
(docs/domain.md#mail-servers). A client that closes the connection before does not know
whether the mail was taken, and has to send it a second time. So the pass waits for two
seconds, and then leaves the open connection to `notifications.outbox.waiting_room`.

Everything before the text has one time limit (`give_time`). smtplib's own limit begins
anew with each read, so a server that sends a byte now and then could exceed it without
end.
"""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NoReturn, cast, override

import structlog
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext_noop

from notifications.channels.smtp_replies import LONGEST, Reply, first_reply, judge_text
from notifications.channels.writing import Letter
from notifications.exceptions import UnknownError

log = structlog.get_logger("sleutelloket.delivery")

#: How long the pass itself waits for the answer to a text.
PATIENCE_SECONDS: Final = 2.0
#: Time limit from connecting to the end of authentication.
OPENING_SECONDS: Final = 20.0
#: Time limit for the commands after the answer to a text.
_AFTERWARDS_SECONDS: Final = 5.0
_GO_ON: Final = 354
_END: Final = b"\r\n"
_FULL_STOP: Final = b".\r\n"
#: As much as one TLS record holds: after a smaller read the rest of a record would stay
#: in the TLS buffer, where `select` does not see it.
_PIECE: Final = 16 * 1024

BROKEN_OFF: Final = gettext_noop("The mail server broke off.")
SILENT: Final = gettext_noop(
    "The mail server was given the mail and did not confirm it."
)


class NotAnsweredYetError(Exception):
    """The server has the whole text, and did not answer within PATIENCE_SECONDS."""


class Conversation(smtplib.SMTP):
    """What plain and TLS connections add to smtplib: a time limit for several answers
    together, and an answer that may be read later.
    """

    before_text: Callable[[], None]
    text_is_out = False
    _received = b""
    _until = float("inf")

    def give_time(self, seconds: float) -> None:
        """Set one time limit for everything said from now on, until the text is out."""
        self._until = time.monotonic() + seconds

    @override
    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> Reply:
        self.give_time(OPENING_SECONDS)
        self._received = b""
        return super().connect(host, port, source_address)

    @override
    def starttls(self, *, context: ssl.SSLContext | None = None) -> Reply:
        """Start TLS; break off if the server's reply was followed by anything
        unencrypted.

        Somebody on the network may have added it, so that it would count as sent under
        TLS. Raises SMTPServerDisconnected then.
        """
        answer = super().starttls(context=context)
        if self._received:
            self._break_off()
        return answer

    @override
    def getreply(self) -> Reply:
        """One whole reply; raises SMTPServerDisconnected if none comes in time."""
        try:
            return self._reply(self._until)
        except TimeoutError:
            self._break_off()

    @override
    def data(self, msg: Any) -> Reply:
        """Send the text and wait a little for the answer.

        Raises NotAnsweredYetError, with the connection still open, if none comes within
        PATIENCE_SECONDS, and SMTPDataError if the server does not accept the DATA
        command. `before_text` is called at the last moment before anything is sent; if
        it raises, the text is not sent. smtplib's own method cannot do that.
        """
        self.before_text()
        code, reply = self.docmd("data")
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, reply)
        if self.has_spoken():
            self._break_off()  # a reply before the text was sent cannot be one to it
        text = re.sub(rb"(?m)^\.", b"..", msg)
        # One write for text and final full stop: a separate one would wait for the
        # other end's ACK. When it fails, the server did not get the full stop and so
        # has no mail.
        self.send(text + (_FULL_STOP if text.endswith(_END) else _END + _FULL_STOP))
        self.text_is_out = True
        try:
            answer = self._reply(time.monotonic() + PATIENCE_SECONDS)
        except TimeoutError:
            raise NotAnsweredYetError from None
        self.give_time(_AFTERWARDS_SECONDS)
        return answer

    def has_spoken(self) -> bool:
        """Whether the server sent something unasked, or has closed the connection."""
        try:
            self._received += self._more(until=0.0)
        except smtplib.SMTPServerDisconnected:
            return True
        except TimeoutError:
            pass
        return bool(self._received)

    def reply_so_far(self) -> Reply | None:
        """The reply, if all of it has come, or else None; it does not wait."""
        try:
            return self._reply(time.monotonic())
        except TimeoutError:
            return None

    def _reply(self, until: float) -> Reply:
        """A whole reply; raises TimeoutError if it is not complete by `until`.

        What has come by then is kept for the next call.
        """
        while (complete := first_reply(self._received)) is None:
            if len(self._received) > LONGEST:
                self._break_off()
            self._received += self._more(until)
        reply, self._received = complete
        return reply

    def _more(self, until: float) -> bytes:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        left = max(until - time.monotonic(), 0.0)
        self.sock.settimeout(left if self.text_is_out else min(left, self.timeout))
        try:
            piece = self.sock.recv(_PIECE)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            raise TimeoutError from None
        except OSError:
            self._break_off()
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)
        if not piece:
            self._break_off()
        return piece

    def _break_off(self) -> NoReturn:
        self.close()
        raise smtplib.SMTPServerDisconnected("the conversation ended") from None


class _Plain(Conversation):
    pass


class _Encrypted(Conversation, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """Django's SMTP backend, with connections that wait for an answer in two steps."""

    @property
    @override
    def connection_class(self) -> type[Conversation]:
        return _Encrypted if self.use_ssl else _Plain

    @property
    def conversation(self) -> Conversation | None:
        """The connection as `connection_class` made it; None when none is open."""
        return cast("Conversation | None", self.connection)

    def begin(self, before_text: Callable[[], None], *, seconds: float) -> None:
        """Prepare the open connection for one mail.

        `seconds` is the time limit for everything before its text.
        """
        if self.conversation is not None:
            self.conversation.before_text = before_text
            self.conversation.text_is_out = False
            self.conversation.give_time(seconds)

    def send_letter(self, letter: Letter) -> None:
        """Send it over the open connection, as `send_messages` does."""
        cast("Conversation", self.connection).sendmail(
            letter.sender, letter.to, letter.wire()
        )

    @property
    def text_is_out(self) -> bool:
        """Whether the server may have the mail by now."""
        return self.conversation is not None and self.conversation.text_is_out


class Unanswered:
    """A connection whose server has a whole text and has not answered yet."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._reply: Reply | None = None

    @property
    def socket(self) -> socket.socket | None:
        """The socket to wait for; None once it is closed."""
        return self._conversation.sock

    def has_answered(self) -> bool:
        """Read what has come, without waiting.

        Returns whether waiting is over: the reply is complete, or the connection is
        lost.
        """
        try:
            self._reply = self._conversation.reply_so_far()
        except OSError:
            return True
        return self._reply is not None

    def answer(self) -> None:
        """Close the connection and judge the reply; call it once `has_answered` is
        True.

        Returns if the server took the mail. Raises RefusedError or PutOffError if it
        did not, and UnknownError if the connection was lost or the reply says neither.
        """
        if self._reply is None:
            self.close()
            log.warning("mail_server_broke_off", error="no answer")
            raise UnknownError(BROKEN_OFF, is_of_server=True)
        with suppress(OSError):
            self._conversation.putcmd("quit")
        self.close()
        judge_text(*self._reply)

    def never_answers(self) -> None:
        """Close the connection to a server that did not answer; raises UnknownError."""
        self.close()
        log.warning("mail_server_silent")
        raise UnknownError(SILENT, is_of_server=True)

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        with suppress(OSError):
            self._conversation.close()
