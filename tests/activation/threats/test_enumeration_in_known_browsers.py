"""A browser that need not wait tells no more about who has an account.

Somebody with an account has such a browser after signing in, or after opening the link
in a mail of their own. It tells no more about other names than a stranger's browser.
"""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activation.holder import recovery_links
from activation.models import DigitalKey, OneTimeCode, SignInCount
from counter.models import Clerk
from counter.sign_in.hashers import Argon2
from tests.activation.holder.helpers import make_anna, path, sign_in
from tests.activation.threats.test_enumeration import WRONG, counting, up_to_values

#: The name of another account, and a name of nobody; both are equally long.
NAMES = ("anna.janssens", "omar.janssens")


def signed_in_before(app: DigitalKey) -> Client:
    browser = Client()
    sign_in(browser, app)
    browser.post(path("sign_out"))
    return browser


def let_in_by_mail(app: DigitalKey) -> Client:
    browser = Client()
    browser.post(path("forgotten"), {"name": app.holder.user_name})
    token = recovery_links.token(OneTimeCode.objects.get(key=None))
    browser.get(path("open_mail", token))
    browser.post(path("way_in"), {"go_on": "sign_in"})
    return browser


def signed_in_before_and_let_in(app: DigitalKey) -> Client:
    browser = signed_in_before(app)
    browser.post(path("forgotten"), {"name": app.holder.user_name})
    token = recovery_links.token(OneTimeCode.objects.get(key=None))
    browser.get(path("open_mail", token))
    browser.post(path("way_in"), {"go_on": "sign_in"})
    return browser


@pytest.mark.parametrize(
    "browser_of", [signed_in_before, let_in_by_mail, signed_in_before_and_let_in]
)
def test_another_s_name_is_the_same_work_as_one_that_nobody_has(
    app: DigitalKey,
    els: Clerk,
    monkeypatch: pytest.MonkeyPatch,
    browser_of: Callable[[DigitalKey], Client],
) -> None:
    make_anna(els, email="anna@example.org")
    browser = browser_of(app)
    hashed: list[str] = []
    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2, name, counting(getattr(Argon2, name), hashed))
    work = []
    for name in NAMES:
        form = {"user_name": name, "password": WRONG}
        browser.post(path("sign_in"), form)  # the first failure creates a row
        hashed.clear()
        with CaptureQueriesContext(connection) as statements:
            assert browser.post(path("sign_in"), form).status_code == 422
        work.append(
            (len(hashed), [up_to_values(statement["sql"]) for statement in statements])
        )
    print(f"known: {len(work[0][1])} statements, unknown: {len(work[1][1])}")
    assert work[0] == work[1]
    assert work[0][0] == 1


@pytest.mark.parametrize("browser_of", [signed_in_before, let_in_by_mail])
def test_its_own_name_is_still_counted_by_the_browser(
    app: DigitalKey, browser_of: Callable[[DigitalKey], Client]
) -> None:
    browser = browser_of(app)
    SignInCount.objects.all().delete()
    form = {"user_name": f" {app.holder.user_name.upper()} ", "password": WRONG}
    for _ in range(11):
        browser.post(path("sign_in"), form)
    assert SignInCount.objects.count() == 1
    sign_in(Client(), app)  # no other browser has to wait
