"""A real Chromium for the tests that walk pages, and what it complains of.

Import the two fixtures where a test needs a browser.
"""

import re
from collections.abc import Iterator
from shutil import which
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, ViewportSize

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
#: A phone, and the screen of a counter.
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1366, "height": 768}
#: In a page, by how many pixels it is wider than its screen.
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
IN_CHROMIUM = (
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    # Without this a page that prints a PDF by itself crashes a headless Chromium.
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-print-preview"],
    }


@pytest.fixture(scope="session", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Playwright's own event loop runs in this thread; Django would object."""
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    yield
    patch.undo()


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and what its console complains of: CSP violations among others.

    A request still under way when the page is left is cut off by the browser, which
    htmx reports in two lines: that is no complaint. An answer of 4xx or 5xx and a
    lost connection have names of their own there, and are.
    """
    page = context.new_page()
    complaints: list[str] = []

    def heard(line: ConsoleMessage) -> None:
        if line.type != "error" or "the server responded with" in line.text:
            return
        if not line.text.startswith("htmx:sendAbort"):
            complaints.append(line.text)
        elif complaints and complaints[-1].startswith("htmx:afterRequest"):
            complaints.pop()

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


#: Pages that axe has found nothing in, in this process: many walks come by the same.
_faultless: set[str] = set()
#: What differs from one visit to the next and is nothing to axe: which words stand
#: there, nonces, tokens, ids and figures. That there are words is something.
_WORDS = re.compile(r"(?<=>)[^<]*[^<\s][^<]*(?=<)")
_CHANCE = re.compile(
    r'(?:nonce|value|title|aria-label)="[^"]+"'
    r"|[0-9A-Fa-f-]{32,}|[0-9A-Za-z+/_=-]{60,}|[0-9]+"
)
_SEEN_AS = """
() => [
  document.documentElement.outerHTML, innerWidth, innerHeight,
  ...["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"]
    .map((query) => matchMedia(query).matches),
  document.activeElement?.id, getComputedStyle(document.documentElement).fontSize,
].join("\\n")
"""


def assert_axe_finds_nothing(
    page: Page, name: str, *, rules: dict[str, Any] | None = None
) -> None:
    """Look at a page with axe, once for each way of showing it in the whole run."""
    words = _WORDS.sub("words", f"{page.evaluate(_SEEN_AS)}{rules}")
    seen_as = _CHANCE.sub("chance", words)
    if seen_as in _faultless:
        return
    options = {"resultTypes": ["violations"], "rules": rules or {}}
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, f"{name}\n{results.generate_report()}"
    _faultless.add(seen_as)
