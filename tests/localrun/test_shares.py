"""The web server's processes share new connections by how busy each one is."""

import time
from collections import Counter

import psutil
import pytest

from config.web import shares
from config.web.shares import Share
from tests.web_server import WebServer, get, server

__all__ = ["server"]

CLERKS = 8


@pytest.fixture
def pair() -> tuple[Share, Share]:
    first = shares.free_place([])
    second = shares.free_place([first])
    for place in (first, second):
        shares.give_up(place)
    return Share(first), Share(second)


def test_who_has_more_in_hand_leaves_newcomers_to_the_other(
    pair: tuple[Share, Share],
) -> None:
    busy, free = pair
    assert free.is_mine(0)
    assert busy.is_mine(0)
    assert not busy.is_mine(1)
    assert busy.waits
    assert free.is_mine(0)
    assert free.is_mine(1), "as much as the other"
    assert busy.is_mine(1)
    assert not busy.waits


def test_a_process_that_is_stuck_is_not_waited_for(pair: tuple[Share, Share]) -> None:
    busy, stuck = pair
    stuck.is_mine(0)
    assert not busy.is_mine(3)
    time.sleep(shares.PATIENCE_SECONDS * 1.1)
    assert busy.is_mine(3)
    assert not busy.is_mine(3), "the one after that waits again"


def test_a_process_that_has_ended_is_not_waited_for(pair: tuple[Share, Share]) -> None:
    busy, ended = pair
    ended.is_mine(0)
    assert not busy.is_mine(2)
    shares.give_up(ended.place)
    assert busy.is_mine(2)


def test_more_processes_than_places_take_what_comes() -> None:
    every = list(range(64))
    assert shares.free_place(every) is None
    assert Share(None).is_mine(5)


@pytest.mark.processes
@pytest.mark.django_db
def test_eight_clerks_are_shared_out_evenly(server: WebServer) -> None:
    for _ in range(5):
        clerks = [server.visitor() for _ in range(CLERKS)]
        time.sleep(0.5)
        try:
            held = _connections(server)
            assert sorted(held.values()) == [CLERKS // 2, CLERKS // 2], held
        finally:
            for clerk in clerks:
                clerk.close()
        assert server.ask(get("/healthz")).startswith(b"HTTP/1.1 200")
        time.sleep(0.2)


@pytest.mark.processes
@pytest.mark.django_db
def test_beside_a_process_that_is_stuck_nobody_waits_for_long(
    server: WebServer,
) -> None:
    """The other process is busy with a connection, but soon accepts new ones too."""
    with server.visitor():
        time.sleep(0.5)
        (busy,) = _connections(server)
        stuck = [
            child
            for child in psutil.Process(server.child.pid).children()
            if child.pid != busy
        ]
        try:
            for child in stuck:
                child.suspend()
            seconds = [_seconds_of_an_answer(server, nth) for nth in range(12)]
        finally:
            for child in stuck:
                child.resume()
    # Half of them: a single one may be quick because the process listened anyway.
    assert sorted(seconds)[6] < 0.5, seconds


def _seconds_of_an_answer(server: WebServer, nth: int) -> float:
    # Begin at different instants between two looks of the process.
    time.sleep(0.037 * (nth % 8))
    began = time.monotonic()
    assert server.ask(get("/healthz")).startswith(b"HTTP/1.1 200")
    return time.monotonic() - began


def _connections(server: WebServer) -> Counter[int]:
    """How many connections each process of the server has open, by process id."""
    held: Counter[int] = Counter()
    for process in psutil.Process(server.child.pid).children():
        for connection in process.net_connections("tcp"):
            if connection.laddr.port == server.port and connection.raddr:
                held[process.pid] += 1
    return held
