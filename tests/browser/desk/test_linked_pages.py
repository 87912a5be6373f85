"""Pages behind mailed links, and pages that need a second person, in a real Chromium.

Something has to happen before they exist, so no crawl finds them
(tests/browser/desk/test_crawl.py opens the others). On a phone and at the desk nothing
is stopped by the content security policy, no script fails, and nothing is wider than
the screen.
"""

import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from activation.addresses.changed_addresses import object_to_change
from activation.codes import links
from activation.enums import CodeState
from activation.holder import recovery_links
from activation.models import DigitalKey
from counter.enums import DossierState
from counter.models import Clerk, Dossier, PasswordLink
from counter.staff import password_links
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from notifications.querysets import MOST_UNCONFIRMED
from tests import cast
from tests.activation.addresses.changing import changed
from tests.activation.helpers import path as activation_path
from tests.activation.holder.conftest import app, holder
from tests.activation.holder.forgetting import MAILED, forget
from tests.activation.holder.helpers import path as keys_path
from tests.browser.chromium import (
    DESK,
    IN_CHROMIUM,
    PHONE,
    WIDER,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.browser.desk.test_admin_axe import problems_of
from tests.browser.desk.test_crawl import as_somebody
from tests.counter.staff.mailboxes import with_mailbox
from tests.litany import signed_in
from tests.notifications.acts import announce
from tests.states import put

__all__ = ["app", "browser_type_launch_args", "database_beside_playwright", "holder"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = os.environ.get("SCREENSHOTS")
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


class Walk:
    """A browser of one size, and what was wrong on the pages that it opened."""

    def __init__(
        self,
        browser: Browser,
        server: LiveServer,
        size: ViewportSize,
        somebody: Client | None = None,
    ) -> None:
        self.context = browser.new_context(locale="nl-BE", viewport=size)
        if somebody is not None:
            as_somebody(self.context, somebody, server.url)
        self.page, self._complaints = watched(self.context)
        self._url, self._width = server.url, size["width"]
        self.wrong: dict[str, object] = {}

    def opens(self, name: str, address: str, status: int = 200) -> Page:
        answer = self.page.goto(self._url + address)
        assert answer is not None
        assert answer.status == status, (name, answer.status, self.page.url)
        assert "content-security-policy" in answer.headers
        self.looks(name)
        return self.page

    def sends(self, name: str) -> None:
        """Press the main button of the page."""
        self.page.locator("main form button.btn, main [type=submit]").first.click()
        self.page.wait_for_load_state()
        self.looks(name)

    def looks(self, name: str) -> None:
        too_wide = self.page.evaluate(WIDER)
        if too_wide > 0 or self._complaints:
            self.wrong[name] = (too_wide, *self._complaints)
            self._complaints.clear()
        if SCREENSHOTS:
            picture = Path(SCREENSHOTS) / f"{name}-{self._width}.png"
            self.page.screenshot(path=picture, full_page=True)

    def ends(self) -> None:
        self.context.close()
        print(f"{len(self.wrong)} pages with a complaint (bound: 0)")
        assert not self.wrong


@SIZES
def test_choosing_a_password(
    browser: Browser,
    live_server: LiveServer,
    els: Clerk,
    sofie: Clerk,
    size: ViewportSize,
) -> None:
    """Ask for a link; choose a weak password, then a good one; use the link again."""
    Clerk.objects.filter(pk=els.pk).update(email="els@stadskantoor.example")
    els.refresh_from_db()
    password_links.ask_reset(clerk=els, by=sofie, at=timezone.now())
    address = reverse(
        "counter_staff:choose_password",
        args=[
            password_links.url(PasswordLink.objects.get()).rstrip("/").split("/")[-1]
        ],
    )
    walk = Walk(browser, live_server, size)
    walk.opens("forgotten", reverse("counter_staff:forgot_password"))
    walk.sends("forgotten-empty")
    page = walk.opens("choose", address)
    page.fill("[name=new_password1]", "kort")
    page.fill("[name=new_password2]", "langer")
    walk.sends("choose-weak")
    page.fill("[name=new_password1]", "paarse koeien grazen rustig")
    page.fill("[name=new_password2]", "paarse koeien grazen rustig")
    walk.sends("choose-done")
    assert page.url.endswith(reverse("counter_sign_in:sign_in"))
    walk.opens("choose-ended", address, 410)
    walk.ends()


@SIZES
def test_a_mailed_link_at_a_locked_screen(
    browser: Browser,
    live_server: LiveServer,
    els: Clerk,
    bart: Clerk,
    sofie: Clerk,
    size: ViewportSize,
) -> None:
    Clerk.objects.filter(pk=bart.pk).update(email="bart@stadskantoor.example")
    bart.refresh_from_db()
    password_links.ask_reset(clerk=bart, by=sofie, at=timezone.now())
    token = password_links.url(PasswordLink.objects.get()).rstrip("/").split("/")[-1]
    shared = signed_in(els)
    shared.post(reverse("counter_sign_in:lock"))
    walk = Walk(browser, live_server, size, shared)
    walk.opens("locked", reverse("counter_sign_in:unlock"))
    walk.opens("locked-forgotten", reverse("counter_staff:forgot_password"))
    page = walk.opens(
        "locked-choose", reverse("counter_staff:choose_password", args=[token])
    )
    page.fill("[name=new_password1]", "paarse koeien grazen rustig")
    page.fill("[name=new_password2]", "paarse koeien grazen rustig")
    walk.sends("locked-choose-done")
    walk.ends()


@SIZES
def test_what_a_reader_did_not_ask_for(
    browser: Browser,
    live_server: LiveServer,
    dossier: Dossier,
    els: Clerk,
    size: ViewportSize,
) -> None:
    """Refusing a code and a changed address, and the pages that follow."""
    code, _text = cast.make_code(dossier, els)
    change = changed(dossier, els, code)
    walk = Walk(browser, live_server, size)
    live = links.token(cast.code_of(dossier))
    walk.opens("not-mine", activation_path("open_refusal", live))
    walk.sends("not-mine-empty")
    token = links.token(change)
    page = walk.opens("not-my-change", activation_path("open_refusal", token))
    walk.sends("not-my-change-empty")
    page.click("label[for=id_sure]")
    walk.sends("not-my-change-said")
    walk.opens("frozen", activation_path("open_link", live), 410)
    walk.opens("not-mine-said", activation_path("open_refusal", live))
    walk.opens("link-ended", activation_path("open_link", "x" * 64), 410)
    walk.ends()


@SIZES
def test_signing_in_anew_by_a_mailed_link(
    browser: Browser,
    live_server: LiveServer,
    client: Client,
    app: DigitalKey,
    size: ViewportSize,
) -> None:
    forget(client)
    link = keys_path("open_mail", recovery_links.token(MAILED.get()))
    walk = Walk(browser, live_server, size)
    walk.opens("way-in", link)
    walk.opens("way-in-ended", keys_path("open_mail", "x" * 64), 410)
    walk.ends()


@SIZES
def test_what_somebody_decides_at_the_desk(
    browser: Browser,
    live_server: LiveServer,
    dossier: Dossier,
    els: Clerk,
    sofie: Clerk,
    size: ViewportSize,
) -> None:
    """A waiver, a mail of unknown outcome, an objection, and a mail of no visit."""
    waive = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    walk = Walk(browser, live_server, size, signed_in(els))
    walk.opens("waive", waive)
    walk.sends("waive-empty")
    code, _text = cast.make_code(dossier, els)
    announce(code)
    change = changed(dossier, els, code)
    put(
        Delivery.objects.all(),
        state=DeliveryState.UNKNOWN,
        unconfirmed=MOST_UNCONFIRMED,
        unknown_at=timezone.now(),
    )
    walk.opens("desk-unknown", reverse("counter_desk:desk"))
    walk.opens("decide", reverse("notifications_desk:decide_mail", args=[dossier.pk]))
    object_to_change(change_id=change.pk, at=timezone.now())
    walk.opens("disputed", reverse("counter_dossiers:dossier", args=[dossier.pk]))
    walk.opens("address", reverse("activation_desk:correct_email", args=[dossier.pk]))
    now = timezone.now()
    put(dossier.codes.all(), state=CodeState.USED, used_at=now, frozen_at=None)
    Dossier.objects.update(state=DossierState.ACTIVATED, activated_at=now)
    settle = reverse("activation_desk:settle_objection", args=[dossier.pk])
    page = walk.opens("settle", settle)
    assert page.url.endswith(settle)
    walk.sends("settle-empty")
    walk.ends()
    password_links.ask_reset(clerk=with_mailbox(els), by=sofie, at=timezone.now())
    Delivery.objects.filter(password_link__clerk=els).update(
        state=DeliveryState.REFUSED,
        refused_at=timezone.now(),
        answer="550 no such user",
    )
    walk = Walk(browser, live_server, size, signed_in(sofie))
    page = walk.opens("mails", reverse("notifications_desk:mails_of_no_visit"))
    assert page.locator("#refused-title").is_visible()
    assert not [*problems_of(page)]
    of_none = Delivery.objects.get(kind=Kind.ADDRESS_CHANGED)
    name = "notifications_desk:decide_mail_of_no_visit"
    page = walk.opens("decide-no-visit", reverse(name, args=[of_none.pk]))
    assert page.locator("input[type=radio]").count() == 2
    walk.ends()


@SIZES
def test_helping_with_an_account(
    browser: Browser,
    live_server: LiveServer,
    els: Clerk,
    sofie: Clerk,
    size: ViewportSize,
) -> None:
    walk = Walk(browser, live_server, size, signed_in(sofie))
    for name in ("send_password_link", "reset_app", "change"):
        page = reverse(f"admin:counter_clerk_{name}", args=[els.pk])
        walk.opens(f"account-{name}", page)
    walk.opens("account-own", reverse("admin:counter_clerk_change", args=[sofie.pk]))
    walk.opens("account-add", reverse("admin:counter_clerk_add"))
    walk.sends("account-add-empty")
    walk.ends()
