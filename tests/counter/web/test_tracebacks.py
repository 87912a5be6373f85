"""An error report shows no secret that somebody typed, in any frame of ours.

In most tests here it is the comparison of the password itself that fails.
"""

import datetime
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import pytest
import time_machine
from django.conf import settings as house
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.signals import got_request_exception
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter
from pytest_django import Settings

from counter.enums import CancelReason
from counter.models import Clerk, Dossier, PasswordLink
from counter.sign_in.tries import Count, Whose
from counter.staff import password_links
from tests.counter import app
from tests.counter.staff.mailboxes import els, sofie
from tests.litany import signed_in

__all__ = ["els", "sofie"]

TYPED = "hier-staat-mijn-geheim"
ROOT = Path(house.BASE_DIR)


class BrokenHasher(MD5PasswordHasher):
    def verify(self, *_: object) -> bool:
        raise RuntimeError

    def encode(self, *_: object) -> str:
        raise RuntimeError


@pytest.fixture
def shown() -> Iterator[list[str]]:
    """What a report says about our own frames and about the POST data."""
    reported: list[str] = []

    def look(request: HttpRequest, **_: object) -> None:
        report = SafeExceptionReporterFilter()
        tb: TracebackType | None = sys.exc_info()[2]
        while tb is not None:
            path = Path(tb.tb_frame.f_code.co_filename)
            is_ours = path.is_relative_to(ROOT) and ".venv" not in path.parts
            if is_ours and "tests" not in path.parts:
                variables = report.get_traceback_frame_variables(request, tb.tb_frame)
                reported.append(f"{path.name}:{tb.tb_lineno} {dict(variables)!r}")
            tb = tb.tb_next
        reported.append(f"POST {dict(report.get_post_parameters(request))!r}")

    got_request_exception.connect(look)
    yield reported
    got_request_exception.disconnect(look)


type Send = Callable[[Client, str, dict[str, str]], None]


@pytest.fixture
def send(settings: Settings, shown: list[str]) -> Send:
    """A function that sends a form while no password can be compared.

    It asserts that the report does not contain the secret.
    """

    def sent(client: Client, page: str, typed: dict[str, str]) -> None:
        settings.PASSWORD_HASHERS = [f"{__name__}.BrokenHasher"]
        client.raise_request_exception = False
        assert client.post(page, typed).status_code == 500
        leaks = [frame for frame in shown if TYPED in frame]
        print(f"{len(shown)} frames, {len(leaks)} with the secret (bound: 0)")
        assert len(shown) > 2
        assert not leaks

    return sent


@pytest.mark.parametrize("name", ["els", TYPED])
def test_at_the_sign_in_page(els: Clerk, send: Send, name: str) -> None:
    """The password may have been typed where the name belongs."""
    page = reverse("counter_sign_in:sign_in")
    send(Client(), page, {"username": name, "password": TYPED})


def test_at_the_locked_screen(els: Clerk, send: Send) -> None:
    client = signed_in(els)
    client.post(reverse("counter_sign_in:lock"))
    send(client, reverse("counter_sign_in:unlock"), {"password": TYPED})


def test_after_a_pause(els: Clerk, dossier: Dossier, send: Send) -> None:
    client = signed_in(els)
    client.get(reverse("counter_desk:desk"))
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        page = reverse("counter_dossiers:cancel_dossier", args=[dossier.pk])
        client.get(page)
        send(client, page, {"reason": CancelReason.LEFT.value, "password": TYPED})


@pytest.mark.usefixtures("sofie")
def test_where_a_supervisor_agrees(els: Clerk, dossier: Dossier, send: Send) -> None:
    typed = {
        "submission": str(uuid.uuid4()),
        "supervisor_name": "sofie",
        "supervisor_password": TYPED,
        "reason": "our_mistake",
    }
    page = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    send(signed_in(els), page, typed)


def test_where_the_own_password_is_changed(sofie: Clerk, send: Send) -> None:
    typed = {"old_password": TYPED, "new_password1": "x", "new_password2": "x"}
    send(signed_in(sofie), reverse("admin:password_change"), typed)


def test_where_one_is_chosen_by_a_link(els: Clerk, sofie: Clerk, send: Send) -> None:
    password_links.ask_reset(clerk=els, by=sofie, at=timezone.now())
    page = password_links.url(PasswordLink.objects.get())
    typed = {"new_password1": TYPED, "new_password2": TYPED}
    send(Client(), page, typed)


def test_where_digits_are_typed(
    els: Clerk, digits_asked: None, settings: Settings, shown: list[str]
) -> None:
    app.set_up(els)
    client = app.after_the_password(els)
    settings.ENCRYPTION_KEYS = {}
    client.raise_request_exception = False
    typed = {"digits": "482 915"}
    # When this process lacks a key, the page answers 503.
    assert client.post(app.CODE, typed).status_code == 503
    assert not [frame for frame in shown if "482915" in frame or "482 915" in frame]


@pytest.mark.parametrize(
    "name", ["counter_staff:forgot_password", "counter_sign_in:sign_in"]
)
def test_a_secret_typed_where_the_name_belongs(
    els: Clerk, settings: Settings, shown: list[str], name: str
) -> None:
    """Here counting the try fails, before anything is compared."""
    client = Client(raise_request_exception=False)
    settings.INDEX_KEYS = {}
    typed = {"user_name": TYPED, "username": TYPED, "password": TYPED}
    assert client.post(reverse(name), typed).status_code == 500
    assert not [frame for frame in shown if TYPED in frame]


def test_a_count_does_not_say_of_whom_it_is() -> None:
    assert TYPED not in repr(Count(Whose.NAME, TYPED, None))
