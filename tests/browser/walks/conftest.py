"""All that one visit needs: browser, web server, broker, worker and mail server."""

import base64
import io
import logging
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import redis
import time_machine
from django.core.signals import request_started
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from structlog.stdlib import ProcessorFormatter

from config.celery import app
from counter.models import Clerk, Dossier
from localrun.inbox.messages import Message, newest
from localrun.servers.smtp import MailCatcher
from tests import cast
from tests.activation.holder.helpers import make_holder
from tests.browser.chromium import (
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.browser.walks.people import Applicant, Holder, Phone
from tests.processes.conftest import Process, Processes, wait_for

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

_BODY = re.compile(r'"body\\*": *\\*"([A-Za-z0-9+/=]+)')


class Overheard:
    """Every command that a client sends to the broker, heard by a client of its own."""

    def __init__(self, url: str) -> None:
        self.commands: list[str] = []
        # With a timeout the client would give up after seconds without a command.
        self._client = redis.Redis.from_url(url, socket_timeout=None)
        monitor = self._client.monitor()  # type: ignore[no-untyped-call]
        self._monitor = monitor.__enter__()
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            for event in self._monitor.listen():
                self.commands.append(str(event["command"]))
        except (redis.RedisError, OSError, ValueError):
            return  # closed, or the broker has stopped

    @property
    def bodies(self) -> list[str]:
        """The tasks' arguments, which Celery writes in base64."""
        bodies = _BODY.findall("\n".join(self.commands))
        return [base64.b64decode(body).decode() for body in bodies]


class Visited(Processes):
    """The processes behind one visit, with their messages, logs and requests."""

    def __init__(self, home: Path, *, site: str, mail: MailCatcher) -> None:
        self.inbox = mail.directory.parent
        super().__init__(
            home, smtp_port=mail.port, SITE_URL=site, DEMO_INBOX=str(self.inbox)
        )
        self.overheard = Overheard(self.broker.url)
        self.web_log = io.StringIO()
        #: Path, query string and referrer of each request, as the web server got it.
        self.requests: list[tuple[str, str, str]] = []

    def hear_request(self, environ: dict[str, str], **_kwargs: object) -> None:
        query, referrer = environ["QUERY_STRING"], environ.get("HTTP_REFERER", "")
        self.requests.append((environ["PATH_INFO"], query, referrer))

    def messages(self, count: int) -> list[Message]:
        """Wait for `count` messages in the demo inbox; returns them, newest first."""
        wait_for(
            lambda: len(newest(self.inbox)) >= count,
            what=f"{count} messages in the inbox",
        )
        shown = newest(self.inbox)
        assert len(shown) == count
        return shown

    @property
    def logged(self) -> str:
        return self.web_log.getvalue() + "".join(
            process.logged for process in self.processes
        )


def hold(worker: Process) -> None:
    """Stop the worker, so that it takes nothing from the broker until `let_go`."""
    os.kill(worker.child.pid, signal.SIGSTOP)


def let_go(worker: Process) -> None:
    os.kill(worker.child.pid, signal.SIGCONT)


def publish_to(url: str) -> None:
    """Let the web server, a thread of this process, send its tasks to this broker."""
    app.conf.update(broker_url=url)
    # Celery keeps its connections; in a forked child it drops them with this call.
    app._after_fork()  # type: ignore[attr-defined] # not in the stubs


def _not_the_mail_server(record: logging.LogRecord) -> bool:
    """Leave out the lines of the tests' mail server, which runs in this process too."""
    return not record.name.startswith("mail.")


@pytest.fixture
def web_handler() -> Iterator[logging.StreamHandler[io.StringIO]]:
    """A handler with all that the web server would log at level DEBUG, as formatted."""
    root = logging.getLogger()
    formatter = next(
        handler.formatter
        for handler in root.handlers
        if isinstance(handler.formatter, ProcessorFormatter)
    )
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(formatter)
    handler.addFilter(_not_the_mail_server)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    # The mail server would log each line of each mail, which no test reads.
    logging.getLogger("mail").setLevel(logging.INFO)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
def house(
    transactional_db: None,
    live_server: LiveServer,
    settings: Settings,
    tmp_path: Path,
    web_handler: logging.StreamHandler[io.StringIO],
) -> Iterator[Visited]:
    settings.DEMO_INBOX = tmp_path / "inbox"
    settings.SITE_URL = live_server.url
    usual = app.conf.broker_url
    with MailCatcher(tmp_path / "inbox" / "mail") as mail:
        house = Visited(tmp_path, site=live_server.url, mail=mail)
        house.web_log = web_handler.stream
        request_started.connect(house.hear_request)
        publish_to(house.broker.url)
        try:
            yield house
        finally:
            request_started.disconnect(house.hear_request)
            publish_to(usual)
            house.close()


# Somebody with a phone


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, scripts: bool) -> Iterator[Phone]:  # noqa: FBT001 (as pytest calls fixtures)
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        java_script_enabled=scripts,
        locale="nl-BE",
    )
    context.set_default_timeout(5_000)
    page, complaints = watched(context)
    yield Phone(page, live_server.url, scripts, complaints)
    context.close()
    assert complaints == []


@pytest.fixture
def person(phone: Phone, dossier: Dossier, els: Clerk) -> Applicant:
    """Peter with the link in his mail and the code on his paper."""
    code, text = cast.make_code(dossier, els)
    return Applicant(**vars(phone), code=code, text=text)


@pytest.fixture
def holder(phone: Phone, dossier: Dossier, els: Clerk) -> Holder:
    """Peter with his account, and no key yet."""
    return Holder(**vars(phone), account=make_holder(dossier, els))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of this process, also for its web server; a test can put it forward."""
    with time_machine.travel(timezone.now()) as clock:
        yield clock
