"""What is sent to a server for errors, read where it arrives."""

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override

import brotli
import pytest

from tests.production import ROOT, environment_of_production

PLANTED = ("85073003328", "peter@example.org", "Peeters", "planted-token", "hunter2")

FAILING = """
import os
import django
django.setup()
from django.test import Client
from django.conf import settings
from config import celery, urls
from django.urls import path
import structlog

def broken(request, token):
    number = "85073003328"
    password = request.POST["password"]
    raise LookupError(f"Key (email)=(peter@example.org) exists: {number} {password}")

@celery.app.task
def lapse(name):
    raise LookupError(f"Key (name)=({name}) exists")

urls.urlpatterns.insert(0, path("broken/<token>/", broken))
settings.MIDDLEWARE = ["counter.web.middleware.request_log"]
client = Client(raise_request_exception=False)
answer = client.post(
    "/broken/planted-token/?name=Peeters", {"password": "hunter2", "name": "Peeters"},
    headers={"host": "sleutels.leuven.example", "cookie": "session=planted-token"},
    secure=True,
)
assert answer.status_code == 500
lapse.apply(args=["Peeters"])
structlog.get_logger("ours").error("proxy_header_unreadable", header="Peeters")
print(answer.headers["X-Request-ID"])
import sentry_sdk
sentry_sdk.flush(10)
"""


class Sink(ThreadingHTTPServer):
    """A server that keeps what it receives."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Taker)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def events(self) -> list[dict[str, Any]]:
        lines = b"\n".join(self.bodies).splitlines()
        read = [json.loads(line) for line in lines if line.startswith(b"{")]
        return [event for event in read if "platform" in event]


class Taker(BaseHTTPRequestHandler):
    server: Sink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
        packed = self.headers["Content-Encoding"]
        self.server.bodies.append(unpack[packed](body) if packed else body)
        self.send_response(200)
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.shutdown()
    sink.server_close()


def fail(dsn: str) -> str:
    env = environment_of_production() | {
        "DJANGO_SETTINGS_MODULE": "tests.production_settings",
        "SENTRY_DSN": dsn,
    }
    return subprocess.run(
        [sys.executable, "-c", FAILING],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout.strip()


def test_an_error_is_told_with_its_place_and_nothing_of_anybody(sink: Sink) -> None:
    request_id = fail(f"http://key@127.0.0.1:{sink.server_port}/1")
    received = b"\n".join(sink.bodies).decode()
    page, task, line = sink.events
    frames = page["exception"]["values"][-1]["stacktrace"]["frames"]
    assert page["tags"]["request_id"] == request_id
    assert frames[-1]["function"] == "broken"
    assert task["exception"]["values"][-1]["type"] == "LookupError"
    assert line["message"] == "proxy_header_unreadable"
    for value in PLANTED:
        assert value not in received


def test_without_the_setting_nothing_is_told(sink: Sink) -> None:
    fail("")
    assert sink.bodies == []
