"""The proxy that docker-compose.yml starts: its own configuration, in a real nginx.

It stands in front of the real web server with production's settings. nginx comes with
`apt-get install nginx-light`; .ci/run installs it.
"""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.urls import reverse

from activation.models import AddressCount
from localrun.processes import free_port, stop, tail
from tests.certificates import NAME, certificate
from tests.processes.test_slow_visitors import KINDS, MANY_ADDRESSES, Crowd
from tests.production import environment_of_production
from tests.size import SOAK
from tests.test_headers import FIXED
from tests.web_server import ROOT, WebServer, get, of_the_tests, web_server

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db,  # makes the database that the server looks into
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed here"),
]

SECONDS = 60.0 if SOAK else 3.0
# The same headers on every answer, whoever writes it.
ALWAYS = {
    **FIXED,
    "Content-Security-Policy": "default-src 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}


class Proxy(WebServer):
    """nginx with proxy/nginx.conf, in which only ports and paths are replaced."""

    def __init__(self, home: Path, *, web: int | str, more: str = "") -> None:
        certificate(home / "tls")
        self.port, self.plain_port, self.log = free_port(), free_port(), home / "log"
        (home / "tmp").mkdir()
        text = (ROOT / "proxy" / "nginx.conf").read_text()
        text = text.replace(" /tmp/", f" {home}/tmp/")  # noqa: S108 (not ours)
        for there, here in {
            "web:8000": web if isinstance(web, str) else f"127.0.0.1:{web}",
            "listen 127.0.0.1:8081": f"listen 127.0.0.1:{free_port()}",
            "listen 8080": f"listen 127.0.0.1:{self.plain_port}",
            "listen 8443": f"listen 127.0.0.1:{self.port}",
            "/etc/nginx/tls": str(home / "tls"),
            "/etc/nginx/site": str(ROOT / "proxy"),
            "    access_log off;": f"    access_log off;\n{more}",
        }.items():
            assert there in text, there
            text = text.replace(there, here)
        self.start(home, text)

    def start(self, home: Path, text: str) -> None:
        (home / "nginx.conf").write_text(text)
        as_root = ["-g", "user root;"] if os.geteuid() == 0 else []
        command = [str(NGINX), "-c", str(home / "nginx.conf"), *as_root]
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            assert self.child.poll() is None, tail(self.log)
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def visitor(self, *, at: str = "127.0.0.1", buffer: int = 0) -> socket.socket:
        """Connect over TLS."""
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
def proxy(web: WebServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    proxy = Proxy(tmp_path_factory.mktemp("proxy"), web=web.port)
    try:
        for _ in range(10):
            proxy.ask(get("/counter/sign-in/"))
        yield proxy
    finally:
        proxy.close()


def headers(answer: bytes) -> dict[str, list[str]]:
    """Each header with all the values it has."""
    values: dict[str, list[str]] = {}
    for line in answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]:
        name, _, value = line.partition(": ")
        values.setdefault(name, []).append(value)
    return values


def test_a_page_comes_through_with_its_headers_once(proxy: Proxy) -> None:
    answer = proxy.ask(get("/counter/sign-in/"))
    assert answer.startswith(b"HTTP/1.1 200")
    values = headers(answer)
    for name, value in ALWAYS.items():
        assert len(values[name]) == 1, name
        assert value in values[name][0]
    assert "__Host-csrf" in values["Set-Cookie"][0]


def test_without_tls_everything_leads_to_tls(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.plain_port)) as visitor:
        visitor.sendall(get("/nl/?a=b").replace(b"127.0.0.1", NAME.encode()))
        answer = visitor.recv(4096)
    assert answer.startswith(b"HTTP/1.1 301")
    assert headers(answer)["Location"] == [f"https://{NAME}/nl/?a=b"]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (get("planted-token"), 400),
        (get("/planted-token").replace(b"Host: 127.0.0.1\r\n", b""), 400),
        (get("/planted-token", b"Cookie: " + b"a" * 40_000), 400),
        (get("/planted-token", b"Content-Length: 10000000"), 413),
        (b"GET /planted-token HTTP/1.0\r\n\r\n", 400),
        (get("/planted-token").replace(b"127.0.0.1", b"elsewhere.example"), 400),
    ],
    ids=["unreadable", "no host", "long", "large", "HTTP/1.0", "another host"],
)
def test_what_is_refused_has_the_headers_and_is_not_quoted(
    proxy: Proxy, web: WebServer, request_: bytes, status: int
) -> None:
    answer = proxy.ask(request_)
    assert answer.split()[1] == str(status).encode()
    values = headers(answer)
    for name, value in ALWAYS.items():
        assert value in values[name][0], name
        assert len(values[name]) == 1, name
    assert b"planted-token" not in answer
    assert "planted-token" not in proxy.log.read_text() + web.log.read_text()


