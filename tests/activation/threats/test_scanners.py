"""Machines that open the links in a mail before the person does.

They send HEAD and GET, or they are a browser that runs scripts and submits every form.
They change no code, no one-time code is sent, and the person can still activate.
Machines without a browser open 10,000 links in `make soak`, 100 of them in `make test`.
A walk through all pages in Chromium takes many seconds: `make soak` has 20 of each
kind, and `make test` has one.
"""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from activation.codes import links
from activation.enums import CodeState, KeyState
from activation.models import ActivationCode, DigitalKey, OneTimeCode
from counter.models import Clerk, Enquiry
from notifications.models import Delivery
from tests.activation.helpers import (
    choose_account,
    choose_key,
    digits_of,
    leads_to,
    link,
    path,
    type_code,
)
from tests.activation.holder.helpers import path as keys_path
from tests.activation.journey.traces import all_tables, rows_touched
from tests.activation.threats.crowd import address, codes
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
)
from tests.size import SOAK

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

LINKS = 10_000 if SOAK else 100
WALKS = 20 if SOAK else 1
#: One link in so many is activated afterwards; odd, to follow each kind of scanner.
EVERY = (LINKS // 20) | 1


def refusal(code: ActivationCode) -> str:
    return path("open_refusal", links.token(code))


def activate(code: ActivationCode, text: str, user_name: str) -> None:
    """Activate a key as the person does, in a browser of their own."""
    person = Client(REMOTE_ADDR=address(int(user_name.rpartition(".")[2])))
    type_code(person, code, text)
    choose_account(person, user_name)
    key = choose_key(person, "app")
    form = {"key": key.pk, "digits": digits_of(key)}
    assert leads_to(person.post(path("confirm_key"), form)) == path("done")


# Without a browser


def heads(code: ActivationCode) -> None:
    scanner = Client()
    for url in (link(code), refusal(code)):
        assert scanner.head(url).status_code == 303


def get_both_links(code: ActivationCode) -> None:
    scanner = Client()
    for url in (link(code), refusal(code)):
        assert scanner.get(url, follow=True).status_code == 200


def sends_each_form_empty(code: ActivationCode) -> None:
    scanner = Client()
    scanner.get(link(code))
    for name in ("enter_code", "not_mine"):
        assert scanner.post(path(name)).status_code == 422
    for name in ("choose_key", "confirm_key", "send_again", "enter_number"):
        assert scanner.post(path(name)).status_code == 303


def fills_in_each_form(code: ActivationCode) -> None:
    """It ticks all boxes, and types something into all fields."""
    scanner = Client()
    scanner.get(refusal(code))
    everything = {"sure": "on", "asked": "on", "kind": "email", "digits": "123456"}
    everything |= {"code": "john.doe@example.org", "mobile": "0470123456"}
    for name in ("enter_code", "not_mine"):
        assert scanner.post(path(name), everything).status_code == 422
    for name in ("choose_key", "confirm_key", "send_again", "enter_number"):
        assert scanner.post(path(name), everything).status_code == 303


SCANNERS: tuple[Callable[[ActivationCode], None], ...] = (
    *(heads, get_both_links, sends_each_form_empty, fills_in_each_form),
)


def test_scanners_without_a_browser_write_nothing(els: Clerk) -> None:
    pairs = codes(els, LINKS)
    before, touched = all_tables(), rows_touched()
    assert touched > 0  # the rows made above are counted
    for number, (code, _text) in enumerate(pairs):
        SCANNERS[number % len(SCANNERS)](code)
    moved = rows_touched() - touched
    assert all_tables() == before
    some = pairs[::EVERY]
    for number, (code, text) in enumerate(some):
        activate(code, text, f"peter.{number}")
    active = DigitalKey.objects.filter(state=KeyState.ACTIVE).count()
    print(
        f"{LINKS} links scanned: {moved} rows touched (bound 0); "
        f"{active} of {len(some)} people activated afterwards (bound all)"
    )
    assert moved == 0
    assert active == len(some)


# In Chromium

#: A script that fills in each field of a form, as a machine does.
FILL_IN = """
form => {
  for (const field of form.elements) {
    if (field.type === "hidden" || field.matches("button")) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = true;
    else if (field.tagName === "SELECT") field.selectedIndex = field.length - 1;
    else if (field.type === "email") field.value = "john.doe@example.org";
    else field.value = "john.doe";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
"""
#: The tables that may change when the pages for signing in are filled in: the counts of
#: an address and of a name that nobody has, and the session of the next page.
COUNTS = {
    "activation_addresscount",
    "activation_signincount",
    "activation_wrongpassword",
    "django_session",
}


class Scanner:
    """A browser that opens each link and sends each form that it finds, in English."""

    def __init__(self, page: Page, site: str, *, fills_in: bool) -> None:
        self.page, self.fills_in = page, fills_in
        self.here = f"{site}/en/"
        self.seen: set[str] = set()
        self.sent = 0

    def walk(self, *starts: str) -> None:
        waiting = list(starts)
        while waiting:
            url = waiting.pop().partition("?")[0].partition("#")[0]
            if url in self.seen or not url.startswith(self.here):
                continue
            self.seen.add(url)
            self.page.goto(url)
            waiting += self._links()
            for number in range(self.page.locator("form").count()):
                waiting += self._send(url, number)

    def _links(self) -> list[str]:
        addresses = self.page.eval_on_selector_all(
            "a[href]", "links => links.map(link => link.href)"
        )
        return [self.page.url, *addresses]

    def _send(self, url: str, number: int) -> list[str]:
        self.page.goto(url)
        form = self.page.locator("form").nth(number)
        if not form.count():
            return []
        if self.fills_in:
            form.evaluate(FILL_IN)
        with self.page.expect_navigation():
            form.evaluate("form => form.requestSubmit()")
        self.sent += 1
        return self._links()


@pytest.mark.browser
@IN_CHROMIUM[1]
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fills_in", [False, True], ids=["as it stands", "filled in"])
def test_a_browser_that_sends_every_form_stops_nobody(
    live_server: LiveServer, browser: Browser, els: Clerk, *, fills_in: bool
) -> None:
    pairs = codes(els, WALKS)
    before = all_tables()
    sent, pages = 0, 0
    for code, _text in pairs:
        context = browser.new_context()
        scanner = Scanner(context.new_page(), live_server.url, fills_in=fills_in)
        scanner.walk(live_server.url + link(code), live_server.url + refusal(code))
        context.close()
        sent, pages = sent + scanner.sent, pages + len(scanner.seen)
        came_to = [path("enter_code"), path("not_mine"), keys_path("forgotten")]
        assert scanner.seen >= {live_server.url + page for page in came_to}
    after = all_tables()
    moved = {table for table in after if after[table] != before[table]}
    may_move = COUNTS if fills_in else set()
    print(
        f"{WALKS} walks in Chromium over {pages} pages, {sent} forms sent: "
        f"moved {sorted(moved) or 'nothing'} (bound {sorted(may_move) or 'nothing'})"
    )
    assert moved <= may_move
    assert set(ActivationCode.objects.values_list("state", "attempts")) == {
        (CodeState.LIVE, 0)
    }
    for rows in (OneTimeCode, Delivery, Enquiry):
        assert not rows.objects.exists()
    for number, (code, text) in enumerate(pairs):
        activate(code, text, f"peter.{number}")
