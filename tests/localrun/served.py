"""The web server with short limits, in this process."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from typing import Any
from wsgiref.types import StartResponse

import pytest
from waitress import wasyncore

from config.web.connections import Connection, Server
from config.web.limits import Limits
from config.web.threads import FairThreads

SHORT = Limits(head=0.6, body=1.2, answer=1.2, idle=1.2, lingering=0.3, connections=100)
HOST = b"Host: a\r\n\r\n"
LARGE = 30_000_000


def application(
    environ: dict[str, Any], start_response: StartResponse
) -> Iterable[bytes]:
    """`/large` is more than any buffer of the system takes, `/wait` takes a second."""
    environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/wait":
        time.sleep(1)
    body = b"a" * LARGE if environ["PATH_INFO"] == "/large" else b"ok"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


class Loop:
    """A server's loop in a thread; it checks the limits at least 20 times a second."""

    def __init__(self, limits: Limits) -> None:
        self.map: dict[int, Any] = {}
        self.threads = FairThreads(2, most=1)
        listener = socket.create_server(("127.0.0.1", 0))
        self.address = listener.getsockname()
        self.server = Server(
            listener,
            application,
            limits=limits,
            threads=self.threads,
            connections=self.map,
        )
        self.over = False
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        while not self.over:
            wasyncore.loop(0.05, use_poll=True, map=self.map, count=1)
            self.server.turn()

    def visitor(self, first: bytes = b"", at: str = "127.0.0.1") -> socket.socket:
        visitor = socket.socket()
        visitor.settimeout(5)
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        visitor.bind((at, 0))
        visitor.connect(self.address)
        visitor.sendall(first)
        return visitor

    def wait_for_one_idle(self) -> None:
        """Wait until a connection is idle, a moment after its visitor has an answer."""
        until = time.monotonic() + 5
        while not any(
            isinstance(channel, Connection) and channel.is_idle
            for channel in list(self.map.values())
        ):
            assert time.monotonic() < until
            time.sleep(0.01)

    def stop(self) -> None:
        self.over = True
        self.thread.join()
        self.threads.shutdown()
        wasyncore.close_all(self.map)


@pytest.fixture
def serve() -> Iterator[Callable[[Limits], Loop]]:
    with ExitStack() as stack:

        def serve(limits: Limits = SHORT) -> Loop:
            loop = Loop(limits)
            stack.callback(loop.stop)
            return loop

        yield serve


Serve = Callable[..., Loop]


def is_answered(visitor: socket.socket) -> bool:
    received = b""
    while not received.endswith(b"\r\n\r\nok"):
        part = visitor.recv(4096)
        if not part:
            return False
        received += part
    return True


def lasts(visitor: socket.socket, drip: bytes = b"") -> tuple[float, bytes]:
    """Send the drip ten times a second until the server closes, for 5 s at most.

    Returns the seconds that this took, and what the server sent.
    """
    began, received = time.monotonic(), b""
    visitor.settimeout(0.1)
    while time.monotonic() - began < 5:
        try:
            part = visitor.recv(4096)
        except TimeoutError:
            pass
        except ConnectionError:
            break
        else:
            if not part:
                break
            received += part
        with suppress(OSError):
            visitor.sendall(drip)
    return time.monotonic() - began, received
