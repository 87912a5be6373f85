"""Two web servers are restarted one after the other, and no request is lost.

A request is lost when its connection was accepted and no whole answer came. When the
connection is refused, the request was never sent, and the client asks the other server,
as proxies do. In `make test` one round, in `make soak` ten.
"""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

import pytest

from localrun import parts
from localrun.processes import spawn
from tests.processes.test_proxy import NGINX, Proxy
from tests.production import environment_of_production
from tests.size import SOAK
from tests.web_server import ROOT, WebServer, get, of_the_tests, rest, web_server

# The mark makes the database that the servers look into.
pytestmark = [pytest.mark.processes, pytest.mark.django_db]

ROUNDS = 10 if SOAK else 1
CLIENTS = 8 if SOAK else 4
PAUSE = 0.05
PAGE = get("/counter/sign-in/")
BODY = b"user_name=nobody"
# The application refuses it, as it has no CSRF token; the refusal is an answer.
FORM = (
    get("/counter/sign-in/", b"Content-Length: %d" % len(BODY)).replace(b"GET", b"POST")
    + BODY
)


class Client:
    """Asks for pages and sends forms, one after the other, until `stop` is called."""

    def __init__(self, servers: Callable[[], list[WebServer]]) -> None:
        self.servers = servers
        self.counts: Counter[str] = Counter()
        self.lost: list[str] = []
        self.goes_on = True
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        number = 0
        while self.goes_on:
            number += 1
            servers = self.servers()
            self._send(FORM if number % 3 == 0 else PAGE, servers, number)
            time.sleep(PAUSE)

    def _send(self, request: bytes, servers: list[WebServer], number: int) -> None:
        for turn in range(20):
            try:
                visitor = servers[(number + turn) % len(servers)].visitor()
            except ConnectionRefusedError:
                self.counts["refused"] += 1
                if turn >= len(servers):
                    time.sleep(0.5)  # nobody listens: wait as a browser would
                continue
            with visitor:
                self._read(request, visitor)
            return
        self.lost.append("nobody listened")

    def _read(self, request: bytes, visitor: socket.socket) -> None:
        try:
            visitor.sendall(request)
            status = rest(visitor).split()[1].decode()
        except (OSError, IndexError) as error:
            self.lost.append(repr(error))
        else:
            self.counts[status] += 1

    def stop(self) -> None:
        self.goes_on = False
        self.thread.join(60)


class Clients:
    """Several clients, which send requests while the test does something else."""

    def __init__(self, servers: Callable[[], list[WebServer]]) -> None:
        self.all = [Client(servers) for _ in range(CLIENTS)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.all:
            client.stop()

    @property
    def counts(self) -> Counter[str]:
        return sum((client.counts for client in self.all), Counter())

    @property
    def lost(self) -> list[str]:
        return [lost for client in self.all for lost in client.lost]


def restart(server: WebServer, env: dict[str, str]) -> None:
    """Do as a deployment: SIGTERM, wait for the end, start, wait for an answer."""
    server.child.send_signal(signal.SIGTERM)
    assert server.child.wait(40) == 0
    server.child = spawn(
        parts.command(parts.WEB),
        log=server.log,
        env={**env, "BIND": f"127.0.0.1:{server.port}"},
        cwd=ROOT,
    )
    server.until_it_answers()


def of_production() -> dict[str, str]:
    return environment_of_production() | {
        "DJANGO_SETTINGS_MODULE": "tests.production_settings",
        "DATABASE_URL": of_the_tests()["DATABASE_URL"],
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": "https://localhost",
    }


def all_answered(clients: Clients) -> None:
    print(f"answers: {dict(clients.counts)}, lost: {len(clients.lost)} (0)")
    assert not clients.lost
    assert set(clients.counts) <= {"200", "403", "refused"}
    assert clients.counts["200"] >= 2 * CLIENTS


@pytest.fixture
def two(django_db_setup: None, tmp_path: Path) -> Iterator[list[WebServer]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(web_server(tmp_path / f"{name}.log", of_the_tests()))
            for name in ("one", "two")
        ]


def test_without_a_proxy_no_request_is_lost(two: list[WebServer]) -> None:
    with Clients(lambda: two) as clients:
        for server in two * ROUNDS:
            time.sleep(1)
            restart(server, of_the_tests())
    all_answered(clients)


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed here")
def test_behind_nginx_no_request_is_lost(django_db_setup: None, tmp_path: Path) -> None:
    env = of_production()
    with ExitStack() as stack:
        webs = [
            stack.enter_context(web_server(tmp_path / f"{name}.log", env))
            for name in ("one", "two")
        ]
        # As with a name in Docker, nginx knows both addresses at each request.
        lines = [f"server 127.0.0.1:{web.port} max_fails=0;" for web in webs]
        proxy = Proxy(
            tmp_path, web="office", more=f"upstream office {{ {' '.join(lines)} }}"
        )
        stack.callback(proxy.close)
        with Clients(lambda: [proxy]) as clients:
            for web in webs * ROUNDS:
                time.sleep(1)
                restart(web, env)
    all_answered(clients)


def test_where_systemd_listens_one_server_is_enough(
    django_db_setup: None, tmp_path: Path
) -> None:
    """The socket stays with systemd while the server is away; visitors wait there."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(2048)
    server = Activated(listener, tmp_path / "web.log")
    try:
        with Clients(lambda: [server]) as clients:
            for _ in range(2 * ROUNDS):
                server.until_it_answers()
                server.child.send_signal(signal.SIGTERM)
                assert server.child.wait(40) == 0
                server.start()
            server.until_it_answers()
    finally:
        server.close()
        listener.close()
    all_answered(clients)
    assert clients.counts["refused"] == 0


class Activated(WebServer):
    """A web server that gets a listening socket at its start, as systemd gives it."""

    def __init__(self, listener: socket.socket, log: Path) -> None:
        self.listener, self.log = listener, log
        self.port = listener.getsockname()[1]
        self.start()

    def start(self) -> None:
        number = self.listener.fileno()
        words = (
            f"import os, sys; os.dup2({number}, 3);"
            "os.environ |= {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': '1'};"
            "os.execv(sys.argv[1], sys.argv[1:])"
        )
        command = [sys.executable, "-c", words, *parts.command(parts.WEB)]
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                env=of_the_tests(),
                cwd=ROOT,
                pass_fds=[number],
                start_new_session=True,
            )


def test_what_waits_in_the_queue_when_a_server_is_told_to_stop_is_answered(
    two: list[WebServer],
) -> None:
    """There are more requests than threads, and all were sent before the signal."""
    server, _ = two
    visitors = [server.visitor(at=f"127.0.0.{10 + n % 26}") for n in range(130)]
    for visitor in visitors:
        visitor.sendall(PAGE)
    server.child.send_signal(signal.SIGTERM)
    answers = []
    for visitor in visitors:
        with closing(visitor):
            answers.append(rest(visitor)[:12])
    assert Counter(answers) == {b"HTTP/1.1 200": 130}
    assert server.child.wait(40) == 0
