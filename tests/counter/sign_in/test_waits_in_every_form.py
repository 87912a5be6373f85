"""After ten wrong secrets the right one waits half a minute, in every form of staff.

The sign-in page, the lock, the digits, the own password and the forms in which a
supervisor agrees have tests elsewhere.
"""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from counter.enums import CancelReason, SecretForm
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from payments.models import DrawerSession
from tests import cast
from tests.counter import app
from tests.litany import signed_in
from tests.payments.counting import beside, path, pieces

WRONG = "raad maar wat"
HALF_A_MINUTE = datetime.timedelta(seconds=31)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def waits(
    clock: time_machine.Traveller,
    client: Client,
    page: str,
    wrong: dict[str, str],
    right: dict[str, str],
) -> None:
    for _ in range(10):
        assert client.post(page, wrong).status_code == 422
    refused = client.post(page, right)
    assert refused.status_code in (422, 429)
    assert "Too many tries at this" in refused.text
    clock.shift(HALF_A_MINUTE)
    assert client.post(page, right).status_code == 303


def assert_noted(account: str, screen_of: Clerk) -> None:
    """Each of the ten is in the journal, with whose screen it was."""
    entries = JournalEntry.objects.filter(event=Event.SIGN_IN_FAILED)
    assert entries.count() == 10
    with translation.override("en"):
        for entry in entries:
            assert entry.clerk == screen_of
            assert entry.details["account"] == account
            assert entry.details["form"] == SecretForm.COLLEAGUE


def test_after_a_pause(
    els: Clerk, dossier: Dossier, clock: time_machine.Traveller
) -> None:
    client, page = (
        signed_in(els),
        reverse("counter_dossiers:cancel_dossier", args=[dossier.pk]),
    )
    client.get(reverse("counter_desk:desk"))
    clock.shift(datetime.timedelta(minutes=6))
    client.get(page)
    typed = {"reason": CancelReason.LEFT.value, "password": WRONG}
    waits(clock, client, page, typed, typed | {"password": cast.PASSWORD})


def test_where_a_colleague_serves_family_along(
    els: Clerk, bart: Clerk, dossier: Dossier, clock: time_machine.Traveller
) -> None:
    names = {"last_name": "Janssens", "first_name": "Els"}
    Clerk.objects.filter(pk=els.pk).update(**names)
    right = {"is_family": "yes", **beside(bart)}
    wrong = right | {"colleague_password": WRONG}
    page = reverse("counter_people:family", args=[dossier.pk])
    waits(clock, signed_in(els), page, wrong, right)
    assert_noted("bart", els)


def test_where_a_colleague_counts_a_drawer_along(
    els: Clerk, bart: Clerk, sofie: Clerk, clock: time_machine.Traveller
) -> None:
    page = path("count_for_colleague", DrawerSession.objects.get(clerk=els))
    right = pieces() | beside(bart)
    wrong = right | {"colleague_password": WRONG}
    waits(clock, signed_in(sofie), page, wrong, right)
    assert_noted("bart", sofie)


def test_while_setting_up_an_app(
    els: Clerk, digits_asked: None, clock: time_machine.Traveller
) -> None:
    client = app.after_the_password(els)
    for _ in range(10):
        client.post(app.APP, {"digits": app.wrong(els)})
    assert client.post(app.APP, {"digits": app.digits(els)}).status_code == 429
    clock.shift(HALF_A_MINUTE)
    assert client.post(app.APP, {"digits": app.digits(els)}).status_code == 303


@pytest.mark.django_db
def test_where_a_link_is_asked_for(clock: time_machine.Traveller) -> None:
    """For one name from ten networks. No request is right, so all are counted."""
    page, typed = reverse("counter_staff:forgot_password"), {"user_name": "els"}
    for number in range(10):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        assert client.post(page, typed).status_code == 303
    other = Client(REMOTE_ADDR="198.51.100.9")
    assert other.post(page, typed).status_code == 429
    assert other.post(page, {"user_name": "bart"}).status_code == 303
    clock.shift(HALF_A_MINUTE)
    assert other.post(page, typed).status_code == 303
