"""The holder's pages: sign-in, account and keys, and after something was forgotten."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, Purpose
from activation.holder import recovery_links
from activation.holder.paper import recovery_codes
from activation.models import DigitalKey, OneTimeCode
from activation.one_time.digits import one_time_text
from counter.models import Clerk, Dossier
from tests.activation.helpers import GOOD_PASSWORD
from tests.activation.holder.helpers import (
    USER_NAME,
    digits_of,
    fresh,
    make_holder,
    make_key,
    path,
    sign_in,
)
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.pages.looking import LANGUAGES, Visitor

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

NEW_PASSWORD = "zeven natte groene kikkers"


@pytest.fixture
def app(dossier: Dossier, els: Clerk) -> DigitalKey:
    return make_key(make_holder(dossier, els), KeyKind.APP)


def come_in(visitor: Visitor, app: DigitalKey) -> None:
    """Give the browser the session of a person who signed in a moment ago."""
    client = Client()
    sign_in(client, app)
    cookie = client.cookies["visit"].value
    visitor.page.context.add_cookies(
        [{"name": "visit", "value": cookie, "url": visitor.site}]
    )


def test_the_way_in(visitor: Visitor, app: DigitalKey) -> None:
    recovery_codes.make_codes(holder=app.holder, at=timezone.now())
    visitor.goto(path("sign_in"))
    visitor.look("holder/sign_in.html")
    visitor.press(user_name=USER_NAME, password="not it")
    visitor.look("holder/sign_in.html", languages=())
    visitor.press(user_name=USER_NAME, password=GOOD_PASSWORD)
    visitor.look("holder/show_key.html")
    visitor.goto(path("sign_in_with_code"))
    visitor.look("holder/recovery/use_code.html")
    visitor.goto(path("show_key"))
    visitor.press(digits=digits_of(app))
    visitor.look("holder/overview.html")


def test_the_account(visitor: Visitor, app: DigitalKey) -> None:
    come_in(visitor, app)
    for name in ("change_password", "change_language", "activity", "change_email"):
        visitor.goto(path(name))
        visitor.look(f"holder/{name}.html")
    visitor.press(email="new@example.org")
    visitor.look("holder/confirm_email.html")
    visitor.goto(path("codes"))
    visitor.look("holder/recovery/codes.html")
    for language in LANGUAGES if visitor.scripts else ("nl",):
        visitor.goto(path("codes", language=language))
        visitor.press("main form .btn")
        visitor.look("holder/recovery/codes_made.html", languages=())
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        visitor.goto(path("add_key"))
        visitor.look("holder/prove.html")


def test_the_keys(visitor: Visitor, app: DigitalKey) -> None:
    make_key(app.holder, KeyKind.SMS)
    come_in(visitor, app)
    visitor.goto(path("overview"))
    visitor.look("holder/overview.html")
    for name in ("rename_key", "revoke_key", "replace_key"):
        visitor.goto(path(name, app.pk))
        visitor.look(f"holder/keys/{name}.html")
    visitor.goto(path("add_key"))
    visitor.look("holder/keys/add_key.html")
    visitor.choose(KeyKind.EMAIL)
    visitor.look("holder/keys/add_destination.html")
    visitor.press(email="me@")
    visitor.look("holder/keys/add_destination.html", languages=())
    visitor.press(email="me@example.org")
    visitor.look("holder/keys/confirm_new_key.html")
    visitor.goto(path("add_key"))
    visitor.choose(KeyKind.APP)
    visitor.look("holder/keys/confirm_new_key.html")
    visitor.press(digits="12")
    visitor.look("holder/keys/confirm_new_key.html", languages=())


def mailed() -> OneTimeCode:
    return OneTimeCode.objects.filter(purpose=Purpose.RECOVER).latest("requested_at")


def test_something_forgotten(visitor: Visitor, app: DigitalKey) -> None:
    visitor.goto(path("no_key"))
    visitor.look("holder/recovery/no_key.html")
    visitor.goto(path("forgotten"))
    visitor.look("holder/recovery/forgotten.html")
    visitor.press(name=USER_NAME)
    visitor.look("holder/recovery/recovery_code.html")
    visitor.press(digits=one_time_text(mailed()))
    visitor.look("holder/recovery/recovery_key.html")
    visitor.press(digits=fresh(app))
    visitor.look("holder/recovery/new_password.html")
    visitor.press(password="te kort")
    visitor.look("holder/recovery/new_password.html", languages=())


def test_a_link_in_the_mail(visitor: Visitor, app: DigitalKey) -> None:
    visitor.goto(path("open_mail", "A" * 64))
    visitor.look("holder/recovery/mail_too_old.html")
    visitor.goto(path("forgotten"))
    visitor.press(name=USER_NAME)
    visitor.goto(path("open_mail", recovery_links.token(mailed())))
    visitor.look("holder/recovery/way_in.html")