def sign_in_as_holder(invented: bytes) -> bytes:
    """A request with a form, which counts for its network address in this minute."""
    token, form = b"c" * 32, b"user_name=nobody&password=not-a-holder-s"
    asked = get(
        reverse("activation_holder:sign_in"),
        b"X-Forwarded-For: " + invented,
        b"Forwarded: for=" + invented,
        b"X-Real-IP: " + invented,
        b"Origin: https://127.0.0.1",
        b"Cookie: __Host-visit-csrf=" + token,
        b"X-CSRFToken: " + token,
        b"Content-Type: application/x-www-form-urlencoded",
        b"Content-Length: %d" % len(form),
    )
    return asked.replace(b"GET", b"POST", 1) + form


@pytest.mark.django_db(transaction=True)  # the counts are removed afterwards
def test_the_visitor_s_own_address_is_what_counts(proxy: Proxy) -> None:
    """The forwarding headers that a visitor sends change nothing."""
    for number in range(5):
        invented = f"198.51.100.{number}".encode()
        answer = proxy.ask(sign_in_as_holder(invented), at="127.0.0.77")
        assert answer.startswith(b"HTTP/1.1 422")
    counted = AddressCount.objects.values("address_index").distinct()
    assert counted.count() == 1
    proxy.ask(sign_in_as_holder(b"127.0.0.77"), at="127.0.0.78")
    assert counted.count() == 2


def test_the_desk_answers_beside_slow_visitors_of_the_proxy(proxy: Proxy) -> None:
    """They press for a minute in `make soak`, and for three seconds in `make test`."""
    crowd = Crowd(proxy, list(KINDS.values()), MANY_ADDRESSES)
    until, slowest = time.monotonic() + SECONDS, 0.0
    try:
        while time.monotonic() < until:
            asked = time.monotonic()
            assert proxy.ask(get("/counter/sign-in/")).startswith(b"HTTP/1.1 200")
            slowest = max(slowest, time.monotonic() - asked)
            time.sleep(0.2)
    finally:
        crowd.leave()
    print(f"the slowest answer: {slowest:.2f} s")
    assert slowest < 5


def test_one_address_has_its_number_of_requests_under_way(proxy: Proxy) -> None:
    half = get("/counter/sign-in/", b"Content-Length: 100").replace(b"GET", b"POST")
    crowd = [proxy.visitor(at="127.0.0.50") for _ in range(60)]
    for visitor in crowd:
        visitor.sendall(half)
    time.sleep(1)
    assert proxy.ask(get("/healthz"), at="127.0.0.50").startswith(b"HTTP/1.1 429")
    assert proxy.ask(get("/healthz"), at="127.0.0.51").startswith(b"HTTP/1.1 200")
    for visitor in crowd:
        visitor.close()


def test_of_ipv6_a_network_of_64_bits_counts_as_one_address(
    web: WebServer, tmp_path: Path
) -> None:
    """In this test a header of the request says which address the visitor has."""
    trust = "set_real_ip_from 127.0.0.0/8; real_ip_header X-Test-Address;"
    proxy = Proxy(tmp_path, web=web.port, more=trust)

    def by(address: str) -> bytes:
        return f"X-Test-Address: {address}".encode()

    try:
        crowd = [proxy.visitor() for _ in range(60)]
        for place, visitor in enumerate(crowd):
            asked = get("/", by(f"2001:db8:1:2:{place:x}::a"), b"Content-Length: 100")
            visitor.sendall(asked.replace(b"GET", b"POST"))
        time.sleep(1)
        for address, status in {
            "2001:db8:1:2:ffff::1": b"429",
            "2001:db8:1:3::1": b"200",
            "192.0.2.1": b"200",
        }.items():
            assert proxy.ask(get("/healthz", by(address))).split()[1] == status
        for visitor in crowd:
            visitor.close()
    finally:
        proxy.close()


def test_the_browser_s_devices_are_refused_in_the_same_words(proxy: Proxy) -> None:
    own = proxy.ask(get("/planted-token", b"Content-Length: 10000000"))
    application = proxy.ask(get("/counter/sign-in/"))
    name = "Permissions-Policy"
    assert headers(own)[name] == headers(application)[name]


def test_without_a_web_server_people_read_what_to_do(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, web=free_port())
    try:
        answer = proxy.ask(get("/nl/a/planted-token"))
    finally:
        proxy.close()
    assert answer.startswith(b"HTTP/1.1 502")
    text = re.sub(r"\s+", " ", answer.decode())
    for words in ("Probeer het", "Réessayez", "Versuchen Sie", "Try again"):
        assert words in text
    for name, value in ALWAYS.items():
        assert value in headers(answer)[name][0], name
    assert "planted" not in proxy.log.read_text()
