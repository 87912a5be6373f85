"""A colleague of each role, in a real Chromium: from the invitation to the sign-out.

Each chooses a password, sets up a second factor, opens the menu and does the work.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from activation.enums import KeyState
from activation.models import DigitalKey
from counter.enums import Role
from counter.models import Clerk, Dossier, Office, SecondFactor
from tests import cast
from tests.access_roles import READS
from tests.access_table import MODELS
from tests.browser.chromium import (
    DESK,
    IN_CHROMIUM,
    WIDER,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.browser.desk.test_crawl import as_somebody
from tests.browser.desk.test_passkeys import BUTTON, with_device
from tests.counter.app import after_the_password, digits, set_up
from tests.counter.staff.mailboxes import NEW, lies_of, link_in, mailed
from tests.litany import signed_in
from tests.mail_server import MailServer
from tests.notifications.conftest import mail_server
from tests.test_admin import whole

__all__ = [
    "browser_type_launch_args",
    "database_beside_playwright",
    "mail_server",
    "whole",
]

pytestmark = [
    *IN_CHROMIUM,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("digits_asked"),
]

ADMIN: Final = reverse("admin:index")
SIGN_IN: Final = f"**{reverse('counter_sign_in:sign_in')}**"
#: The lists in the menu of each role: those that it reads. A clerk has no menu.
MENU: Final = {
    Role.SUPERVISOR: set(MODELS),
    Role.FINANCE: READS["karel"],
    Role.AUDITOR: READS["nadia"],
    Role.ADMINISTRATOR: READS["tom"],
}


@dataclass
class House:
    """A browser, an office with a row of every kind, and the mails that were sent."""

    browser: Browser
    site: str
    office: Office
    dossier: Dossier
    administrator: Clerk
    mails: MailServer
    complaints: list[str]

    def screen(self) -> Page:
        context: BrowserContext = self.browser.new_context(
            locale="en-GB", viewport=DESK, base_url=self.site
        )
        page, complaints = watched(context)
        page.on("close", lambda _page: self.complaints.extend(complaints))
        return page

    def as_administrator(self) -> Page:
        page = self.screen()
        as_somebody(page.context, signed_in(self.administrator), self.site)
        return page


@pytest.fixture
def house(
    browser: Browser,
    live_server: LiveServer,
    settings: Settings,
    whole: Dossier,
    tom: Clerk,
    mail_server: MailServer,
) -> Iterator[House]:
    settings.SITE_URL = live_server.url
    opened = House(
        browser, live_server.url, whole.office, whole, tom, mail_server, complaints=[]
    )
    yield opened
    for context in browser.contexts:
        context.close()
    assert opened.complaints == []


def invite(house: House, role: Role) -> Clerk:
    """The administrator invites a colleague; returns the new account."""
    page = house.as_administrator()
    page.goto(reverse("admin:counter_clerk_changelist"))
    page.locator(f"a[href^='{reverse('admin:counter_clerk_add')}']").last.click()
    address = f"{role}@stadskantoor.example"
    page.fill("[name=first_name]", "Nora")
    page.fill("[name=last_name]", "Aerts")
    page.fill("[name=email]", address)
    expect(page.locator("[name=office]")).to_have_value(str(house.office.pk))
    page.select_option("[name=role]", role)
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_contain_text(address)
    page.context.close()
    made: Clerk = Clerk.objects.get(email=address)
    return made


def first_sign_in(house: House, colleague: Clerk) -> Page:
    """Open the mailed link, choose a password, set up the app; returns the page."""
    page = house.screen()
    page.goto(link_in(mailed(house.mails, colleague.email)))
    page.fill("[name=new_password1]", NEW)
    page.fill("[name=new_password2]", NEW)
    page.keyboard.press("Enter")
    page.wait_for_url(SIGN_IN)
    type_password(page, colleague)
    page.wait_for_url("**/sign-in/app/**")
    type_digits(page, colleague)
    return page


def type_password(page: Page, colleague: Clerk) -> None:
    page.fill("[name=username]", colleague.username)
    page.fill("[name=password]", NEW)
    page.keyboard.press("Enter")


def type_digits(page: Page, colleague: Clerk) -> None:
    page.fill("[name=digits]", digits(colleague))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def open_all(page: Page, role: Role) -> None:
    """Open every list of the menu, the first row of each, and the links at the top."""
    page.goto(ADMIN)
    entries = "els => els.map(e => e.getAttribute('href'))"
    lists = page.locator("#content-main .module th a").evaluate_all(entries)
    assert {address.removeprefix(ADMIN).strip("/") for address in lists} == MENU[role]
    others = page.locator("#user-tools a").evaluate_all(entries)
    wrong = []
    for address in [*lists, *others]:
        pages = [address]
        while pages:
            answer = page.goto(pages.pop())
            fits = page.evaluate(WIDER) <= 0 or page.url.endswith("/nl/")
            if answer is None or answer.status != 200 or not fits:
                wrong.append(page.url)
            row = page.locator("#result_list tbody th a").first
            if row.count():
                pages.append(row.get_attribute("href") or "")
    assert wrong == []


def sign_out(page: Page) -> None:
    """Sign out of the admin or the desk; the admin then asks for a sign-in."""
    leave = f"form[action='{reverse('admin:logout')}'], "
    leave += f"form[action='{reverse('counter_sign_in:sign_out')}']"
    page.locator(leave).locator("button").first.click()
    page.wait_for_load_state()
    page.goto(ADMIN)
    page.wait_for_url(SIGN_IN)
    page.context.close()


# The work of each role


def work_as_clerk(page: Page, house: House, _colleague: Clerk) -> None:
    """Opens the desk, a dossier and the drawer, and no page of the supervisor's."""
    page.goto(reverse("counter_staff:choose_desk"))
    page.keyboard.press("1")
    page.wait_for_url(f"**{reverse('counter_desk:desk')}")
    page.fill("[name=q]", house.dossier.reference)
    page.keyboard.press("Enter")
    dossier = reverse("counter_dossiers:dossier", args=[house.dossier.pk])
    page.wait_for_url(f"**{dossier}")
    page.goto(reverse("payments_drawers:drawer"))
    refused = page.goto(ADMIN)
    assert refused is not None
    assert refused.status == 403
    page.goto(reverse("counter_desk:desk"))


