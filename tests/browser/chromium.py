"""A real Chromium for the tests that walk through pages, and the errors it reports.

A module whose tests need the browser imports the two fixtures.
"""

import re
from collections.abc import Iterator
from shutil import which
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Page,
    ViewportSize,
)

#: A whole browser. Only this one shows a PDF, and prints it.
CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
#: The same engine without a window, which takes two thirds of the CPU.
_WITHOUT_WINDOW = which("chromium-headless-shell") or CHROMIUM
#: The screen of a phone, and that of a computer at the counter.
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1366, "height": 768}
#: A script: by how many pixels a page is wider than its screen.
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
IN_CHROMIUM = (
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": _WITHOUT_WINDOW,
        "args": ["--no-sandbox", "--disable-gpu"],
    }


@pytest.fixture(scope="module")
def whole_browser(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """A browser that also shows PDFs, for the tests that print."""
    # Without the argument a page that prints a PDF by itself crashes it.
    args = [*browser_type_launch_args["args"], "--disable-print-preview"]
    browser = browser_type.launch(executable_path=CHROMIUM, args=args)
    yield browser
    browser.close()


@pytest.fixture(scope="session", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Let Django use the database beside Playwright's event loop in this thread."""
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    yield
    patch.undo()


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A new page, and the list to which errors of its console are added.

    Violations of the content security policy are among them. A request still under way
    when the page is left is cut off by the browser; htmx reports that in two lines,
    which are not added. Its lines about answers of 4xx or 5xx and lost connections are.
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


#: Pages in which axe found nothing in this process: many walks open the same page.
_faultless: set[str] = set()
#: What differs from one visit to the next and does not matter to axe: which words there
#: are, nonces, tokens, ids and figures. Whether there are words at all does matter.
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
    """Look at a page with axe, once in a process for each way of showing it."""
    words = _WORDS.sub("words", f"{page.evaluate(_SEEN_AS)}{rules}")
    seen_as = _CHANCE.sub("chance", words)
    if seen_as in _faultless:
        return
    options = {"resultTypes": ["violations"], "rules": rules or {}}
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, f"{name}\n{results.generate_report()}"
    _faultless.add(seen_as)
