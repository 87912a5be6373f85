"""The limits of connections, in a web server of this process with short limits."""

import resource
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle
from typing import Any

import pytest

from config.web.limits import ON_THE_WAY, Limits
from tests.localrun.served import HOST, LARGE, SHORT, Serve, is_answered, lasts, serve

__all__ = ["serve"]


Environ = dict[str, Any]


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
    """Head and body take longer together than each may, but each is in time."""
    visitor = serve().visitor(b"POST / HTTP/1.1\r\n")
    time.sleep(0.4)
    visitor.sendall(b"Content-Length: 2\r\n" + HOST)
    time.sleep(0.9)
    visitor.sendall(b"ab")
    assert visitor.recv(100).startswith(b"HTTP/1.1 200")


def test_a_used_connection_may_be_idle_and_then_has_a_head_s_time(serve: Serve) -> None:
    visitor = serve().visitor(b"GET / HTTP/1.1\r\n" + HOST)
    assert is_answered(visitor)
    time.sleep(0.9)  # more than the limit of a head
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


@pytest.mark.parametrize("times", [2, 300, 30_000])
def test_requests_that_do_not_wait_for_an_answer_get_the_first_one_only(
    serve: Serve, times: int
) -> None:
    """Reading all requests took 7 s of CPU for 400 visitors with 60 requests each."""
    loop = serve()
    with loop.visitor() as crowd:
        with suppress(ConnectionError):
            crowd.sendall((b"GET /wait HTTP/1.1\r\n" + HOST) * times)
        _, answers = lasts(crowd)
    assert answers.count(b"HTTP/1.1 200") == 1
    assert b"connection: close" in answers.lower()
    assert answers.endswith(b"\r\n\r\nok")


def test_a_request_after_an_answer_may_be_cut_in_any_place(serve: Serve) -> None:
    """Also after the empty line with which old browsers end a form."""
    visitor = serve().visitor()
    form = b"POST / HTTP/1.1\r\nContent-Length: 2\r\n" + HOST + b"ab\r\n"
    for place in range(1, len(form)):
        visitor.sendall(form[:place])
        time.sleep(0.005)
        visitor.sendall(form[place:])
        assert is_answered(visitor), form[:place]


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
    # Visitors can still read what the system had buffered by then, and no more.
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
    """An unread answer is kept in a file, so only a slow reader can lose a part."""
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
    loop = serve(Limits(of_an_address=3, newcomers=0))
    asking = loop.visitor(b"GET /wait HTTP/1.1\r\n" + HOST)
    others = [loop.visitor() for _ in range(20)]
    assert asking.recv(4096).startswith(b"HTTP/1.1 200")
    assert len(loop.server.active_channels) <= 4
    for other in others:
        other.close()


def test_a_request_on_its_way_is_waited_for_beside_a_busy_crowd(serve: Serve) -> None:
    """Other connections of the address are answered or newer; the desk's is oldest."""
    loop = serve(Limits(of_an_address=1))
    answered = loop.visitor(b"GET /wait HTTP/1.1\r\n" + HOST)
    desk = loop.visitor()
    crowd = [loop.visitor() for _ in range(20)]
    time.sleep(0.1)
    desk.sendall(b"GET / HTTP/1.1\r\n" + HOST)
    assert is_answered(desk)
    # After this time no request counts as on its way, and others take the places.
    time.sleep(ON_THE_WAY)
    crowd += [loop.visitor() for _ in range(12)]
    time.sleep(0.1)
    assert len(loop.server.active_channels) <= 13
    for other in (answered, desk, *crowd):
        other.close()


def test_a_request_on_its_way_is_waited_for_beside_many_that_are_answered(
    serve: Serve,
) -> None:
    """Connections that are being answered are not new: only silent ones are."""
    loop = serve(Limits(of_an_address=1, newcomers=2))
    answered = [loop.visitor(b"GET /wait HTTP/1.1\r\n" + HOST) for _ in range(3)]
    time.sleep(0.1)
    desk, next_one = loop.visitor(), loop.visitor()
    time.sleep(0.1)
    desk.sendall(b"GET / HTTP/1.1\r\n" + HOST)
    assert is_answered(desk)
    for other in (*answered, desk, next_one):
        other.close()


def test_of_many_new_ones_the_longest_wait_ends(serve: Serve) -> None:
    loop = serve(Limits(of_an_address=1, newcomers=5))
    crowd = [loop.visitor() for _ in range(20)]
    time.sleep(0.1)
    assert len(loop.server.active_channels) <= 7
    for other in crowd:
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
    """Some browsers end a form with an empty line (RFC 9112, 2.2)."""
    visitor = serve().visitor(b"GET / HTTP/1.1\r\n" + HOST)
    assert is_answered(visitor)
    time.sleep(0.9)  # more than the limit of a head
    visitor.sendall(b"\r\nGET / HTTP/1.1\r\n")
    time.sleep(0.3)
    visitor.sendall(HOST)
    assert is_answered(visitor)
