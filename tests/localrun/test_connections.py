"""The limits of the web server's connections, with short ones, in this process."""

import resource
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from itertools import cycle
from typing import Any
from wsgiref.types import StartResponse

import pytest
from pytest_django import Settings
from waitress import wasyncore

from config.web import limits
from config.web.connections import Connection, Server
from config.web.limits import Limits
from config.web.threads import FairThreads

SHORT = Limits(head=0.6, body=1.2, answer=1.2, idle=1.2, lingering=0.3, connections=100)
Environ = dict[str, Any]
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
    """A server's loop in a thread, looking at the limits ten times a second."""

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
        """The visitor has its answer a moment before the thread has let go."""
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
    got = b""
    while not got.endswith(b"\r\n\r\nok"):
        part = visitor.recv(4096)
        if not part:
            return False
        got += part
    return True


def lasts(visitor: socket.socket, drip: bytes = b"") -> tuple[float, bytes]:
    """Seconds until the server closes, and what it said; a drip ten times a second."""
    began, got = time.monotonic(), b""
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
            got += part
        with suppress(OSError):
            visitor.sendall(drip)
    return time.monotonic() - began, got


@pytest.mark.parametrize("drip", [b"", b"a", b"X: a\r\n"])
def test_a_head_has_its_time_in_all(serve: Serve, drip: bytes) -> None:
    lasted, answer = lasts(serve().visitor(b"GET / HTTP/1.1\r\nX"), drip)
    assert SHORT.head - 0.2 < lasted < SHORT.head + 1
    assert answer.split()[1] == b"408"


def test_who_says_nothing_has_the_same(serve: Serve) -> None:
    lasted, answer = lasts(serve().visitor())
    assert SHORT.head - 0.2 < lasted < SHORT.head + 1
    assert answer == b""


@pytest.mark.parametrize(
    ("header", "drip"),
    [
        (b"Content-Length: 100000\r\n", b"a"),
        (b"Content-Length: 100000\r\n", b""),
        (b"Transfer-Encoding: chunked\r\n", b"1\r\na\r\n"),
        (b"Expect: 100-continue\r\nContent-Length: 100000\r\n", b"a"),
    ],
)
def test_a_body_has_its_time_in_all(serve: Serve, header: bytes, drip: bytes) -> None:
    visitor = serve().visitor(b"POST / HTTP/1.1\r\n" + header + HOST)
    lasted, answer = lasts(visitor, drip)
    assert SHORT.body - 0.2 < lasted < SHORT.body + 1
    assert b" 408 " in answer


def test_a_body_has_its_own_time_after_the_head(serve: Serve) -> None:
    """Half a second for the head, a second for the body: neither is too slow."""
    visitor = serve().visitor(b"POST / HTTP/1.1\r\n")
    time.sleep(0.4)
    visitor.sendall(b"Content-Length: 2\r\n" + HOST)
    time.sleep(0.9)
    visitor.sendall(b"ab")
    assert visitor.recv(100).startswith(b"HTTP/1.1 200")


def test_a_used_connection_may_be_idle_and_then_has_a_head_s_time(serve: Serve) -> None:
    visitor = serve().visitor(b"GET / HTTP/1.1\r\n" + HOST)
    assert is_answered(visitor)
    time.sleep(0.9)  # more than a head has
    visitor.sendall(b"GET / HTTP/1.1\r\n" + HOST)
    assert is_answered(visitor)
    visitor.sendall(b"GET / HT")
    lasted, answer = lasts(visitor)
    assert SHORT.head - 0.2 < lasted < SHORT.head + 1
    assert b" 408 " in answer


def test_an_idle_connection_is_closed(serve: Serve) -> None:
    visitor = serve().visitor(b"GET / HTTP/1.1\r\n" + HOST)
    assert is_answered(visitor)
    lasted, answer = lasts(visitor)
    assert SHORT.idle - 0.2 < lasted < SHORT.idle + 1
    assert answer == b""


