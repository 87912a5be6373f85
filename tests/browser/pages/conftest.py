"""A visitor with a browser, with and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from counter.models import Office
from payments.models import Tariff
from tests.browser.chromium import (
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.browser.pages.looking import Visitor, listening

__all__ = ["browser_type_launch_args", "database_beside_playwright"]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def visitor(
    browser: Browser,
    live_server: LiveServer,
    settings: Settings,
    office: Office,
    tariff: Tariff,
    scripts: bool,  # noqa: FBT001 (as pytest calls fixtures)
) -> Iterator[Visitor]:
    settings.SITE_URL = live_server.url
    for weekday in range(5):
        office.hours.create(weekday=weekday, opens="09:00", closes="16:30")
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        java_script_enabled=scripts,
        reduced_motion="reduce",
        locale="nl-BE",
    )
    context.set_default_timeout(10_000)
    page, complaints = watched(context)
    drawn: list[str] = []
    with listening(drawn):
        yield Visitor(page, live_server.url, scripts, drawn)
    context.close()
    assert complaints == []
