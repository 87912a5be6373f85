"""Every cookie of the applicant's and the holder's pages, with production's settings.

It is as docs/security.md#cookies says: Secure, HttpOnly, `__Host-` and SameSite Lax.
"""

import json
from http.cookies import Morsel
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from activation.models import DigitalKey, OneTimeCode
from counter.models import Clerk
from tests.activation.helpers import GOOD_PASSWORD, digits_of, leads_to, link, path
from tests.activation.holder.helpers import path as keys_path
from tests.activation.threats.crowd import codes
from tests.production import production, run

__all__ = ["production"]

#: Prints the settings of production that are about cookies, as JSON.
SCRIPT = """
import json
import config.settings.production as production
print(json.dumps({
    name: value for name, value in vars(production).items()
    if "COOKIE" in name or name.startswith("MESSAGE")
}))
"""


@pytest.fixture
def as_on_a_server(production: dict[str, str], settings: Settings) -> Settings:
    ended = run(["-c", SCRIPT], production)
    assert ended.returncode == 0, ended.stderr
    for name, value in json.loads(ended.stdout).items():
        setattr(settings, name, value)
    return settings


class Jar(Client):
    """A browser on a secure connection that keeps every cookie it was ever given."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True)
        self.given: list[Morsel[str]] = []

    def request(self, **request: Any) -> Any:  # noqa: ANN401
        request |= {"wsgi.url_scheme": "https", "SERVER_PORT": "443"}
        response = super().request(**request)
        self.given += [cookie for cookie in response.cookies.values() if cookie.value]
        return response

    def send(self, url: str, form: dict[str, Any]) -> str:
        """Send a form with the token of its page; returns where the answer leads."""
        self.get(url)
        token = self.cookies["__Host-visit-csrf"].value
        headers = {"Referer": "https://testserver/", "Origin": "https://testserver"}
        response = self.post(
            url, form | {"csrfmiddlewaretoken": token}, headers=headers
        )
        assert response.status_code == 303, response.content.decode()
        return leads_to(response)


def is_tight(morsel: Morsel[str]) -> bool:
    return bool(
        morsel.key.startswith("__Host-")
        and morsel["secure"]
        and morsel["httponly"]
        and morsel["path"] == "/"
        and not morsel["domain"]
        and morsel["samesite"] == "Lax"
    )


def test_every_cookie_is_bound_to_its_host_and_out_of_reach(
    as_on_a_server: Settings, els: Clerk
) -> None:
    """From the link to the active key, and from the sign-in to the sign-out."""
    ((code, text),) = codes(els, 1)
    jar = Jar()
    jar.get(link(code))
    jar.send(path("enter_code"), {"code": text})
    account = {"user_name": "peter.janssens", "password": GOOD_PASSWORD}
    jar.send(path("choose_account"), account)
    jar.send(path("choose_key"), {"kind": "email"})
    key = DigitalKey.objects.get()
    jar.send(path("confirm_key"), {"key": key.pk, "digits": digits_of(key)})
    jar.get(path("done"))
    shown = {"user_name": "peter.janssens", "password": GOOD_PASSWORD}
    OneTimeCode.objects.all().delete()  # as if half a minute had passed
    other = Jar()
    other.send(keys_path("sign_in"), shown)
    form = {"key": key.pk, "digits": digits_of(key)}
    assert other.send(keys_path("show_key"), form) == keys_path("overview")
    other.send(keys_path("change_language"), {"language": "de"})
    other.send(keys_path("sign_out"), {})
    given = [*jar.given, *other.given]
    names = sorted({morsel.key for morsel in given})
    loose = sorted({morsel.key for morsel in given if not is_tight(morsel)})
    print(f"{len(given)} cookies named {names}: {loose or 'none'} loose (bound none)")
    assert {"__Host-visit", "__Host-visit-csrf", "__Host-activation"} <= {*names}
    assert not loose