@pytest.mark.parametrize("times", [1, 30])
def test_who_does_not_read_holds_no_thread_and_is_closed(
    serve: Serve, times: int
) -> None:
    loop = serve()
    slow = [
        loop.visitor(b"".join([b"GET /large HTTP/1.1\r\n" + HOST] * times))
        for _ in range(4)
    ]
    time.sleep(0.3)
    with loop.visitor(b"GET / HTTP/1.1\r\n" + HOST) as desk:
        assert is_answered(desk)
    deadline = time.monotonic() + SHORT.answer + 3
    while loop.server.active_channels and time.monotonic() < deadline:
        time.sleep(0.1)
    # What the system had taken by then is still there to be read, and no more.
    for visitor in slow:
        assert len(lasts(visitor)[1]) < LARGE
        visitor.close()


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file of this process may become longer than a megabyte and a half."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_answer_that_finds_no_room_on_the_disk_is_cut_off_and_never_looks_whole(
    serve: Serve, full_disk: None
) -> None:
    """An unread answer is kept in a file, so only who reads slowly can lose a part."""
    loop = serve()
    slow = loop.visitor(b"GET /large HTTP/1.1\r\n" + HOST)
    time.sleep(0.5)
    with loop.visitor(b"GET / HTTP/1.1\r\n" + HOST) as desk:
        assert is_answered(desk)
    head, _, body = lasts(slow)[1].partition(b"\r\n\r\n")
    assert str(LARGE).encode() in head or not head
    assert len(body) < LARGE
    with loop.visitor(b"GET / HTTP/1.1\r\n" + HOST) as desk:
        assert is_answered(desk)


def test_who_works_is_never_closed_for_others(serve: Serve) -> None:
    loop = serve(Limits(of_an_address=3))
    asking = loop.visitor(b"GET /wait HTTP/1.1\r\n" + HOST)
    others = [loop.visitor() for _ in range(20)]
    assert asking.recv(4096).startswith(b"HTTP/1.1 200")
    assert len(loop.server.active_channels) <= 4
    for other in others:
        other.close()


def test_above_the_limit_of_an_address_idle_ones_go_first(serve: Serve) -> None:
    loop = serve(Limits(of_an_address=2))
    begun = loop.visitor(b"GET / HTTP/1.1\r\n")
    elsewhere = loop.visitor(b"GET / HTTP/1.1\r\n", at="127.0.0.2")
    idle = loop.visitor(b"GET / HTTP/1.1\r\n" + HOST)
    assert is_answered(idle)
    loop.wait_for_one_idle()
    new = loop.visitor(b"GET / HTTP/1.1\r\n" + HOST)
    assert is_answered(new)
    assert idle.recv(10) == b""
    for patient in (begun, elsewhere):
        patient.sendall(HOST)
        assert is_answered(patient)


def test_above_the_limit_of_all_the_longest_wait_ends(serve: Serve) -> None:
    loop = serve(Limits(connections=5, of_an_address=0))
    first, *others = [loop.visitor(b"GET /", at=f"127.0.0.{n}") for n in range(2, 7)]
    time.sleep(0.2)
    new = loop.visitor(b"GET / HTTP/1.1\r\n" + HOST, at="127.0.0.9")
    assert is_answered(new)
    assert first.recv(10) == b""
    others[0].sendall(b" HTTP/1.1\r\n" + HOST)
    assert is_answered(others[0])


@pytest.mark.parametrize("drip", [[b"\r\n"], [b"\r", b"\n"], [b"\n", b"\r"]])
def test_empty_lines_after_an_answer_win_no_time(
    serve: Serve, drip: list[bytes]
) -> None:
    visitor = serve().visitor(b"GET / HTTP/1.1\r\n" + HOST)
    assert is_answered(visitor)
    began = time.monotonic()
    visitor.settimeout(0.05)
    for line in cycle(drip):
        with suppress(OSError):
            visitor.sendall(line)
        try:
            if not visitor.recv(4096):
                break
        except TimeoutError:
            pass
        except ConnectionError:
            break
        assert time.monotonic() - began < SHORT.idle + 1
    assert time.monotonic() - began > SHORT.head - 0.2


