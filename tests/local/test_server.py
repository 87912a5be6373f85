"""The web server's own log lines."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.local.processes import free_port

APPLICATION = """
def application(environ, start_response):
    start_response("200 OK", [])
    return [b"ok"]
"""
UNREADABLE = (
    b"GET /nl/a/planted-token\r\n\r\n",
    b"GET /nl/a/ HTTP/1.1\r\nCookie planted-token\r\n\r\n",
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def port(tmp_path: Path, log: Path) -> Iterator[int]:
    """Gunicorn with our settings, until the test is over."""
    (tmp_path / "planted.py").write_text(APPLICATION)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:config.server"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--pythonpath", str(tmp_path), "planted:application"]
    with (
        log.open("wb") as lines,
        subprocess.Popen(command, stdout=lines, stderr=lines) as server,
    ):
        yield port
        server.terminate()
        server.wait(timeout=30)


def send(port: int, request: bytes) -> bytes:
    """The answer; the server has up to 20 seconds to start."""
    until = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
                client.sendall(request)
                return client.recv(1000)
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_a_request_it_cannot_read_is_not_quoted(port: int, log: Path) -> None:
    for request in UNREADABLE:
        assert b"400" in send(port, request)
    said = log.read_text()
    assert said.count("Invalid request") == len(UNREADABLE)
    assert "planted-token" not in said
    assert "ip=" not in said