def work_as_supervisor(page: Page, house: House, colleague: Clerk) -> None:
    """Ends a key and a session, and resets an app together with a second supervisor."""
    open_all(page, Role.SUPERVISOR)
    page.goto(reverse("admin:counter_dossier_change", args=[house.dossier.pk]))
    page.locator("#content a[href$='/act/revoke-key/']").first.click()
    page.locator("#content [name=reason]").first.check()
    page.locator("#content [type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert DigitalKey.objects.get().state == KeyState.REVOKED

    els = Clerk.objects.get(username="els")
    set_up(els)
    theirs = after_the_password(els)
    asked = reverse("counter_sign_in:second_factor")
    assert theirs.post(asked, {"digits": digits(els)}).status_code == 303
    page.goto(reverse("admin:counter_clerk_change", args=[els.pk]))
    page.locator(f"a[href$='/{els.pk}/end-session/']").click()
    page.locator("#content [type=submit]").click()
    expect(page.locator(f"a[href$='/{els.pk}/end-session/']")).to_have_count(0)
    assert theirs.get(reverse("counter_desk:desk")).status_code == 302

    second = lies_of(house.office)
    set_up(second)
    page.locator(f"a[href$='/{els.pk}/reset-app/']").click()
    page.fill("[name=supervisor_name]", second.username)
    page.fill("[name=supervisor_password]", cast.PASSWORD)
    page.fill("[name=supervisor_digits]", digits(second))
    page.locator("#content [type=submit]").click()
    expect(page.locator(f"a[href$='/{els.pk}/reset-app/']")).to_have_count(0)
    assert not SecondFactor.objects.confirmed().filter(pk=els.pk).exists()


def work_as_finance(page: Page, house: House, _colleague: Clerk) -> None:
    """Reads the day and the takings; sees no person's data, and can change nothing."""
    open_all(page, Role.FINANCE)
    for address in ("payments_closing:today", "admin:payments_payment_report"):
        answer = page.goto(reverse(address))
        assert answer is not None
        assert answer.status == 200
    page.goto(reverse("admin:payments_payment_changelist"))
    expect(page.locator("[name=_save]")).to_have_count(0)
    assert house.dossier.last_name not in page.content()


def work_as_auditor(page: Page, house: House, _colleague: Clerk) -> None:
    """Reads a dossier, and can do nothing with it."""
    open_all(page, Role.AUDITOR)
    page.goto(reverse("admin:counter_dossier_change", args=[house.dossier.pk]))
    expect(page.locator("#content a[href*='/act/']")).to_have_count(0)
    expect(page.locator("#content [type=submit]")).to_have_count(0)
    page.goto(ADMIN)


def work_as_administrator(page: Page, house: House, colleague: Clerk) -> None:
    """Switches an account off; then adds a passkey and signs in with it."""
    open_all(page, Role.ADMINISTRATOR)
    bart = cast.make_clerk("bart", house.office, desk="", has_drawer=False)
    theirs = signed_in(bart)
    page.goto(reverse("admin:counter_clerk_change", args=[bart.pk]))
    page.locator("[name=is_active]").uncheck()
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert theirs.get(reverse("counter_desk:desk")).status_code == 302

    with_device(page)
    page.goto(reverse("counter_passkeys:overview"))
    page.locator(f"a[href='{reverse('counter_passkeys:add')}']").click()
    SecondFactor.objects.update(last_step=1)  # half a minute later
    page.fill("[name=password]", NEW)
    type_digits(page, colleague)
    page.fill("[name=name]", "Ring")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('counter_passkeys:overview')}")
    page.locator(f"form[action='{reverse('counter_sign_in:sign_out')}'] button").click()
    page.wait_for_url(SIGN_IN)
    type_password(page, colleague)
    expect(page.locator(BUTTON)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{ADMIN}")


WORK: Final[dict[Role, Callable[[Page, House, Clerk], None]]] = {
    Role.CLERK: work_as_clerk,
    Role.SUPERVISOR: work_as_supervisor,
    Role.FINANCE: work_as_finance,
    Role.AUDITOR: work_as_auditor,
    Role.ADMINISTRATOR: work_as_administrator,
}


@pytest.mark.parametrize("role", Role, ids=str)
def test_from_the_invitation_to_the_sign_out(house: House, role: Role) -> None:
    colleague = invite(house, role)
    page = first_sign_in(house, colleague)
    WORK[role](page, house, colleague)
    sign_out(page)
