"""Steps of an applicant's browser, from the mailed link on."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from activation.codes import links
from activation.codes.activation_code import ALPHABET, check_character
from activation.journey.visit import Visit
from activation.models import ActivationCode, DigitalKey
from activation.one_time.digits import one_time_text
from counter.exceptions import CounterError
from counter.sign_in import totp

GOOD_PASSWORD = "vier gewone paarse koeien"
MOBILE = "0470 12 34 56"


def path(name: str, *args: str, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"activation_journey:{name}", args=args)


def without_link(address: str) -> str:
    """An address without the query that says which mailed link the page belongs to."""
    return re.sub(r"[?&]link=[0-9a-f]*$", "", address)


def leads_to(response: HttpResponseBase) -> str:
    return without_link(response["Location"])


def link(code: ActivationCode) -> str:
    return path("open_link", links.token(code))


def wrong(text: str) -> str:
    """A well-formed code that is another one than `text`."""
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


def stands(client: Client) -> dict[str, str]:
    """The form field with which the account page names the account that it showed."""
    page = client.get(path("choose_account")).content.decode()
    field = re.search(r'name="stands" value="([^"]*)"', page)
    return {"stands": field[1] if field else ""}


def choose_account(client: Client, user_name: str = "peter.janssens") -> None:
    form = {"user_name": user_name, "password": GOOD_PASSWORD}
    response = client.post(path("choose_account"), form | stands(client))
    assert response.status_code == 303, response.content.decode()


def visit_of(client: Client) -> SessionBase:
    """The session of the pages for the public; the pages for staff have another one."""
    cookie = client.cookies.get("visit")
    return SessionStore(cookie.value if cookie else None)


def request_of(client: Client) -> HttpRequest:
    """A request with the session of `visit_of`, to load what the session keeps."""
    request = HttpRequest()
    request.session = visit_of(client)
    return request


def what_is_kept(client: Client) -> dict[str, object]:
    """Each value in the session of `visit_of` by its path (/holder/mailed_code_id)."""
    return dict(_values("", dict(visit_of(client).items())))


def _values(name: str, kept: object) -> Iterator[tuple[str, object]]:
    if not isinstance(kept, dict):
        yield name, kept
        return
    for each, value in kept.items():
        yield from _values(f"{name}/{each}", value)


def choose_key(client: Client, kind: str) -> DigitalKey:
    """Choose a kind, and go on until digits are asked for; returns the pending key."""
    response = client.post(path("choose_key"), {"kind": kind})
    assert response.status_code == 303
    if kind == "sms":
        response = client.post(path("enter_number"), {"mobile": MOBILE})
    assert leads_to(response) == path("confirm_key"), response.content.decode()
    (visit,) = Visit.load_all(request_of(client))
    assert visit.key_id is not None
    return DigitalKey.objects.get(pk=visit.key_id)


def digits_of(key: DigitalKey) -> str:
    """The digits that the app shows now, or that the newest message has."""
    if key.kind == "app":
        return totp.digits(key.secret, totp.step_at(timezone.now()))
    return one_time_text(key.one_time_codes.latest("requested_at"))


def other_digits(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def text_of(content: bytes) -> str:
    """The text that a person reads: without tags, with single spaces."""
    body = re.sub(rb"(?s)<head>.*?</head>|<[^>]+>", b" ", content).decode()
    return re.sub(r"\s+", " ", body)


def at_once[Answer](
    times: int, act: Callable[[int], Answer]
) -> list[Answer | Exception]:
    """What `act` returns, or the CounterError it raises, for each number below `times`.

    All calls begin at the same moment, each in a thread of its own.
    """
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
