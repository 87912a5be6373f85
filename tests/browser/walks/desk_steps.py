"""What clerk and supervisor do in the browser while somebody visits the desk."""

import io
import re

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from activation.enums import KeyKind
from activation.models import DigitalKey
from counter.models import Dossier
from counter.staff.demo_accounts import DEMO_APPLICANT as PETER
from payments.models import Payment
from tests import cast
from tests.browser.walks.conftest import hold, let_go
from tests.browser.walks.planted import spelled
from tests.browser.walks.walk import Walk

EMAIL = "planted.peter@example.org"
TERMINAL_SLIP = "T-004217"


# At the desk


def fill_sign_in(page: Page, username: str) -> None:
    page.fill("[name=username]", username)
    page.press("[name=username]", "Enter")
    expect(page.locator("[name=password]")).to_be_focused()
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")


def sign_in(walk: Walk, page: Page) -> None:
    page.goto(walk.url("counter_desk:desk"))
    walk.look(page, "01 sign in")
    fill_sign_in(page, "els")
    expect(page).to_have_url(walk.url("counter_desk:desk"))
    walk.look(page, "02 desk")


def record(walk: Walk, page: Page) -> None:
    """Record Peter by keyboard: Enter goes on, arrows and the space bar choose."""
    expect(page.locator("[name=q]")).to_be_focused()
    page.keyboard.type(PETER.national_number)
    page.keyboard.press("Enter")
    number = page.locator("[name=national_number]")
    expect(number).to_have_value(PETER.national_number)
    walk.look(page, "03 record")
    answers: list[tuple[str, str | None]] = [
        ("document_number", PETER.document_number),
        ("document_expiry", f"{PETER.document_expiry:%d%m%Y}"),
        ("original_seen", " "),
        ("national_number", None),
        ("last_name", PETER.last_name),
        ("first_names", PETER.first_names),
        ("birth_date", None),
        ("sex", None),
        ("email", EMAIL),
        ("language", walk.language),
    ]
    page.keyboard.press("1")
    expect(page.locator("[name=document_type]")).to_be_focused()
    page.select_option("[name=document_type]", PETER.document_type)
    page.press("[name=document_type]", "Enter")
    for name, answer in answers:
        field = page.locator(f"#id_{name}")
        expect(field).to_be_focused()
        if name == "language":
            field.select_option(answer)
        elif answer:
            page.keyboard.type(answer)
        if name == "language":
            walk.look(page, "04 recorded")
        page.keyboard.press("Enter")
    page.wait_for_url("**/pay/")
    walk.look(page, "05 pay")


def pay(walk: Walk, page: Page) -> None:
    """Pay in cash with change, or by card when the key will be a text message.

    The mail is held back until `see_the_mail_leave`.
    """
    hold(walk.worker)
    page.wait_for_function("() => document.querySelector('#terminal-part').hidden")
    if walk.kind == KeyKind.SMS:
        page.keyboard.press("Alt+k")
        expect(page.locator("#drawer-part")).to_be_hidden()
        page.fill("[name=terminal_slip]", TERMINAL_SLIP)
        page.press("[name=terminal_slip]", "Enter")
    else:
        expect(page.locator("[name=tendered]")).to_be_focused()
        page.keyboard.type("20")
        expect(page.locator("[data-change]")).to_contain_text("10,00")
        page.keyboard.press("Enter")
    dossier = Dossier.objects.get()
    expect(page).to_have_url(walk.url("counter_dossiers:dossier", dossier.pk))
    change = page.locator(".till-change")
    if walk.kind == KeyKind.SMS:
        expect(change).to_have_count(0)
    else:
        expect(change).to_contain_text("10,00")


def take_the_slip(walk: Walk, page: Page) -> None:
    """Fetch the slip with the clerk's cookies, and read the code as a person does."""
    path = page.get_attribute("iframe#slip", "src") or ""
    answer = page.context.request.get(walk.site + path.partition("#")[0])
    assert answer.headers["content-type"] == "application/pdf"
    (sheet,) = PdfReader(io.BytesIO(answer.body())).pages
    text = re.sub(r"\s+", " ", sheet.extract_text())
    signs = "[0-9A-Z]"
    code = re.search(rf" {signs}{{4}} {signs}{{4}} {signs}{{4}} {signs}{{2}} ", text)
    assert code, "no code on the slip"
    assert not walk.planted.found_in([text])
    walk.code = code[0].strip()
    walk.planted.patterns["activation code"] = spelled(walk.code.replace(" ", ""))


def see_the_mail_leave(walk: Walk, page: Page) -> None:
    state = page.locator("#mail-state")
    expect(state.locator(".state-begun")).to_be_visible()
    walk.look(page, "06 mail waits")
    page.evaluate("window.stayed = true")

    let_go(walk.worker)

    expect(state.locator(".state-good")).to_be_visible(timeout=10_000)
    assert page.evaluate("window.stayed"), "the page was loaded again"
    walk.look(page, "07 mail sent")


# Behind the desk


def supervise(walk: Walk, page: Page) -> None:
    page.goto(walk.site + reverse("admin:index"))
    fill_sign_in(page, "sofie")
    expect(page).to_have_url(walk.site + reverse("admin:index"))
    walk.look(page, "16 admin")
    key = DigitalKey.objects.get()
    open_only_row(walk, page, "activation_digitalkey")
    assert key.valid_until is not None
    with translation.override(page.get_attribute("html", "lang")):
        until = date_format(timezone.localtime(key.valid_until), "DATETIME_FORMAT")
    expect(page.locator(".field-valid_until .readonly")).to_have_text(until)
    payment = Payment.objects.get()
    open_only_row(walk, page, "payments_payment")
    expect(page.locator(".field-amount .readonly")).to_contain_text("10,00")
    slip = page.locator(".field-terminal_slip .readonly")
    if walk.kind == KeyKind.SMS:
        expect(slip).to_have_text(TERMINAL_SLIP)
        assert payment.tendered is None
    else:
        expect(page.locator(".field-tendered .readonly")).to_contain_text("20,00")
        assert payment.change == 10
    expect(page.locator("input[type=text], textarea, [name=_save]")).to_have_count(0)


def open_only_row(walk: Walk, page: Page, model: str) -> None:
    page.goto(walk.site + reverse(f"admin:{model}_changelist"))
    walk.look(page, f"17 {model}")
    page.locator("#result_list tbody th a").click()
    page.wait_for_load_state()
    walk.look(page, f"18 {model} one")
