"""The public pages, and the pages for what is missing, not allowed or broken."""

from datetime import timedelta

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from pytest_django.fixtures import Settings

from activation.public import form_stamp
from config import urls as product
from counter.models import Office
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.pages.looking import Visitor

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


def test_the_office(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_stamp, "AT_LEAST", timedelta())
    visitor.goto("/en/")
    visitor.look("public/information.html")
    for name in ("privacy", "accessibility", "contact", "report_page"):
        address = "report" if name == "report_page" else name
        visitor.goto(f"/en/{address}/")
        visitor.look(f"public/{name}.html")
    visitor.press(text="It is too short.")
    visitor.look("public/report_sent.html")
    visitor.goto("/en/contact/")
    visitor.press()
    visitor.look("public/contact.html", languages=())
    visitor.press(text="Can I come on Monday?", email="an@example.org")
    visitor.look("public/contact_sent.html")


def test_several_offices(visitor: Visitor, other_office: Office) -> None:
    visitor.goto("/en/")
    visitor.look("public/offices.html")
    visitor.goto(f"/en/{other_office.slug}/")
    visitor.look("public/information.html")


def broken(_request: HttpRequest, what: str) -> HttpResponse:
    wrong: dict[str, Exception] = {
        "400": SuspiciousOperation(),
        "403": PermissionDenied(),
        "404": Http404(),
    }
    raise wrong[what] if what in wrong else RuntimeError(what)


handler400 = product.handler400
handler403 = product.handler403
handler404 = product.handler404
handler500 = product.handler500
urlpatterns = [
    *i18n_patterns(path("broken/<str:what>/", broken)),
    *product.urlpatterns,
]


def test_what_is_not_there_or_broken(visitor: Visitor, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    for what in ("400", "403", "404", "500"):
        visitor.goto(f"/en/broken/{what}/")
        visitor.look(f"{what}.html")


def test_a_form_of_long_ago(visitor: Visitor) -> None:
    for language in ("nl", "fr", "de", "en") if visitor.scripts else ("nl",):
        visitor.goto(f"/{language}/contact/")
        visitor.page.context.clear_cookies()
        visitor.page.locator("[name=text]").fill("Can I come on Monday?")
        visitor.press()
        visitor.look("403_csrf.html", languages=())
