"""The web server's threads are shared out among addresses."""

import socket
import time

import pytest
from pytest_django import Settings

from config.web import limits
from config.web.limits import Limits
from tests.localrun.served import HOST, Serve, is_answered, lasts, serve

__all__ = ["serve"]


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
        # The first address was written by the visitor and must not count.
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
