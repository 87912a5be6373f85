"""Slow, silent or numerous visitors only delay themselves; the desk still answers.

In `make test` every kind of slow visitor at once for three seconds. In `make soak` each
kind alone too, and for a minute: half of it from one address, half from 200.
"""

import signal
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle

import psutil
import pytest
from django.db import connection

from config.web import limits
from tests.processes.conftest import wait_for
from tests.size import SOAK
from tests.web_server import (
    HOST,
    WebServer,
    get,
    rest,
    server,
    stopped_server,
)

__all__ = ["server", "stopped_server"]

# The mark makes the database that the server looks into.
pytestmark = [pytest.mark.processes, pytest.mark.django_db]

SECONDS = 30.0 if SOAK else 3.0
# Seconds for one request of the desk, on a machine that is busy with the tests.
PATIENCE = 5.0
LARGE = "/static/bootstrap/css/bootstrap.min.css"


DESK = get("/counter/sign-in/")
HEAD = b"GET /counter/sign-in/ HTTP/1.1\r\n" + HOST
FORM = (
    b"POST /counter/sign-in/ HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
CHUNKED = FORM.replace(b"Content-Length: 100000", b"Transfer-Encoding: chunked")
BIG = b"GET " + LARGE.encode() + b" HTTP/1.1\r\n" + HOST + b"\r\n"


class Slow:
    """A visitor who sends `first`, then each second `drip`, and then reads a byte."""

    def __init__(self, first: bytes, drip: bytes = b"", *, reads: bool = False) -> None:
        self.first, self.drip, self.reads = first, drip, reads

    def connect(self, server: WebServer, at: str) -> socket.socket:
        visitor = server.visitor(at=at, buffer=2048 if self.reads else 0)
        visitor.setblocking(False)
        with suppress(OSError):
            visitor.send(self.first)
        return visitor

    def go_on(self, visitor: socket.socket) -> None:
        """Send `drip` and read a byte; OSError when the server has hung up."""
        if self.drip:
            visitor.send(self.drip)
        try:
            if visitor.recv(1) == b"":
                raise ConnectionResetError
        except (BlockingIOError, ssl.SSLWantReadError):
            pass


KINDS = {
    "silent": Slow(b""),
    "half a head": Slow(HEAD),
    "a head by the byte": Slow(HEAD + b"X-A: ", b"a"),
    "a header a second": Slow(HEAD, b"X-A: a\r\n"),
    "empty lines": Slow(b"", b"\r\n"),
    "half a form": Slow(FORM),
    "a form by the byte": Slow(FORM, b"a"),
    "chunks by the byte": Slow(CHUNKED, b"1\r\na\r\n"),
    "a large answer by the byte": Slow(BIG, reads=True),
    "many large answers at once": Slow(BIG * 60, reads=True),
    "idle after an answer": Slow(get("/healthz").replace(b"close", b"keep-alive")),
    "empty lines after an answer": Slow(
        get("/healthz").replace(b"close", b"keep-alive"), b"\r\n"
    ),
}


class Crowd:
    """Slow visitors, who connect again soon after the server hangs up."""

    def __init__(
        self, server: WebServer, kinds: list[Slow], addresses: list[str]
    ) -> None:
        self.server = server
        self.visitors = [
            (kind, at, kind.connect(server, at))
            for kind, at in zip(cycle(kinds), addresses, strict=False)
        ]
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.press)
        self.thread.start()

    def press(self) -> None:
        while not self.over.wait(1):
            for place, (kind, at, visitor) in enumerate(self.visitors):
                try:
                    kind.go_on(visitor)
                except OSError:
                    visitor.close()
                    with suppress(OSError):
                        new = kind.connect(self.server, at)
                        self.visitors[place] = (kind, at, new)

    def leave(self) -> None:
        self.over.set()
        self.thread.join()
        for _, _, visitor in self.visitors:
            visitor.close()


ONE_ADDRESS = ["127.0.0.1"] * 400
MANY_ADDRESSES = [f"127.0.1.{number % 200 + 1}" for number in range(400)]
ALONE = pytest.mark.skipif(not SOAK, reason="each kind alone: make soak")
#: tests/localrun/test_connections.py tests the same with shorter limits.
IN_FULL = pytest.mark.skipif(not SOAK, reason="ten seconds are waited: make soak")


