"""An applicant's browser, from the mailed link on."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from activation import links
from activation.codes import ALPHABET, check_character
from activation.models import ActivationCode, DigitalKey
from activation.services.one_time import one_time_text
from counter import totp
from counter.exceptions import CounterError

GOOD_PASSWORD = "vier gewone paarse koeien"
MOBILE = "0470 12 34 56"


def path(name: str, *args: str, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"activation:{name}", args=args)


def link(code: ActivationCode) -> str:
    return path("open_link", links.token(code))


def wrong(text: str) -> str:
    """A well-formed code that is not this one."""
    first = ALPHABET[(ALPHABET.index(text[0]) + 1) % len(ALPHABET)]
    changed = first + text[1:13]
    return changed + check_character(changed)


def open_link(client: Client, code: ActivationCode) -> None:
    response = client.get(link(code))
    assert response.status_code == 303


def type_code(client: Client, code: ActivationCode, text: str) -> None:
    open_link(client, code)
    response = client.post(path("enter_code"), {"code": text})
    assert response.status_code == 303, response.content.decode()


def choose_account(client: Client, user_name: str = "peter.janssens") -> None:
    response = client.post(
        path("choose_account"), {"user_name": user_name, "password": GOOD_PASSWORD}
    )
    assert response.status_code == 303, response.content.decode()


def choose_key(client: Client, kind: str) -> DigitalKey:
    """Choose a key up to the page that asks for digits; the pending key."""
    response = client.post(path("choose_key"), {"kind": kind})
    assert response.status_code == 303
    if kind == "sms":
        response = client.post(path("enter_number"), {"mobile": MOBILE})
    assert response["Location"] == path("confirm_key"), response.content.decode()
    return DigitalKey.objects.get(pk=client.session["activation_key_id"])


def digits_of(key: DigitalKey) -> str:
    """What the app shows or the newest message says now."""
    if key.kind == "app":
        return totp.digits(key.secret, totp.step_at(timezone.now()))
    return one_time_text(key.one_time_codes.latest("requested_at"))


def other_digits(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def text_of(content: bytes) -> str:
    """What a person reads: without tags, spaces as one."""
    body = re.sub(rb"(?s)<head>.*?</head>|<[^>]+>", b" ", content).decode()
    return re.sub(r"\s+", " ", body)


def at_once[Answer](
    times: int, act: Callable[[int], Answer]
) -> list[Answer | Exception]:
    """Call `act` from so many threads at one moment; answers and refusals."""
    gate = Barrier(times)

    def run(number: int) -> Answer | Exception:
        gate.wait(30)
        try:
            return act(number)
        except CounterError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))
