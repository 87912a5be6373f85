"""A mail server that can misbehave, in a thread of the test.

    with MailServer() as server:
        server.at_data = Hang()
        ...
        server.at_data.reached.wait(10)

It keeps every message that it takes in, also when it never says so to the sender. The
attributes say what it does wrong, and may be set at any time.
"""

import asyncio
import socket
import threading
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from localrun.processes import free_port


class Hang:
    """Say nothing for `seconds`, or until `release` is set; `reached` tells the test.

    `keep` says whether the message is kept first, as by a server that has taken a mail
    in and cannot say so any more. `says` is the answer to the text in the end.
    """

    def __init__(
        self, *, keep: bool = True, seconds: float = 60.0, says: str = ""
    ) -> None:
        self.reached = threading.Event()
        self.release = threading.Event()
        self.keep = keep
        self.seconds = seconds
        self.says = says

    async def wait(self) -> None:
        self.reached.set()
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self.release.wait, self.seconds)


class Drop:
    """Keep the message, and cut the connection instead of answering."""


class MailServer:
    def __init__(self, port: int | None = None) -> None:
        self.port = port or free_port()
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.connections = 0
        self.recipient_seen: Counter[str] = Counter()
        #: Answers by the local part of the recipient: {"unknown": "550 5.1.1 ..."}.
        self.answers: dict[str, str] = {}
        #: How many mails one connection may bring; the answer to one more is 421.
        self.most_a_connection = 1_000_000
        self._mails_of: Counter[int] = Counter()
        #: Seconds before each answer to a recipient.
        self.slow = 0.0
        self.at_ehlo: Hang | None = None
        self.at_mail: Hang | str | None = None
        self.at_rcpt: Hang | None = None
        self.at_data: Hang | Drop | str | None = None
        self._controller: Controller | None = None
        self._hangs: list[Hang] = []

    def start(self) -> None:
        server = self

        class Counting(Controller):
            def factory(self) -> SMTP:
                server.connections += 1
                smtp: SMTP = super().factory()  # type: ignore[no-untyped-call]
                return smtp

        self._controller = Counting(
            self,
            hostname="127.0.0.1",
            port=self.port,
            ready_timeout=20,
            server_hostname="localhost",
        )
        self._controller.start()
        # The controller connects once itself, to see that the server answers.
        self.connections = 0

    def stop(self) -> None:
        for hang in self._hangs:
            hang.release.set()
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.messages if mail["To"] == address]

    async def handle_EHLO(  # noqa: N802 (aiosmtpd's name)
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        if self.at_ehlo is not None:
            await self._hang(self.at_ehlo)
        session.host_name = hostname
        self._mails_of[id(session)] = 0  # `id` may be that of an old session
        return responses

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self,
        _server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if isinstance(self.at_mail, str):
            return self.at_mail
        if self.at_mail is not None:
            await self._hang(self.at_mail)
        self._mails_of[id(session)] += 1
        if self._mails_of[id(session)] > self.most_a_connection:
            return "421 4.7.0 Too many mails in one connection"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        self.recipient_seen[address] += 1
        await asyncio.sleep(self.slow)
        if self.at_rcpt is not None:
            await self._hang(self.at_rcpt)
        answer = self.answers.get(address.rpartition("@")[0])
        if answer is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        at_data = self.at_data
        if isinstance(at_data, str):
            return at_data
        if not isinstance(at_data, Hang) or at_data.keep:
            self._keep(envelope)
        if isinstance(at_data, Hang):
            await self._hang(at_data)
            if at_data.says:
                return at_data.says
        if isinstance(at_data, Drop) and isinstance(
            server.transport, asyncio.WriteTransport
        ):
            server.transport.abort()
        return "250 2.0.0 Kept"

    async def _hang(self, hang: Hang) -> None:
        self._hangs.append(hang)
        await hang.wait()

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        self.messages.append(message_from_bytes(content, policy=policy.default))
        self.recipients += envelope.rcpt_tos

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class BlackHole:
    """A port that accepts connections and never answers."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()
