"""Every page that somebody may open, in a real Chromium: nothing is stopped by the
content security policy, no script fails, every answer has all headers, and on a screen
as narrow as a phone nothing is cut off.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Request
from pytest_django.live_server_helper import LiveServer

from tests import test_access
from tests.access_world import World, address, people, routes, world
from tests.browser.chromium import (
    IN_CHROMIUM,
    PHONE,
    WIDER,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)

__all__ = ["browser_type_launch_args", "database_beside_playwright", "people", "world"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

# SCREENSHOTS=/some/directory keeps a picture of each page.
SCREENSHOTS = os.environ.get("SCREENSHOTS")
HEADERS = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
}
#: Content types of answers that are no page, but a file, a picture or data.
NO_PAGE = ("application/pdf", "image/", "text/csv", "application/json", "text/plain")


def pages_of(role: str, client: Client, world: World) -> Iterator[str]:
    """The addresses that answer this person with a page."""
    place = test_access.ROLES.index(role)
    for name, path in routes():
        answers = test_access.EXPECTED.get((name, "GET"))
        if answers is None or answers[place] != 200:
            continue
        url = address(path, world)
        kind = client.get(url).headers.get("Content-Type", "")
        if not kind.startswith(NO_PAGE):
            yield url


def as_somebody(context: BrowserContext, client: Client, url: str) -> None:
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": url}
            for name, morsel in client.cookies.items()
        ]
    )


@pytest.mark.parametrize("role", ["stranger", "els", "sofie"])
def test_no_page_breaks_the_policy(
    browser: Browser,
    live_server: LiveServer,
    world: World,
    role: str,
) -> None:
    client = world.client(role)
    urls = list(pages_of(role, client, world))
    assert len(urls) >= {"stranger": 10, "els": 20, "sofie": 60}[role]
    context = browser.new_context(locale="nl-BE", viewport=PHONE)
    as_somebody(context, client, live_server.url)
    page, complaints = watched(context)
    outside: list[str] = []

    def note(request: Request) -> None:
        # Chromium's own viewer of PDFs asks for its parts by other schemes.
        if request.url.startswith("http") and live_server.url not in request.url:
            outside.append(request.url)

    page.on("request", note)
    wrong = {}
    for place, url in enumerate(urls):
        answer = page.goto(live_server.url + url)
        assert answer is not None
        missing = HEADERS - answer.headers.keys()
        too_wide = page.evaluate(WIDER)
        if complaints or outside or missing or too_wide > 0 or answer.status != 200:
            seen = (answer.status, too_wide, *complaints, *outside, *missing)
            wrong[url] = seen
            complaints.clear()
            outside.clear()
        if SCREENSHOTS:
            picture = Path(SCREENSHOTS) / f"{role} {place:03d}.png"
            page.screenshot(path=picture, full_page=True)
    context.close()
    print(f"{len(urls)} pages of {role}, {len(wrong)} with a complaint (bound: 0)")
    assert not wrong
