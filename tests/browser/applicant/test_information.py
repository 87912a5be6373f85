"""The information page and its forms in a real Chromium.

They are opened on small and large screens, in dark colours, with large letters and
without scripts.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from activation.public import form_stamp
from counter.enums import EnquiryKind
from counter.models import Enquiry, Office, OpeningHours
from payments.models import Tariff
from tests.browser.chromium import (
    IN_CHROMIUM,
    assert_axe_finds_nothing,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)

# SCREENSHOTS=/some/directory keeps a picture of each page.
SCREENSHOTS = os.environ.get("SCREENSHOTS")
BUDGET = 60 * 1024

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

Looks = dict[str, Any]
LOOKS: dict[str, Looks] = {
    "390": {"viewport": {"width": 390, "height": 844}},
    "320": {"viewport": {"width": 320, "height": 640}},
    "dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    # 1280 points wide at 200 %.
    "zoom": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    "wide": {"viewport": {"width": 1280, "height": 800}},
    "still": {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"},
}


@dataclass(frozen=True)
class Seen:
    page: Page
    complaints: list[str]
    look: str


@pytest.fixture(params=list(LOOKS))
def seen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Seen]:
    context = browser.new_context(**LOOKS[request.param], locale="en-GB")
    yield Seen(*watched(context), look=request.param)
    context.close()


@pytest.fixture(autouse=True)
def whole_office(office: Office, tariff: Tariff) -> None:
    for weekday in range(5):
        OpeningHours.objects.create(
            office=office, weekday=weekday, opens="09:00", closes="16:30"
        )


TARGETS = """
() => [...document.querySelectorAll("button, .btn, input:not([type=hidden]), summary,"
    + " .report a, .languages a")]
  .filter((it) => it.getClientRects().length && !it.closest(".visually-hidden"))
  .filter((it) => it.getBoundingClientRect().height < 44)
  .map((it) => it.outerHTML)
"""
TOO_WIDE = """
() => [...document.querySelectorAll("body *")]
  .filter((it) => it.getBoundingClientRect().right > innerWidth + 1)
  .map((it) => it.outerHTML.slice(0, 120))
"""
MOVING = """
() => [...document.querySelectorAll("*")].filter((it) => {
  const style = getComputedStyle(it);
  return Math.max(...[style.transitionDuration, style.animationDuration]
    .flatMap((times) => times.split(",")).map(parseFloat)) > 0.001;
}).length
"""


def look_at(seen: Seen, name: str) -> None:
    page = seen.page
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.evaluate("innerWidth"), name
    assert page.evaluate(TARGETS) == [], name
    assert_axe_finds_nothing(page, f"{name} {seen.look}")
    if seen.look == "still":
        assert page.evaluate(MOVING) == 0
    if SCREENSHOTS:
        page.screenshot(
            path=Path(SCREENSHOTS) / f"{name} {seen.look}.png", full_page=True
        )


def test_each_page_fits_each_way_of_looking(
    live_server: LiveServer, seen: Seen
) -> None:
    page = seen.page
    page.goto(f"{live_server.url}/en/")
    look_at(seen, "information")
    page.get_by_text("I have itsme").click()
    expect(page.get_by_text("Sign in with itsme.")).to_be_visible()
    page.get_by_role("link", name="Write to us").click()
    look_at(seen, "contact")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Write your message here.")).to_be_visible()
    look_at(seen, "contact mistake")
    page.goto(f"{live_server.url}/en/contact/sent/")
    look_at(seen, "contact sent")
    page.get_by_role("link", name="Report it").click()
    look_at(seen, "report")
    assert seen.complaints == []


def test_letters_twice_as_large_still_fit(
    live_server: LiveServer, browser: Browser
) -> None:
    context = browser.new_context(**LOOKS["390"])
    page = context.new_page()
    for path in ("/en/", "/de/", "/fr/contact/"):
        page.goto(f"{live_server.url}{path}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, page.evaluate(TOO_WIDE)
        if SCREENSHOTS:
            name = f"large{path.replace('/', ' ')}.png"
            page.locator("#come, form").first.scroll_into_view_if_needed()
            page.screenshot(path=Path(SCREENSHOTS) / name)
    context.close()


def test_the_first_view_is_small_and_from_here_alone(
    live_server: LiveServer, browser: Browser
) -> None:
    context = browser.new_context(**LOOKS["390"])
    page = context.new_page()
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    page.on("response", keep)
    page.goto(f"{live_server.url}/nl/")
    page.wait_for_load_state("networkidle")
    weights = {urlsplit(answer.url).path: len(answer.body()) for answer in answers}
    print(f"first view: {sum(weights.values())} of {BUDGET} bytes: {weights}")
    assert {urlsplit(answer.url).netloc for answer in answers} == {
        urlsplit(live_server.url).netloc
    }
    assert sum(weights.values()) < BUDGET
    assert context.cookies() == []
    context.close()


def test_without_a_script_somebody_finds_their_key_and_writes(
    live_server: LiveServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_stamp, "AT_LEAST", form_stamp.AT_LEAST * 0)
    context = browser.new_context(**LOOKS["390"], java_script_enabled=False)
    page, complaints = watched(context)
    page.goto(f"{live_server.url}/en/")
    page.get_by_text("I have none of these").click()
    expect(page.get_by_text("Then the activation code is for you.")).to_be_visible()
    page.get_by_role("link", name="Write to us").click()
    page.get_by_label("Your message").fill("Can I come on Monday?")
    page.get_by_label("Your e-mail address").fill("an@")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Your message")).to_have_value("Can I come on Monday?")
    page.get_by_label("Your e-mail address").fill("an@example.org")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your message")
    page.get_by_role("link", name="Report it").click()
    page.get_by_label("Your message").fill("It is too short.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    kinds = Enquiry.objects.order_by("received_at").values_list("kind", "page")
    assert list(kinds) == [
        (EnquiryKind.QUESTION, ""),
        (EnquiryKind.REPORT, "activation_public:contact_sent"),
    ]
    assert complaints == []
    context.close()


def test_the_keyboard_alone_opens_an_answer_and_writes(
    live_server: LiveServer, browser: Browser
) -> None:
    context = browser.new_context(**LOOKS["wide"])
    page = context.new_page()
    page.goto(f"{live_server.url}/en/")
    summary = page.locator("summary", has_text="I have itsme")
    for _turn in range(40):
        page.keyboard.press("Tab")
        if summary.evaluate("it => it === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sign in with itsme.")).to_be_visible()
    page.goto(f"{live_server.url}/en/contact/")
    reached = []
    for _turn in range(16):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || ''"))
    assert [name for name in reached if name] == ["text", "email", "name"]
    context.close()
