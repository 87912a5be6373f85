"""A visit without a mouse, and what the keyboard can do on the screens of the desk."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from counter.models import Clerk, Dossier, Office
from counter.staff.demo_accounts import DEMO_APPLICANT as PETER
from payments.enums import TariffCategory
from payments.models import Payment
from tests import cast
from tests.browser.chromium import IN_CHROMIUM, assert_axe_finds_nothing, watched

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, els: Clerk) -> Iterator[Page]:
    """The page of the desk, after Els signed in with the keyboard."""
    context = browser.new_context(
        locale="en-GB",
        base_url=live_server.url,
        viewport={"width": 1280, "height": 800},
    )
    # There is no printer, so printing does nothing.
    context.add_init_script("window.print = () => {}")
    page, complaints = watched(context)
    page.goto(reverse("counter_desk:desk"))
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type(els.username)
    page.keyboard.press("Enter")
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[name=q]")).to_be_focused()
    # Before the page's scripts have loaded, Enter in the field begins a new line.
    page.wait_for_function("() => document.readyState === 'complete'")
    yield page
    assert complaints == []
    context.close()


ANSWERS = {
    "document_number": PETER.document_number,
    "document_expiry": f"{PETER.document_expiry:%d%m%Y}",
    "original_seen": " ",
    "last_name": PETER.last_name,
    "first_names": PETER.first_names,
    "birth_date": f"{PETER.birth_date:%d%m%Y}",
    "email": "peter@example.org",
}


def choose(page: Page, name: str, value: str) -> None:
    field = page.locator(f"#id_{name}")
    expect(field).to_be_focused()
    for _ in range(field.locator("option").count()):
        if field.input_value() != value:
            page.keyboard.press("ArrowDown")
    expect(field).to_have_value(value)
    page.keyboard.press("Enter")


def type_answers(page: Page) -> None:
    """Type each answer into the field with the focus, in any order; Enter goes on."""
    asked: list[str] = []
    while not page.url.endswith("/pay/"):
        name = page.evaluate("document.activeElement.name ?? ''")
        assert name not in asked, f"Enter after {asked} led nowhere"
        asked.append(name)
        page.keyboard.type(ANSWERS.get(name, ""))
        page.keyboard.press("Enter")
        if ANSWERS.keys() <= set(asked) and name == "language":
            page.wait_for_url("**/pay/")
    assert ANSWERS.keys() <= set(asked)


def test_from_one_person_to_the_next_without_a_mouse(page: Page) -> None:
    page.keyboard.type(PETER.national_number)
    page.keyboard.press("Enter")
    # Not the page's address: it becomes the draft's when the form is filled in.
    expect(page.locator("#id_national_number")).to_have_value(PETER.national_number)
    page.wait_for_function("() => document.readyState === 'complete'")
    page.keyboard.press("1")
    choose(page, "document_type", PETER.document_type)
    type_answers(page)
    page.wait_for_url("**/pay/")
    page.wait_for_load_state()
    expect(page.locator("[name=tendered]")).to_be_focused()
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    dossier = Dossier.objects.get()
    page.wait_for_url(f"**{reverse('counter_dossiers:dossier', args=[dossier.pk])}")
    expect(page.locator("[data-prints]")).to_be_focused()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{reverse('counter_desk:desk')}")
    expect(page.locator("[name=q]")).to_be_focused()


def test_of_several_prices_none_is_charged_until_a_key_chooses_it(
    page: Page, office: Office, dossier: Dossier
) -> None:
    cast.make_tariff(office, "5.00", category=TariffCategory.RESIDENT)
    page.goto(reverse("activation_desk:pay_and_issue", args=[dossier.pk]))
    expect(page.locator("[data-due]")).to_have_text("–")
    expect(page.locator("[name=category]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[name=tendered]")).to_be_focused()
    page.keyboard.type("50")
    page.keyboard.press("Enter")
    expect(page.locator("#category_error")).to_be_visible()
    expect(page.locator("[name=category]").first).to_be_focused()
    assert not Payment.objects.exists()
    assert_axe_finds_nothing(page, page.url)
    page.keyboard.press("2")
    expect(page.locator("[name=tendered]")).to_be_focused()
    expect(page.locator("[name=tendered]")).to_have_value("50")
    expect(page.locator("[data-due]")).to_contain_text("5.00")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('counter_dossiers:dossier', args=[dossier.pk])}")
    expect(page.locator(".till-change")).to_contain_text("45.00")
    page.goto(reverse("counter_desk:desk"))
    page.go_back()
    expect(page.locator("[data-prints]")).to_be_visible()
    expect(page.locator(".till-change")).to_have_count(0)


def test_escape_goes_back_and_nothing_typed_is_lost(page: Page) -> None:
    page.keyboard.press("Alt+n")
    page.wait_for_url("**/new/")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.keyboard.type("EN1234")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{reverse('counter_desk:desk')}")
    page.reload()
    page.keyboard.press("Alt+v")
    page.wait_for_url("**/drafts/**")
    expect(page.locator("[name=document_number]")).to_have_value("EN1234")


def test_the_lock_is_a_key_and_opens_without_a_mouse(page: Page) -> None:
    page.keyboard.press("Alt+q")
    page.wait_for_url("**/unlock/**")
    expect(page.locator("[name=password]")).to_be_focused()
    assert_axe_finds_nothing(page, page.url)
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[name=q]")).to_be_focused()


def screens(dossier: Dossier) -> dict[str, str]:
    """The addresses of the main pages of the desk, with those of this dossier."""
    here = [str(dossier.pk)]
    names: tuple[tuple[str, list[str]], ...] = (
        ("counter_desk:desk", []),
        ("counter_dossiers:record_applicant", []),
        ("counter_desk:redirect_person", []),
        ("counter_desk:refuse_person", []),
        ("counter_dossiers:dossier", here),
        ("counter_dossiers:cancel_dossier", here),
        ("activation_desk:pay_and_issue", here),
        ("activation_desk:resend_link", here),
        ("activation_desk:correct_email", here),
        ("activation_desk:reissue_code", here),
        ("payments_drawers:drawer", []),
        ("payments_drawers:deposit", []),
        ("payments_drawers:count_drawer", []),
        ("payments_closing:today", []),
    )
    return {name: reverse(name, args=arguments) for name, arguments in names}


#: By the state of the dossier: which of them are refused to Els or lead to the dossier.
NOT_SHOWN = {
    "recorded": {"activation_desk:reissue_code", "payments_closing:today"},
    "issued": {
        "counter_dossiers:cancel_dossier",
        "activation_desk:pay_and_issue",
        "payments_closing:today",
    },
}


# A script: keys that stand twice or that the help does not name, and what has the
# focus. Reasons are chosen by a digit and none of them has the focus, so that one Enter
# too many chooses nothing.
LOOK = """() => {
  const help = document.querySelectorAll("dialog[data-key-help] kbd");
  const named = [...help].map((key) => key.textContent);
  const keys = [...document.querySelectorAll("[data-hotkey]")]
    .filter((it) => it.getClientRects().length)
    .map((it) => it.dataset.hotkey.toUpperCase());
  const twice = keys.filter((key, place) => keys.indexOf(key) !== place);
  const digit = /^[0-9]$/;
  const unnamed = keys.filter((key) => !named.includes(key) && !digit.test(key));
  return {
    twice,
    unnamed,
    digits: keys.some((it) => digit.test(it)) && !named.some((it) => digit.test(it)),
    focus:
      document.activeElement.matches("input, select, textarea, button, main a") ||
      document.querySelector(".reasons") !== null,
    back: document.querySelector("a[data-escape]") !== null,
  };
}"""


GOOD = {"twice": [], "unnamed": [], "digits": False, "focus": True, "back": True}


@pytest.mark.parametrize("state", ["recorded", "issued"])
def test_every_screen_names_its_keys_and_axe_finds_nothing(
    page: Page, els: Clerk, dossier: Dossier, state: str
) -> None:
    if state == "issued":
        cast.make_code(dossier, els)
    wrong: list[str] = []
    for screen, path in screens(dossier).items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.status in {200, 403}, path
        page.wait_for_load_state()
        shown = answer.status == 200 and page.url.endswith(path)
        assert shown is (screen not in NOT_SHOWN[state]), path
        if shown:
            look = page.evaluate(LOOK)
            if screen == "counter_desk:desk":
                look["back"] = True
            wrong += [
                f"{path} {name}: {look[name]}"
                for name, good in GOOD.items()
                if look[name] != good
            ]
        results = Axe().run(page)
        if results.violations_count:
            wrong.append(f"{path}\n{results.generate_report()}")
    assert not wrong, "\n".join(wrong)
