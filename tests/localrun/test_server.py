"""The web server's own answers, to requests that never reach the application."""

import pytest
from django.utils.datastructures import CaseInsensitiveMapping

from tests.test_headers import lacking
from tests.web_server import HOST, WebServer, get, rest, server

__all__ = ["server"]
# The mark makes the database that the server uses.
pytestmark = [pytest.mark.processes, pytest.mark.django_db]

LONG = b"a" * 100_000
REFUSED = {
    "no request": (b"planted-token\r\n\r\n", 400),
    "no version and no host": (b"GET /nl/a/planted-token\r\n\r\n", 400),
    "another protocol": (b"\x16\x03\x01planted-token\r\n\r\n", 400),
    "a header without a colon": (
        b"GET /nl/a/ HTTP/1.1\r\n" + HOST + b"Cookie planted-token\r\n\r\n",
        400,
    ),
    "a line break in a header": (
        b"GET /nl/ HTTP/1.1\r\n" + HOST + b"X: planted-token\nY: b\r\n\r\n",
        400,
    ),
    "HTTP/1.0 without a host": (b"GET /nl/a/planted-token HTTP/1.0\r\n\r\n", 400),
    "HTTP/1.1 without a host": (b"GET /nl/a/planted-token HTTP/1.1\r\n\r\n", 400),
    "an empty host": (b"GET /planted-token HTTP/1.1\r\nHost:  \r\n\r\n", 400),
    "another host": (get("/").replace(b"127.0.0.1", b"planted.example"), 400),
    "two hosts": (get("/planted-token", b"Host: elsewhere.example"), 400),
    "a long path": (get("/planted-token" + LONG.decode()), 431),
    "a long header": (get("/planted-token", b"Cookie: " + LONG), 431),
    "many headers": (get("/", *[b"X-Planted-Token: a"] * 5000), 431),
    "a long body": (get("/", b"Content-Length: 10000000") + LONG, 413),
    "a length that is none": (get("/planted-token", b"Content-Length: abc"), 400),
    "a length below zero": (get("/planted-token", b"Content-Length: -1"), 400),
    "two lengths": (
        get("/planted-token", b"Content-Length: 5", b"Transfer-Encoding: chunked"),
        400,
    ),
    "an unknown coding": (get("/planted-token", b"Transfer-Encoding: gzip"), 501),
    "chunks in HTTP/1.0": (
        get("/planted-token", b"Transfer-Encoding: chunked").replace(b"/1.1", b"/1.0"),
        400,
    ),
    "a chunk of no size": (
        get("/planted-token", b"Transfer-Encoding: chunked") + b"planted-token\r\n",
        400,
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_has_our_headers_and_is_not_quoted(
    server: WebServer, case: str
) -> None:
    request, status = REFUSED[case]
    answer = server.ask(request)
    head, _, body = answer.decode().partition("\r\n\r\n")
    line, *fields = head.split("\r\n")
    assert line.split()[1] == str(status)
    # The server writes header names in its own capitals.
    pairs = (field.partition(": ")[::2] for field in fields)
    headers: CaseInsensitiveMapping[str] = CaseInsensitiveMapping(dict(pairs))
    assert not lacking(headers)
    assert "Server" not in headers
    assert "planted-token" not in body
    logged = server.log.read_text()
    assert headers["X-Request-ID"] in logged
    assert "planted-token" not in logged
    assert "127.0.0.1:" not in logged.replace(f"127.0.0.1:{server.port}", "")
    assert "uncaptured" not in logged


def test_a_head_alone_is_answered_by_a_head_alone(server: WebServer) -> None:
    """It has no body: the next bytes are the answer to the next request."""
    with server.visitor() as visitor:
        visitor.sendall(
            get("/nl/").replace(b"GET", b"HEAD").replace(b"Connection: close\r\n", b"")
        )
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += visitor.recv(1 << 16)
        visitor.sendall(get("/healthz"))
        next_one = rest(visitor)
    assert b"Content-Length: " in head
    assert next_one.startswith(b"HTTP/1.1 200")
    assert next_one.endswith(b"\r\n\r\nok")


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1"])
def test_who_names_the_host_is_answered(server: WebServer, version: bytes) -> None:
    answer = server.ask(get("/healthz").replace(b"HTTP/1.1", version))
    assert answer.split()[1] == b"200"
