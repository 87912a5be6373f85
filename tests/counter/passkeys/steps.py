"""The requests that a colleague's browser sends about passkeys."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from counter.models import Clerk, SecondFactor
from tests.cast import PASSWORD
from tests.counter.app import digits
from tests.litany import signed_in

SITE = "loket.example"
URL = f"https://{SITE}"
OVERVIEW = reverse("counter_passkeys:overview")
PROVE = reverse("counter_passkeys:prove")
ADD = reverse("counter_passkeys:add")
SIGN_IN = reverse("counter_passkeys:sign_in")


def sent(client: Client, page: str, typed: dict[str, str]) -> HttpResponse:
    answer: object = client.post(page, typed)
    assert isinstance(answer, HttpResponse)
    return answer


def prove(client: Client, clerk: Clerk, **wrong: str) -> HttpResponse:
    """Send the right password and digits, except for the fields in `wrong`."""
    SecondFactor.objects.filter(pk=clerk.pk).update(last_step=1)
    typed = {"password": PASSWORD, "digits": digits(clerk), "next": ADD} | wrong
    return sent(client, PROVE, typed)


def proved(clerk: Clerk) -> Client:
    """A browser that is signed in and may change the account's passkeys."""
    client = signed_in(clerk)
    assert prove(client, clerk).status_code == 303
    return client


def question(client: Client, name: str) -> dict[str, Any]:
    answer = client.post(reverse(f"counter_passkeys:{name}"))
    assert answer.status_code == 200, answer.status_code
    asked: dict[str, Any] = json.loads(answer.content)
    return asked


def send_new(client: Client, answer: str, name: str = "Phone") -> HttpResponse:
    return sent(client, ADD, {"name": name, "answer": answer})


def send_signed(client: Client, answer: str) -> HttpResponse:
    return sent(client, SIGN_IN, {"answer": answer})
