"""SMTP that knows when a text has left, and waits for its answer in two steps.

After the full stop that ends a text a server may think for ten minutes
(docs/domain.md#mail-servers). Whoever hangs up before does not know what became of
the mail, and sends a second one. So the pass waits for two seconds, and then leaves
the open connection to `notifications.outbox.waiting_room`.

Everything before the text has its time in all (`give_time`): a server that says a
little now and then wins no more of it. smtplib's own reading counts from each byte.
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
from notifications.exceptions import UnknownError

log = structlog.get_logger("sleutelloket.delivery")

#: How long the pass itself waits for the answer to a text.
PATIENCE_SECONDS: Final = 2.0
#: From connecting to the last word of signing in.
OPENING_SECONDS: Final = 20.0
#: For the commands after a text was answered.
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
    """The whole text is with the server, and two seconds later it has not answered."""


class Conversation(smtplib.SMTP):
    """What both kinds of connection add to smtplib's."""

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
        """Encrypt; break off if anything came in clear after the server's yes.

        Somebody in between may have added it, to count as said encrypted.
        """
        answer = super().starttls(context=context)
        if self._received:
            self._break_off()
        return answer

    @override
    def getreply(self) -> Reply:
        """One whole reply; raises SMTPServerDisconnected when it does not come."""
        try:
            return self._reply(self._until)
        except TimeoutError:
            self._break_off()

    @override
    def data(self, msg: Any) -> Reply:
        """Send the text; raises NotAnsweredYetError with the connection open.

        `before_text` is called at the last moment at which nothing was sent, and what
        it raises keeps the text here. smtplib's own method has no such place.
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
        """Whether the server says something unasked, or has hung up."""
        try:
            self._received += self._more(until=0.0)
        except smtplib.SMTPServerDisconnected:
            return True
        except TimeoutError:
            pass
        return bool(self._received)

    def reply_so_far(self) -> Reply | None:
        """The reply, if all of it has come; None, without waiting, if it has not."""
        try:
            return self._reply(time.monotonic())
        except TimeoutError:
            return None

    def _reply(self, until: float) -> Reply:
        """A whole reply; raises TimeoutError, and what has come by then is kept."""
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
        """Get ready for one mail, on the connection that is open."""
        if self.conversation is not None:
            self.conversation.before_text = before_text
            self.conversation.text_is_out = False
            self.conversation.give_time(seconds)

    @property
    def text_is_out(self) -> bool:
        """Whether the server may have the mail by now."""
        return self.conversation is not None and self.conversation.text_is_out


class Unanswered:
    """A server that has a whole text and has not said yet what it does with it."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._reply: Reply | None = None

    @property
    def socket(self) -> socket.socket | None:
        """What to wait for; None once it is closed."""
        return self._conversation.sock

    def has_answered(self) -> bool:
        """Read what has come, without waiting: whether there is no more to wait for."""
        try:
            self._reply = self._conversation.reply_so_far()
        except OSError:
            return True
        return self._reply is not None

    def answer(self) -> None:
        """What it said, once it `has_answered`; the connection ends with it.

        A return means that it took the mail. Raises RefusedError or PutOffError for
        a mail that it did not take, UnknownError when it broke off or said neither.
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
        """Hang up: raises UnknownError."""
        self.close()
        log.warning("mail_server_silent")
        raise UnknownError(SILENT, is_of_server=True)

    def close(self) -> None:
        """Hang up, whatever state it is in."""
        with suppress(OSError):
            self._conversation.close()
