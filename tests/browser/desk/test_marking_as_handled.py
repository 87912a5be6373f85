"""A supervisor says in a browser why a message needs no answer."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, ViewportSize
from pytest_django.live_server_helper import LiveServer

from counter.models import Clerk, Dossier
from tests import cast
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
)
from tests.browser.desk.test_admin_axe import problems_of
from tests.browser.desk.test_linked_pages import SIZES, Walk
from tests.litany import signed_in

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


@SIZES
def test_marking_a_message_as_handled(
    browser: Browser,
    live_server: LiveServer,
    dossier: Dossier,
    sofie: Clerk,
    size: ViewportSize,
) -> None:
    enquiry = cast.make_enquiry(dossier.office)
    walk = Walk(browser, live_server, size, signed_in(sofie))
    page = walk.opens("enquiries", reverse("admin:counter_enquiry_changelist"))
    page.check(f'input[name="_selected_action"][value="{enquiry.pk}"]')
    page.select_option('select[name="action"]', "mark_as_handled")
    page.click('#changelist-form button[type="submit"]')
    page.wait_for_load_state()
    walk.looks("handled-why")
    assert not [*problems_of(page)]
    walk.sends("handled-empty")
    assert page.locator(".errornote").count() == 1
    assert not [*problems_of(page)]
    page.check('input[name="reason"] >> nth=0')
    walk.sends("handled")
    enquiry.refresh_from_db()
    assert enquiry.handled_by == sofie
    walk.ends()
