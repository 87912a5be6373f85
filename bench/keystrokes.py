"""10. One visit at the desk: keys, clicks, page loads and the server's time.

A browser records somebody, takes the fee and prints the slip, once by typing and once
with a passport reader, which types the machine-readable lines by itself. Counted from
the desk with its field in focus until the slip's page is there. The characters that
only the applicant can supply are the limit: names, numbers, dates and the address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from playwright.sync_api import Error, Page, Response, sync_playwright

from bench.measure import Figure, at_most
from bench.people import make_clerk
from bench.web import Web, signed_in
from tests import cast
from tests.browser.chromium import CHROMIUM
from tests.counter.scans.zones import td1

#: Card, Moran and Newell's operators: a key, a click of the mouse, a decision.
KEY_SECONDS = 0.28
CLICK_SECONDS = 1.1
# Between two keys of a person; a reader types a letter every few milliseconds.
APART_MS = 100


@dataclass
class Counted:
    """What one visit cost; `typed` are the characters that only the person has."""

    keys: int = 0
    typed: int = 0
    clicks: int = 0
    loads: int = 0
    server: float = 0.0
    fields: int = 0

    @property
    def seconds(self) -> float:
        return self.keys * KEY_SECONDS + self.clicks * CLICK_SECONDS + self.server


class Desk:
    """A browser at the desk, and a count of every key."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.counted = Counted()
        page.on("response", self._heard)

    def _heard(self, response: Response) -> None:
        """Count the time of the pages themselves, not of what they load besides."""
        request = response.request
        if not request.is_navigation_request() or request.frame != self.page.main_frame:
            return
        timing = request.timing
        waited = timing["responseStart"] - timing["requestStart"]
        self.counted.server += max(waited, 0) / 1000
        if response.status == HTTPStatus.OK:
            self.counted.loads += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.counted.keys += len(text)
        self.counted.typed += len(text)
        self.counted.fields += 1

    def key(self, name: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(name)
            if len(name) == 1:
                # The desk takes letters that follow each other faster for a scan.
                self.page.wait_for_timeout(APART_MS)
        self.counted.keys += times

    def to(self, name: str) -> None:
        """Enter until the field of this name has the focus."""
        for _ in range(20):
            if self.page.evaluate("document.activeElement.name") == name:
                return
            self.key("Enter")
        raise RuntimeError(f"Enter does not lead to {name}.")

    def wait_for_the_form(self) -> None:
        """Wait for the form's scripts: before them a key does something else."""
        self.page.wait_for_selector("#id_document_number")
        self.page.wait_for_load_state("load")

    def leave(self, towards: str) -> None:
        """Enter until the page is another one."""
        for _ in range(20):
            self.key("Enter")
            try:
                self.page.wait_for_url(towards, timeout=400, wait_until="commit")
            except Error:  # not yet: the next field
                continue
            self.page.wait_for_load_state("load")
            return
        raise RuntimeError(f"Enter does not lead to {towards}.")


def measure() -> list[Figure]:
    # Before Playwright's event loop runs, beside which Django would not query.
    cookies = signed_in(make_clerk())
    with Web() as web, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-print-preview"],
        )
        site = f"http://127.0.0.1:{web.port}"
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies(
            [
                {"name": name, "value": value, "url": site}
                for name, value in cookies.items()
            ]
        )
        typed = _visit(context.new_page(), site, _typed)
        scanned = _visit(context.new_page(), site, _scanned)
        browser.close()
    return [
        _figure("one visit, typed", typed),
        _figure("one visit, scanned", scanned),
    ]


def _figure(name: str, counted: Counted) -> Figure:
    return Figure(
        10,
        name,
        counted.keys / counted.typed,
        at_most(1.1),
        ours=(
            f"{counted.keys} keys, {counted.fields} fields, {counted.clicks} clicks, "
            f"{counted.loads} loads, server {counted.server * 1000:.0f} ms"
        ),
        limit=f"{counted.typed} characters of the person's own",
        values={
            "keys": counted.keys,
            "characters": counted.typed,
            "fields": counted.fields,
            "clicks": counted.clicks,
            "loads": counted.loads,
            "server_seconds": counted.server,
            "modelled_seconds": counted.seconds,
        },
    )


def _visit(page: Page, site: str, record: Callable[[Desk], None]) -> Counted:
    """From the desk to the page with the slip; the desk itself is not counted."""
    page.goto(f"{site}/counter/")
    desk = Desk(page)
    record(desk)
    desk.to("tendered")
    desk.type("10")
    desk.leave("**/dossiers/*/")
    page.wait_for_selector("iframe#slip")
    return desk.counted


def _typed(desk: Desk) -> None:
    """A card typed off by hand; the birth date follows from the number."""
    desk.type(cast.PETER_NUMBER)
    desk.key("Enter")
    desk.wait_for_the_form()
    desk.key("1")
    desk.to("document_number")
    desk.type("591191706458")
    desk.to("document_expiry")
    desk.type("01012040")
    _original(desk)
    desk.to("last_name")
    desk.type("Janssens")
    desk.to("first_names")
    desk.type("Peter")
    _address(desk, "peter.janssens@example.org")


def _scanned(desk: Desk) -> None:
    """The reader types the card's lines; of the person only the address is typed."""
    # A generated zone around the specimen's number (docs/domain.md#belgian-cards).
    lines = td1(expiry="400106", optional="95022899874").split("\n")
    for line in lines:
        desk.page.keyboard.type(line)
        desk.page.keyboard.press("Enter")
    desk.wait_for_the_form()
    desk.key("1")
    _original(desk)
    _address(desk, "anna.specimen@example.org")


def _original(desk: Desk) -> None:
    desk.to("original_seen")
    desk.key("Space")


def _address(desk: Desk, address: str) -> None:
    desk.to("email")
    desk.type(address)
    desk.leave("**/pay/")
