"""Counting a drawer: the page shows the total while the clerk types."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from counter.models import Clerk
from payments.enums import DrawerState
from payments.models import DrawerSession
from tests import cast
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


def test_a_drawer_is_counted_with_the_total_as_one_types(
    browser: Browser, live_server: LiveServer, els: Clerk
) -> None:
    context = browser.new_context(locale="en-GB")
    page, complaints = watched(context)
    drawer = live_server.url + reverse("payments_drawers:drawer")
    page.goto(drawer)
    page.fill("[name=username]", els.username)
    page.fill("[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(drawer)
    page.keyboard.press("Alt+t")
    expect(page).to_have_url(live_server.url + reverse("payments_drawers:count_drawer"))
    page.fill("[name=pieces_5000]", "1")
    page.fill("[name=pieces_1000]", "4")
    page.fill("[name=pieces_1]", "3")
    expect(page.locator("[data-total]")).to_contain_text("90.03")
    page.get_by_role("button", name="This is what I counted").click()
    expect(page.get_by_text("-9.97")).to_be_visible()
    page.fill("[name=reason]", "A note was torn")
    page.keyboard.press("Enter")
    expect(page).to_have_url(drawer)
    assert DrawerSession.objects.get(clerk=els).state == DrawerState.CLOSED
    assert not complaints
    context.close()


def test_after_a_refused_colleague_the_emptied_password_comes_next(
    browser: Browser, live_server: LiveServer, els: Clerk, sofie: Clerk
) -> None:
    drawer = DrawerSession.objects.filter(clerk=els).latest("opened_at")
    context = browser.new_context(locale="en-GB")
    page, complaints = watched(context)
    there = reverse("payments_drawers:count_for_colleague", args=[drawer.pk])
    page.goto(live_server.url + there)
    page.fill("[name=username]", sofie.username)
    page.fill("[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[name=pieces_50000]")).to_be_focused()
    page.fill("[name=colleague_name]", "nobody")
    page.fill("[name=colleague_password]", "not it")
    page.locator(".panel button.btn-primary").click()
    expect(page.locator("[name=colleague_name]")).to_have_value("nobody")
    expect(page.locator("[name=colleague_password]")).to_be_focused()
    assert not complaints
    context.close()
