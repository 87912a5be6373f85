"""The last page on paper: one sheet of A4 to keep, without a secret."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from activation.enums import KeyKind
from activation.models import ActivationCode, DigitalKey
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, digits_of
from tests.activation.holder.helpers import path as keys_path
from tests.browser.applicant.test_history import page, press, to_key
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
)

__all__ = ["browser_type_launch_args", "database_beside_playwright", "page"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

# SCREENSHOTS=/some/directory keeps the sheet as a PDF.
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("kind", list(KeyKind))
def test_the_sheet_says_what_a_person_needs_later_and_nothing_else(
    live_server: LiveServer,
    page: Page,
    code_and_text: tuple[ActivationCode, str],
    kind: KeyKind,
) -> None:
    to_key(page, live_server.url, *code_and_text, kind)
    if kind is KeyKind.SMS:
        page.fill("#id_mobile", "0470 12 34 56")
        press(page, "Send me the digits")
    page.wait_for_url("**/confirm/*")
    key = DigitalKey.objects.get()
    page.fill("#id_digits", digits_of(key))
    press(page, "Activate my key")
    page.wait_for_url("**/done/*")
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print")

    sheet = page.locator("body")
    key.refresh_from_db()
    for needed in (
        "Your key is active",
        key.get_kind_display().capitalize(),
        "peter.janssens",
        f"{settings.SITE_URL}{keys_path('overview')}",
        "If you lose your",
        "Come to the counter with your identity document.",
        "016 27 27 27",
        "Professor Van Overstraetenplein 1",
    ):
        expect(sheet).to_contain_text(needed, use_inner_text=True)
    printed = sheet.inner_text()
    for not_on_paper in (
        "Report it",
        "You can close this page",
        "Add a second key",
        "Print this page",
        "says the same",
        code_and_text[1],
        GOOD_PASSWORD,
        cast.PETER_NUMBER,
        "peter@example.org",
        "0470",
    ):
        assert not_on_paper not in printed

    paper = page.pdf(format="A4", print_background=False)
    if SCREENSHOTS:
        Path(SCREENSHOTS, f"sheet {kind}.pdf").write_bytes(paper)
    assert paper.count(b"/Type /Page\n") == 1
