"""A mail server for one machine: takes every message and stores it as a file.

Two kinds of address answer as a real server does on a bad day, so that a
demonstration can show what the clerk sees:

    refused@anything   550, the mailbox is unknown: a permanent refusal
    later@anything     451, not now: a temporary one

Run alone: `python -m localrun.servers.smtp --port 1025 --directory .local/mail`.
"""

import argparse
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from localrun.processes import free_port, port_is_free, remember

REFUSED = "550 5.1.1 Mailbox unknown"
LATER = "451 4.3.2 Not now, try again later"
STORED = "250 2.0.0 Stored"
ANSWERS = {"refused": REFUSED, "later": LATER}


def message_name(now: datetime) -> str:
    """A file name that sorts by time: `20260301T091500.123456Z-1a2b3c4d`."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}"


def store(directory: Path, name: str, content: bytes) -> Path:
    """Write a file whole or not at all: a reader never sees half a message."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = directory / f"{name}.part"
    draft.write_bytes(content)
    return draft.rename(directory / name)


class Store:
    """The handler that aiosmtpd calls at each step of an SMTP session."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        local_part = address.rpartition("@")[0].lower()
        if local_part in ANSWERS:
            return ANSWERS[local_part]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        store(self.directory, f"{message_name(datetime.now(UTC))}.eml", content)
        return STORED


class MailCatcher:
    """The server in a thread of this process: for tests.

    with MailCatcher(tmp_path) as mail:
        mail.port, mail.messages()
    """

    def __init__(self, directory: Path, *, port: int | None = None) -> None:
        self.directory = directory
        self.port = port or free_port()
        self._controller: Controller | None = None

    def start(self) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The same port after stop(), so that clients find it again after a new start.
        controller = Controller(
            Store(self.directory),
            hostname="127.0.0.1",
            port=self.port,
            ready_timeout=20,
            server_hostname="localhost",
        )
        controller.start()
        self._controller = controller

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def messages(self) -> list[Path]:
        """The stored messages, oldest first."""
        return sorted(self.directory.glob("*.eml"))

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


@contextmanager
def _on_a_free_port(directory: Path, *, wished: int) -> Iterator[MailCatcher]:
    """A running catcher on the wished port, or on any other if that is taken
    meanwhile.
    """
    catcher = MailCatcher(directory, port=wished if port_is_free(wished) else None)
    try:
        catcher.start()
    except OSError:
        catcher = MailCatcher(directory)
        catcher.start()
    try:
        yield catcher
    finally:
        catcher.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description="Take mail and store it as files.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--tell", type=Path, help="write the port that it got here")
    options = parser.parse_args()
    stopping = {signal.SIGTERM, signal.SIGINT}
    # Blocked before the server's thread starts, so that no thread takes them.
    signal.pthread_sigmask(signal.SIG_BLOCK, stopping)
    with _on_a_free_port(options.directory, wished=options.port) as catcher:
        if options.tell:
            remember(options.tell, str(catcher.port))
        signal.sigwait(stopping)


if __name__ == "__main__":
    main()