@pytest.mark.parametrize("addresses", [ONE_ADDRESS, MANY_ADDRESSES], ids=["one", "200"])
@pytest.mark.parametrize(
    "kinds",
    [list(KINDS), *(pytest.param([kind], marks=ALONE) for kind in KINDS)],
    ids=["all kinds", *KINDS],
)
def test_the_desk_answers_beside_400_slow_visitors(
    server: WebServer, kinds: list[str], addresses: list[str]
) -> None:
    """When the crowd has one address, the desk has the same one."""
    crowd = Crowd(server, [KINDS[kind] for kind in kinds], addresses)
    waits = []
    until = time.monotonic() + SECONDS
    try:
        while time.monotonic() < until:
            asked = time.monotonic()
            answer = server.ask(DESK)
            waits.append(time.monotonic() - asked)
            assert answer.startswith(b"HTTP/1.1 200"), answer[:100]
            time.sleep(0.2)
    finally:
        crowd.leave()
    middle = sorted(waits)[len(waits) // 2]
    print(f"{len(waits)} answers: median {middle:.2f} s, slowest {max(waits):.2f} s")
    assert max(waits) < PATIENCE


def test_400_whole_requests_of_one_address_hold_up_no_other(
    stopped_server: WebServer,
) -> None:
    """Each is complete, and none is answered as long as this test lasts."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE notifications_heartbeat IN ACCESS EXCLUSIVE MODE")
    crowd = Crowd(stopped_server, [Slow(get("/readyz"))], ["127.0.0.7"] * 400)
    waits = []
    until = time.monotonic() + SECONDS
    try:
        while time.monotonic() < until:
            asked = time.monotonic()
            assert stopped_server.ask(DESK).startswith(b"HTTP/1.1 200")
            waits.append(time.monotonic() - asked)
            time.sleep(0.2)
    finally:
        crowd.leave()
    print(f"{len(waits)} answers, slowest {max(waits):.2f} s")
    assert max(waits) < PATIENCE


def seconds_until_closed(visitor: socket.socket, drip: bytes) -> tuple[float, bytes]:
    began, answer = time.monotonic(), b""
    visitor.settimeout(0.5)
    while True:
        with suppress(TimeoutError):
            if (part := visitor.recv(4096)) == b"":
                return time.monotonic() - began, answer
            answer += part
        with suppress(OSError):
            visitor.send(drip)


@IN_FULL
def test_a_head_has_ten_seconds_in_all(server: WebServer) -> None:
    usual = limits.Limits()
    silent, slow = server.visitor(), server.visitor(at="127.0.0.2")
    slow.sendall(HEAD)
    lasted, answer = seconds_until_closed(slow, b"X: a\r\n")
    assert usual.head - 1 < lasted < usual.head + 4
    assert answer.startswith((b"HTTP/1.1 408", b"HTTP/1.0 408"))
    lasted, answer = seconds_until_closed(silent, b"")
    assert lasted < 4
    assert answer == b""


def test_what_a_request_is_answered_with_is_never_cut_off(server: WebServer) -> None:
    """Not even when the same address opens 60 other connections meanwhile."""
    with server.visitor() as visitor:
        visitor.sendall(get("/counter/sign-in/"))
        crowd = [server.visitor() for _ in range(60)]
        assert rest(visitor).startswith(b"HTTP/1.1 200")
    for other in crowd:
        other.close()


def test_sigterm_finishes_what_has_been_begun(stopped_server: WebServer) -> None:
    """The server waits for the rest of a form, and not for silent visitors."""
    silent = [stopped_server.visitor(at="127.0.0.2") for _ in range(5)]
    asking, sending = stopped_server.visitor(), stopped_server.visitor()
    sending.sendall(FORM.replace(b"100000", b"12") + b"user")
    request = get("/counter/sign-in/").replace(b"Connection: close\r\n", b"")
    # Not whole yet, or it might be answered before the signal is seen.
    asking.sendall(request[:-2])
    time.sleep(0.5)
    stopped_server.child.send_signal(signal.SIGTERM)
    signalled_at = time.monotonic()
    time.sleep(0.2)
    asking.sendall(request[-2:])
    answer = rest(asking)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in answer.lower()
    time.sleep(max(0, signalled_at + 1 - time.monotonic()))
    sending.sendall(b"name=els")
    assert rest(sending).startswith(b"HTTP/1.1 403")  # no CSRF token in it
    assert stopped_server.child.wait(30) == 0
    for other in silent:
        other.close()


def idle(server: WebServer) -> socket.socket:
    visitor = server.visitor(at="127.0.0.5")
    visitor.sendall(get("/healthz").replace(b"close", b"keep-alive"))
    answer = b""
    while not answer.endswith(b"\r\n\r\nok"):
        answer += visitor.recv(4096)
    return visitor


def test_nobody_who_asks_nothing_delays_a_stop(stopped_server: WebServer) -> None:
    """Ten who are silent, ten in the middle of a head, ten who have had an answer."""
    kinds: list[Callable[[], socket.socket]] = [
        lambda: stopped_server.visitor(at="127.0.0.3"),
        lambda: KINDS["half a head"].connect(stopped_server, "127.0.0.4"),
        lambda: idle(stopped_server),
    ]
    visitors = [ask() for ask in kinds for _ in range(10)]
    time.sleep(0.5)
    stopped_server.child.send_signal(signal.SIGTERM)
    wait_for(
        lambda: stopped_server.log.read_text().count("Worker exiting") == 2,
        seconds=8,
        what="both processes finished",
    )
    assert stopped_server.child.wait(30) == 0
    for visitor in visitors:
        visitor.close()


def test_a_killed_process_is_replaced(stopped_server: WebServer) -> None:
    first, *_ = psutil.Process(stopped_server.child.pid).children()
    first.kill()
    stopped_server.until_it_answers()
    deadline = time.monotonic() + 20
    while len(psutil.Process(stopped_server.child.pid).children()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
