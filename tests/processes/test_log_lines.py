"""Every line of every process has one form, and the id of the request it belongs to."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from localrun import parts
from tests.processes.conftest import ROOT, House, house, wait_for
from tests.production import environment_of_production
from tests.web_server import WebServer, get, of_the_tests, web_server

__all__ = ["house"]

pytestmark = [pytest.mark.processes, pytest.mark.django_db]

REQUEST_ID = "a1b2c3d4e5f6"
HEADER = f"X-Request-ID: {REQUEST_ID}".encode()
LARGE = b"a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)


def lines(log: Path) -> list[dict[str, Any]]:
    """Read every line of the log; a line without the form fails the test."""
    read = [json.loads(line) for line in log.read_text().splitlines()]
    for line in read:
        assert line["timestamp"].endswith("+00:00"), line
        assert line["level"], line
        assert line["logger"], line
        assert "event" in line, line
    return read


@pytest.fixture(scope="module")
def web(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WebServer]:
    env = environment_of_production() | {
        "DJANGO_SETTINGS_MODULE": "tests.production_settings",
        "DATABASE_URL": of_the_tests()["DATABASE_URL"],
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": "https://localhost",
        "PROXIES": "1",
    }
    with web_server(tmp_path_factory.mktemp("web") / "web.log", env) as server:
        yield server


RING = """
import sys, django
django.setup()
from structlog.contextvars import bind_contextvars
from notifications.outbox import waking
bind_contextvars(request_id=sys.argv[1])
waking.wake_up()
assert waking._bell.wait(10)
"""
SECURE = (b"X-Forwarded-Proto: https", b"X-Forwarded-For: 192.0.2.7")


def of_one(web: WebServer, request_id: str) -> list[dict[str, Any]]:
    return [line for line in lines(web.log) if line.get("request_id") == request_id]


def test_the_web_server_s_own_lines_have_the_form_too(web: WebServer) -> None:
    loggers = {line["logger"] for line in lines(web.log)}
    assert {"gunicorn.error", "sleutelloket.request"} <= loggers


def test_the_proxy_s_id_is_in_the_log_and_in_the_answer(web: WebServer) -> None:
    answer = web.ask(get("/counter/sign-in/", HEADER, *SECURE))
    assert f"x-request-id: {REQUEST_ID}" in answer.decode().lower()
    assert [line["event"] for line in of_one(web, REQUEST_ID)] == ["answered"]


@pytest.mark.parametrize(
    "sent", ["short", "with space and more", "a" * 65, "<b>12345678"]
)
def test_an_id_that_is_none_is_made_anew(web: WebServer, sent: str) -> None:
    web.ask(get("/counter/sign-in/", f"X-Request-ID: {sent}".encode(), *SECURE))
    assert sent not in web.log.read_text()


def test_a_head_that_no_page_answers_is_no_warning(web: WebServer) -> None:
    header = b"X-Request-ID: 00000000head"
    request = get("/counter/sign-out/", header, *SECURE).replace(b"GET", b"HEAD", 1)
    assert web.ask(request).split()[1] in {b"302", b"405"}
    assert {line["level"] for line in of_one(web, "00000000head")} == {"info"}


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "C’est trop"), ("de", "Das ist zu viel")]
)
def test_a_body_that_is_too_large_gets_a_page_and_one_warning(
    web: WebServer, language: str, words: str
) -> None:
    number = f"0000large-{language}"
    request = get(
        f"/{language}/contact/",
        f"X-Request-ID: {number}".encode(),
        b"Content-Type: application/x-www-form-urlencoded",
        b"Content-Length: %d" % len(LARGE),
        *SECURE,
    )
    answer = web.ask(request.replace(b"GET", b"POST", 1) + LARGE)
    assert answer.startswith(b"HTTP/1.1 413")
    for text in (words, number):
        assert text in answer.decode()
    louder = [line for line in of_one(web, number) if line["level"] != "info"]
    assert [line["level"] for line in louder] == ["warning"]
    assert "exception" not in louder[0]


def test_without_a_proxy_nobody_chooses_the_id(client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": REQUEST_ID})
    assert answer.headers["X-Request-ID"] != REQUEST_ID


def test_a_task_has_the_id_of_the_request_that_woke_it(house: House) -> None:
    worker = house._start(parts.command(parts.WORKER))
    beat = house._start(parts.command(parts.BEAT.replace(".local", str(house.home))))
    wait_for(lambda: " ready." in worker.logged, seconds=60, what="a worker")
    wait_for(lambda: "beat: Starting" in beat.logged, seconds=60, what="beat")
    # Wake the worker as a request does after its commit. That needs a process of its
    # own, because a process reads the broker's address only once.
    subprocess.run(
        [sys.executable, "-c", RING, REQUEST_ID], env=house.env, cwd=ROOT, check=True
    )

    def of_the_task() -> list[dict[str, Any]]:
        of_tasks = [line for line in lines(worker.log) if "task" in line]
        return [line for line in of_tasks if line.get("request_id") == REQUEST_ID]

    wait_for(lambda: bool(of_the_task()), what="a line of the task")
    assert of_the_task()[0]["task"] == "notifications.tasks.deliver"
    assert lines(beat.log)
