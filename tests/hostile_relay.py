"""A hostile or badly broken mail server, in a thread of the test.

    with HostileRelay() as relay:
        relay.at["text"] = say("354 go on then")
        ...

It does what the test sets in `at` for a stage (`banner`, `ehlo`, `starttls`, `mail`,
`rcpt`, `data`, `text`, `rset`, `noop`, `quit`), and else what is usual. Every mail text
that arrived whole is in `texts`, whatever the answer was.
"""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

USUAL: Final = {
    "banner": "220 relay ESMTP",
    "ehlo": "250 relay",
    "starttls": "220 go ahead",
    "data": "354 go on",
    "quit": "221 bye",
}


class Talk:
    """One connection of a client to the relay."""

    def __init__(self, relay: "HostileRelay", connected: socket.socket) -> None:
        self.relay = relay
        self.socket = connected
        self.lines = connected.makefile("rb")

    def send(self, answer: bytes) -> None:
        self.socket.sendall(answer)

    def encrypt(self) -> None:
        assert self.relay.tls is not None
        self.socket = self.relay.tls.wrap_socket(self.socket, server_side=True)
        self.lines = self.socket.makefile("rb")

    def close(self) -> None:
        for end in (self.lines.close, self.socket.close):
            with suppress(OSError):
                end()


#: What happens at a stage; an OSError ends the conversation.
Act = Callable[[Talk], None]


def say(*lines: str) -> Act:
    return lambda talk: talk.send("".join(f"{line}\r\n" for line in lines).encode())


def silent(talk: Talk) -> None:
    """Say nothing for a minute, or until the test sets `release` or is over."""
    talk.relay.reached.set()
    talk.relay.release.wait(60)


def cut(_talk: Talk) -> None:
    raise ConnectionError


def drip(answer: str, *, every: float = 0.05) -> Act:
    """Send the answer one byte at a time, with `every` seconds between two bytes."""

    def act(talk: Talk) -> None:
        talk.relay.reached.set()
        for byte in f"{answer}\r\n".encode():
            talk.send(bytes([byte]))
            if talk.relay.closed.wait(every):
                raise ConnectionError

    return act


def for_ever(piece: str) -> Act:
    """Send the same again and again, as fast as the other side takes it."""

    def act(talk: Talk) -> None:
        talk.relay.reached.set()
        while not talk.relay.closed.is_set():
            talk.send(piece.encode() * 1000)
            talk.relay.bytes_sent += len(piece) * 1000

    return act


def cut_in_the_text(talk: Talk) -> None:
    """Read the first line of the text, and close the connection."""
    talk.send(b"354 go on\r\n")
    talk.lines.readline()
    raise ConnectionError


class HostileRelay:
    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.at: dict[str, Act] = {}
        self.tls = tls
        self.texts: list[bytes] = []
        #: The commands that it got in clear, and those that it got encrypted.
        self.in_clear: list[bytes] = []
        self.encrypted: list[bytes] = []
        self.connections = 0
        self.bytes_sent = 0
        self.reached = threading.Event()
        self.release = threading.Event()
        self.closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connected, _ = self._listener.accept()
                self.connections += 1
                talk = Talk(self, connected)
                threading.Thread(target=self._talk, args=[talk], daemon=True).start()

    def _talk(self, talk: Talk) -> None:
        try:
            self._do("banner", talk)
            while line := talk.lines.readline():
                is_tls = isinstance(talk.socket, ssl.SSLSocket)
                (self.encrypted if is_tls else self.in_clear).append(line)
                self._obey(line.split()[0].decode().lower(), talk)
        except OSError:
            pass
        finally:
            talk.close()

    def _obey(self, word: str, talk: Talk) -> None:
        stage = "ehlo" if word == "helo" else word
        self._do(stage, talk)
        if stage == "starttls":
            talk.encrypt()
        elif stage == "data":
            self._take_text(talk)
            self._do("text", talk)
        elif stage == "quit":
            raise ConnectionError

    def _take_text(self, talk: Talk) -> None:
        text = b""
        while not text.endswith(b"\r\n.\r\n"):
            line = talk.lines.readline()
            if not line:
                raise ConnectionError
            text += line
        self.texts.append(text)

    def _do(self, stage: str, talk: Talk) -> None:
        usual = USUAL.get(stage, "250 fine")
        if stage == "ehlo" and self.tls:
            offer = (
                "AUTH PLAIN" if isinstance(talk.socket, ssl.SSLSocket) else "STARTTLS"
            )
            usual = f"250-relay\r\n250 {offer}"
        self.at.get(stage, say(usual))(talk)

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closed.set()
        self.release.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
