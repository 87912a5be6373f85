"""The requests of somebody who signs in by the city."""

import html
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from counter.city_sign_on.refusals import Why
from tests.city_sign_on.provider import Visitor, led_to

SITE: Final = "http://loket.example"
GO: Final = reverse("counter_city_sign_on:go")
BACK: Final = reverse("counter_city_sign_on:come_back")
DESK_PAGE: Final = reverse("counter_desk:desk")
SIGN_IN_PAGE: Final = reverse("counter_sign_in:sign_in")


def begin(client: Client, at: str = GO, **typed: str) -> str:
    """Press the button; returns the provider's address that it leads to."""
    answer = client.post(at, typed)
    assert answer.status_code == 200, answer.status_code
    return led_to(answer.content.decode())


def come_back(client: Client, address: str) -> HttpResponse:
    parts = urlsplit(address)
    assert address.startswith(SITE + BACK), address
    answer = client.get(f"{parts.path}?{parts.query}")
    assert isinstance(answer, HttpResponse)
    return answer


def sign_in(client: Client, subject: str, **typed: str) -> HttpResponse:
    """Sign in by the city, in a browser that the provider has not seen before."""
    return come_back(client, Visitor().sign_in(begin(client, **typed), subject))


def is_signed_in(client: Client) -> bool:
    return client.get(DESK_PAGE).status_code == 200


def assert_says(answer: HttpResponse, why: Why) -> None:
    assert str(why.label) in html.unescape(answer.content.decode())


def assert_refused(client: Client, answer: HttpResponse, why: Why) -> None:
    """The page says why, in a sentence, and nobody is signed in."""
    assert answer.status_code in {400, 403, 503}, answer.status_code
    assert_says(answer, why)
    assert "_auth_user_id" not in client.session
