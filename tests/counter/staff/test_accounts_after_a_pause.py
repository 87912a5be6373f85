"""At a screen that a supervisor left, nobody makes or changes an account."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.models import AccountChange, Clerk, Office, PasswordLink
from tests import cast
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.litany import signed_in

UNLOCK = reverse("counter_sign_in:unlock")
PAGES = ("add", "change", "send_password_link", "reset_app")


@pytest.fixture
def left(sofie: Clerk, els: Clerk) -> Iterator[Client]:
    """Sofie's browser, in which nobody did anything for six minutes."""
    Clerk.objects.filter(pk=els.pk).update(email="els@stadskantoor.example")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(sofie)
        client.get(reverse("admin:index"))
        clock.shift(timedelta(minutes=6))
        yield client


def path(name: str, clerk: Clerk) -> str:
    arguments = [] if name == "add" else [clerk.pk]
    return reverse(f"admin:counter_clerk_{name}", args=arguments)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_password_is_asked_first(
    left: Client, office: Office, els: Clerk, name: str, method: str
) -> None:
    form = clerk_form(office, email="mine@example.org")
    answer = getattr(left, method)(path(name, els), form if method == "post" else {})
    assert answer.headers["Location"].partition("?")[0] == UNLOCK
    assert left.get(path(name, els)).headers["Location"].partition("?")[0] == UNLOCK
    assert not Clerk.objects.filter(username="nora").exists()
    assert not PasswordLink.objects.exists()
    assert not AccountChange.objects.exists()


def test_with_the_password_it_goes_on_where_it_was(
    left: Client, office: Office, els: Clerk
) -> None:
    page = path("add", els)
    shown = left.get(page, follow=True)
    back = left.post(UNLOCK, {"password": cast.PASSWORD, "next": shown.context["next"]})
    assert back.headers["Location"] == page
    assert left.get(page).status_code == 200
    assert left.post(page, clerk_form(office)).status_code == 302
    assert Clerk.objects.filter(username="nora").exists()


def test_who_was_at_work_is_not_asked(left: Client, sofie: Clerk, els: Clerk) -> None:
    at_work = signed_in(sofie)
    at_work.get(reverse("admin:index"))
    assert at_work.get(path("add", els)).status_code == 200
