"""The example for Caddy, proxy/Caddyfile itself, works in a real Caddy.

Behind it is the real web server with production's settings. Caddy comes with
`apt-get install caddy`; .ci/run installs it.
"""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from activation.models import AddressCount
from localrun.processes import free_port, stop, tail
from tests.certificates import NAME, certificate
from tests.processes.test_proxy import ALWAYS, headers, sign_in_as_holder
from tests.production import environment_of_production
from tests.web_server import ROOT, WebServer, get, of_the_tests, web_server

CADDY = shutil.which("caddy")
pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db,  # makes the database that the server uses
    pytest.mark.skipif(CADDY is None, reason="Caddy is not installed here"),
]


class Caddy(WebServer):
    """Caddy with the example, in which only port and certificate are the test's own."""

    def __init__(self, home: Path, *, web: int) -> None:
        certificate(home / "tls")
        self.port, self.log = free_port(), home / "log"
        text = (ROOT / "proxy" / "Caddyfile").read_text()
        tls = f"\ttls {home}/tls/tls.crt {home}/tls/tls.key"
        for there, here in {
            "\tadmin off\n": f"\tadmin off\n\tauto_https off\n\tdefault_sni {NAME}\n",
            "{$SITE_HOST:localhost} {": f"https://:{self.port} {{\n{tls}",
        }.items():
            assert there in text, there
            text = text.replace(there, here)
        (home / "Caddyfile").write_text(text)
        env = {
            **os.environ,
            "WEB": f"127.0.0.1:{web}",
            "PAGES": str(ROOT / "proxy"),
            "XDG_DATA_HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
        }
        command = [str(CADDY), "run", "--config", str(home / "Caddyfile")]
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(
                [*command, "--adapter", "caddyfile"], stdout=log, stderr=log, env=env
            )
        deadline = time.monotonic() + 20
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            assert self.child.poll() is None, tail(self.log)
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def visitor(self, *, at: str = "127.0.0.1", buffer: int = 0) -> socket.socket:
        """A connection over TLS."""
        context = ssl.create_default_context(
            cafile=str(self.log.parent / "tls/tls.crt")
        )
        plain = super().visitor(at=at, buffer=buffer)
        return context.wrap_socket(plain, server_hostname="127.0.0.1")

    def close(self) -> None:
        stop(self.child)


@pytest.fixture(scope="module")
def web(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WebServer]:
    env = environment_of_production() | {
        "DJANGO_SETTINGS_MODULE": "tests.production_settings",
        "DATABASE_URL": of_the_tests()["DATABASE_URL"],
        "ALLOWED_HOSTS": f"{NAME},127.0.0.1",
        "PROXIES": "1",
    }
    with web_server(tmp_path_factory.mktemp("web") / "web.log", env) as server:
        yield server


@pytest.fixture(scope="module")
def proxy(web: WebServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caddy]:
    proxy = Caddy(tmp_path_factory.mktemp("caddy"), web=web.port)
    try:
        yield proxy
    finally:
        proxy.close()


def test_a_page_comes_through_with_its_headers_once(proxy: Caddy) -> None:
    answer = proxy.ask(get("/counter/sign-in/"))
    assert answer.startswith(b"HTTP/1.1 200")
    values = headers(answer)
    for name, value in ALWAYS.items():
        assert len(values[name]) == 1, name
        assert value in values[name][0]
    assert "__Host-csrf" in values["Set-Cookie"][0]


@pytest.mark.django_db(transaction=True)  # the counts are gone afterwards
def test_the_visitor_s_own_address_is_what_counts(proxy: Caddy) -> None:
    for number in range(3):
        invented = f"198.51.100.{number}".encode()
        answer = proxy.ask(sign_in_as_holder(invented), at="127.0.0.87")
        assert answer.startswith(b"HTTP/1.1 422")
    counted = AddressCount.objects.values("address_index").distinct()
    assert counted.count() == 1
    proxy.ask(sign_in_as_holder(b"127.0.0.87"), at="127.0.0.88")
    assert counted.count() == 2


def test_a_body_too_large_is_refused_and_nothing_is_quoted(proxy: Caddy) -> None:
    asked = get("/planted-token", b"Content-Length: 600000")
    answer = proxy.ask(asked.replace(b"GET", b"POST", 1))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"planted-token" not in answer
    assert "planted-token" not in proxy.log.read_text()


def test_a_body_of_unknown_length_that_becomes_too_large_is_refused(
    proxy: Caddy,
) -> None:
    head = get("/counter/sign-in/", b"Transfer-Encoding: chunked")
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (600_000, b"a" * 600_000)
    answer = proxy.ask(head.replace(b"GET", b"POST", 1) + body)
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_body_that_comes_too_slowly_is_refused_with_the_headers(
    proxy: Caddy,
) -> None:
    """The error for a slow connection has the same headers as any other answer."""
    asked = get("/counter/sign-in/", b"Content-Length: 1000")
    answer = proxy.ask(asked.replace(b"GET", b"POST", 1) + b"a")
    assert answer.startswith(b"HTTP/1.1 408")
    values = headers(answer)
    for name, value in ALWAYS.items():
        assert value in values[name][0], name


def test_one_id_goes_with_the_request_to_its_log_lines(
    proxy: Caddy, web: WebServer
) -> None:
    answer = proxy.ask(get("/counter/sign-in/", b"X-Request-ID: invented-by-me"))
    (shown,) = headers(answer)["X-Request-Id"]
    assert shown != "invented-by-me"
    assert shown in web.log.read_text()


def test_where_no_web_server_is_the_page_says_so_with_the_headers(
    tmp_path: Path,
) -> None:
    proxy = Caddy(tmp_path, web=free_port())
    try:
        answer = proxy.ask(get("/counter/sign-in/"))
    finally:
        proxy.close()
    assert answer.split()[1] in (b"502", b"503", b"504")
    values = headers(answer)
    for name, value in ALWAYS.items():
        assert value in values[name][0], name
    away = (ROOT / "proxy" / "away.html").read_bytes()
    assert answer.endswith(away)
