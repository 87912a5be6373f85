"""The web server is killed while a clerk types, and started again: nothing is lost."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from counter.models import Clerk, Draft
from tests import cast
from tests.browser.chromium import IN_CHROMIUM
from tests.processes.conftest import PYTHON, Process, Processes, wait_for

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]
GUNICORN = [PYTHON, "-m", "gunicorn", "--config", "python:config.server"]


class Web(Processes):
    """A separate web server on a port of its own, killed and started at will."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, smtp_port=9)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.env |= {"BIND": f"127.0.0.1:{self.port}", "WEB_CONCURRENCY": "1"}

    def serve(self) -> Process:
        server = self._start([*GUNICORN, "config.wsgi:application"])
        wait_for(self._answers, what="the web server")
        return server

    def _answers(self) -> bool:
        with socket.socket() as visitor:
            return visitor.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def web(transactional_db: None, tmp_path: Path) -> Iterator[Web]:
    web = Web(tmp_path)
    try:
        yield web
    finally:
        web.close()


def is_draft_kept(text: str) -> bool:
    return any(text in draft.content for draft in Draft.objects.all())


def test_a_killed_server_loses_nothing_typed(
    web: Web, browser: Browser, els: Clerk
) -> None:
    server = web.serve()
    context = browser.new_context(base_url=f"http://127.0.0.1:{web.port}")
    page = context.new_page()
    page.goto(reverse("counter_dossiers:record_applicant"))
    page.fill("[name=username]", els.username)
    page.fill("[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[name=last_name]")).to_be_visible()
    page.fill("[name=last_name]", "Van den Ælst")
    wait_for(lambda: is_draft_kept("Ælst"), what="the draft before")
    server.kill()
    with page.expect_event("requestfailed"):
        page.fill("[name=first_names]", "Hélène")
    assert not is_draft_kept("Hélène")
    web.serve()
    wait_for(lambda: is_draft_kept("Hélène"), what="what was typed while it was away")
    page.reload()
    expect(page.locator("[name=first_names]")).to_have_value("Hélène")
    expect(page.locator("[name=last_name]")).to_have_value("Van den Ælst")
    context.close()
