"""The supervisor's pages in a real Chromium: nothing is stopped by the policy."""

import os
from pathlib import Path

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from counter.models import Clerk, Dossier
from tests import cast
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.test_admin import whole

__all__ = ["browser_type_launch_args", "database_beside_playwright", "whole"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = os.environ.get("SCREENSHOTS")


def pages_of_admin() -> list[str]:
    """The index, each list, and of each list its first row. The empty forms, which not
    every list has, are in tests/browser/desk/test_crawl.py.
    """
    found = [reverse("admin:index"), reverse("admin:password_change")]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        row = model._default_manager.order_by("pk").first()
        if row is not None:
            found.append(reverse(f"{name}_change", args=(row.pk,)))
            found.append(reverse(f"{name}_history", args=(row.pk,)))
    return found


def test_the_supervisor_walks_through_everything(
    browser: Browser, live_server: LiveServer, whole: Dossier, sofie: Clerk
) -> None:
    context = browser.new_context(locale="nl-BE")
    page, complaints = watched(context)
    page.goto(live_server.url + reverse("admin:index"))
    page.fill("[name=username]", sofie.username)
    page.fill("[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(live_server.url + reverse("admin:index"))
    for place, address in enumerate(pages_of_admin()):
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200, address
        assert not complaints, address
        if SCREENSHOTS:
            picture = Path(SCREENSHOTS) / f"admin-{place:02d}.png"
            page.screenshot(path=picture, full_page=True)
    context.close()
