"""The real web server in processes of its own, and plain connections to it.

Import the two fixtures where a test needs one.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.db import connection

from localrun import parts
from localrun.processes import free_port, kill_session, spawn, tail

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 40.0
PORTS_TRIED = 3
HOST = b"Host: 127.0.0.1\r\n"


class WebServer:
    """Started as everywhere (localrun.parts), on a port of its own; `cwd` is where the
    program lies, here or in a copy.
    """

    def __init__(self, log: Path, env: Mapping[str, str], *, cwd: Path = ROOT) -> None:
        self.port = free_port()
        self.log = log
        self.child: subprocess.Popen[bytes] = spawn(
            parts.command(parts.WEB),
            log=log,
            env={**env, "BIND": f"127.0.0.1:{self.port}"},
            cwd=cwd,
        )

    def until_it_answers(self) -> None:
        deadline = time.monotonic() + SECONDS
        while True:
            with suppress(OSError):
                if self.ask(get("/healthz")).startswith(b"HTTP/1.1 200"):
                    return
            assert self.child.poll() is None, tail(self.log)
            assert time.monotonic() < deadline, tail(self.log)
            time.sleep(0.1)

    def visitor(self, *, at: str = "127.0.0.1", buffer: int = 0) -> socket.socket:
        """A connection from this address of this machine."""
        visitor = socket.socket()
        visitor.settimeout(SECONDS)
        if buffer:
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        visitor.bind((at, 0))
        visitor.connect(("127.0.0.1", self.port))
        return visitor

    def ask(self, request: bytes, *, at: str = "127.0.0.1") -> bytes:
        """The whole answer to a request that says `Connection: close`."""
        with self.visitor(at=at) as visitor:
            visitor.sendall(request)
            return rest(visitor)

    def close(self) -> None:
        kill_session(self.child.pid)
        self.child.wait(SECONDS)


@contextmanager
def web_server(log: Path, env: Mapping[str, str]) -> Iterator[WebServer]:
    server = _started(log, env)
    try:
        yield server
    finally:
        server.close()


def _started(log: Path, env: Mapping[str, str]) -> WebServer:
    """On a port that is still free when it starts: tests beside this one take ports."""
    for _ in range(PORTS_TRIED):
        server = WebServer(log, env)
        try:
            server.until_it_answers()
        except AssertionError:
            is_taken = "in use" in log.read_text()
            server.close()
            if not is_taken:
                raise
        else:
            return server
    raise AssertionError(f"No free port in {PORTS_TRIED} tries: {tail(log)}")


@pytest.fixture(scope="module")
def server(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WebServer]:
    """One for all tests that do not stop it; both of its processes have answered."""
    log = tmp_path_factory.mktemp("web") / "web.log"
    with web_server(log, of_the_tests()) as server:
        for _ in range(20):
            assert server.ask(get("/counter/sign-in/")).startswith(b"HTTP/1.1 200")
        yield server


@pytest.fixture
def stopped_server(django_db_setup: None, tmp_path: Path) -> Iterator[WebServer]:
    """One for a test that stops it."""
    with web_server(tmp_path / "web.log", of_the_tests()) as server:
        yield server


def of_the_tests() -> dict[str, str]:
    """The environment of a server that uses the tests' database."""
    of = connection.settings_dict
    database = f"postgresql://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": f"{database}/{of['NAME']}",
    }


def get(path: str, *headers: bytes) -> bytes:
    """Send a request after which the server closes the connection."""
    more = b"".join(header + b"\r\n" for header in (b"Connection: close", *headers))
    return b"GET " + path.encode() + b" HTTP/1.1\r\n" + HOST + more + b"\r\n"


def rest(visitor: socket.socket) -> bytes:
    """Read until the server closes; raises when it resets the connection."""
    got = b""
    while part := visitor.recv(1 << 16):
        got += part
    return got
