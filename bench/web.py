"""The web server of the product, and a plain client that costs little itself."""

import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import psutil
from django.conf import settings
from django.test import Client

from counter.models import Clerk
from localrun import parts
from localrun.lock import ROOT
from localrun.processes import ServiceError, free_port, spawn, stop, tail

CSRF = "c" * 32
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
READY_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    """`first_byte` is the moment (time.perf_counter) its body began to arrive."""

    status: int
    head: bytes
    body: bytes
    first_byte: float


class LostError(Exception):
    """A request was sent and no whole answer came."""


class Web:
    """gunicorn, started as everywhere (localrun.parts), on a port of its own."""

    def __init__(self, *, processes: int = 2) -> None:
        self.port = free_port()
        self.log = Path(os.environ["BENCH_HOME"]) / f"web-{self.port}.log"
        self.environ = {
            **os.environ,
            "BIND": f"127.0.0.1:{self.port}",
            "WEB_CONCURRENCY": str(processes),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.process = spawn(
            parts.command(parts.WEB), log=self.log, env=self.environ, cwd=ROOT
        )
        deadline = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise ServiceError(f"The web server did not start:\n{tail(self.log)}")
            time.sleep(0.05)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process is not None:
            stop(self.process)

    def _is_ready(self) -> bool:
        try:
            return Wire(self.port).get("/healthz").status == 200
        except (OSError, LostError):
            return False

    def family(self) -> list[psutil.Process]:
        """The server's processes, the one that was started first."""
        if self.process is None:
            return []
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def cpu(self) -> float:
        """CPU seconds of all of them so far."""
        times = [process.cpu_times() for process in self.family()]
        return float(sum(spent.user + spent.system for spent in times))


def signed_in(clerk: Clerk) -> dict[str, str]:
    """The cookies of a browser the clerk has signed in with."""
    client = Client()
    client.force_login(clerk)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: CSRF}


class Wire:
    """One connection, kept open: send a request, read the whole answer."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        self.headers = (
            f"Host: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nX-CSRFToken: {CSRF}\r\n"
        )

    def get(self, path: str) -> Answer:
        return self._ask(f"GET {path} HTTP/1.1\r\n{self.headers}\r\n".encode())

    def post(self, path: str, form: Mapping[str, object]) -> Answer:
        body = urlencode(form)
        return self._ask(
            f"POST {path} HTTP/1.1\r\n{self.headers}"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )

    def close(self) -> None:
        self.socket.close()

    def _ask(self, request: bytes) -> Answer:
        try:
            self.socket.sendall(request)
            return self._answer()
        except ConnectionError as error:
            raise LostError from error

    def _answer(self) -> Answer:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        if not body:
            body = self._receive() if _length(head) else b""
        first_byte = time.perf_counter()
        while len(body) < _length(head):
            body += self._receive()
        return Answer(int(head[9:12]), head, body, first_byte)

    def _receive(self) -> bytes:
        part = self.socket.recv(1 << 16)
        if not part:
            raise LostError
        return part


def _length(head: bytes) -> int:
    length = _LENGTH.search(head)
    if length is None:
        raise LostError(head)
    return int(length[1])


def at_once(workers: int, work: Callable[[int], None]) -> None:
    """Run `work(0)`, `work(1)` ... in threads that begin together; wait for them."""
    gate = threading.Barrier(workers)
    failures: list[BaseException] = []

    def run(place: int) -> None:
        try:
            gate.wait()
            work(place)
        except (OSError, LostError, AssertionError, RuntimeError) as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