def test_an_empty_line_before_the_next_request_is_passed_over(serve: Serve) -> None:
    """Some browsers end a form with one (RFC 9112, 2.2)."""
    visitor = serve().visitor(b"GET / HTTP/1.1\r\n" + HOST)
    assert is_answered(visitor)
    time.sleep(0.9)  # more than a head has
    visitor.sendall(b"\r\nGET / HTTP/1.1\r\n")
    time.sleep(0.3)
    visitor.sendall(HOST)
    assert is_answered(visitor)


# Whole requests, more than there are threads


def test_one_address_with_many_whole_requests_holds_up_no_other(serve: Serve) -> None:
    loop = serve(Limits(of_an_address=0))
    greedy = [loop.visitor(b"GET /wait HTTP/1.1\r\n" + HOST) for _ in range(12)]
    time.sleep(0.2)
    began = time.monotonic()
    with loop.visitor(b"GET / HTTP/1.1\r\n" + HOST, at="127.0.0.2") as desk:
        assert is_answered(desk)
    assert time.monotonic() - began < 0.8, "a thread was left for others"
    assert is_answered(greedy[0])
    for visitor in greedy:
        visitor.close()


def test_two_addresses_take_turns(serve: Serve) -> None:
    loop = serve(Limits(of_an_address=0))
    many = [loop.visitor(b"GET /wait HTTP/1.1\r\n" + HOST) for _ in range(9)]
    time.sleep(0.1)
    few = [
        loop.visitor(b"GET /wait HTTP/1.1\r\n" + HOST, at=f"127.0.0.{place}")
        for place in (2, 3)
    ]
    began = time.monotonic()
    assert all(is_answered(visitor) for visitor in few)
    assert time.monotonic() - began < 3
    for visitor in many + few:
        visitor.close()


def test_with_all_places_at_work_the_greediest_address_gets_no_more(
    serve: Serve,
) -> None:
    loop = serve(Limits(connections=6, of_an_address=0))
    greedy = [loop.visitor(b"GET /wait HTTP/1.1\r\n" + HOST) for _ in range(6)]
    time.sleep(0.2)
    one_more = loop.visitor(b"GET /wait HTTP/1.1\r\n" + HOST)
    assert lasts(one_more)[1] == b""
    other = loop.visitor(b"GET / HTTP/1.1\r\n" + HOST, at="127.0.0.2")
    assert is_answered(other)
    assert len(loop.server.active_channels) <= 6
    assert is_answered(greedy[0]), "what has been begun is finished"
    for visitor in (*greedy, other):
        visitor.close()


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_behind_a_proxy_threads_are_shared_out_by_the_visitor_s_address(
    serve: Serve, settings: Settings, first: str, second: str, *, is_same: bool
) -> None:
    settings.PROXIES = 1
    loop = serve(Limits(of_an_address=0))

    def ask(path: str, visitor: str) -> socket.socket:
        # All but the last address was written by the visitor and must not count.
        header = f"X-Forwarded-For: 198.51.100.{id(path) % 200}, {visitor}\r\n"
        return loop.visitor(f"GET {path} HTTP/1.1\r\n{header}".encode() + HOST)

    greedy = [ask("/wait", first) for _ in range(3)]
    time.sleep(0.2)
    began = time.monotonic()
    asked = ask("/", second)
    assert is_answered(asked)
    assert (time.monotonic() - began > 0.8) is is_same
    for visitor in (*greedy, asked):
        visitor.close()


def test_processes_share_the_limits() -> None:
    two = limits.of_a_process(2, behind_a_proxy=False)
    assert two.of_an_address == 10
    assert two.connections <= 500
    assert limits.of_a_process(2, behind_a_proxy=True).of_an_address == 0
