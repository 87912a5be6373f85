"""Signing in at the desk, being away, and trying too often."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import Event
from counter.models import Clerk, Dossier, JournalEntry, SignInFailure
from counter.sign_in import claim_try
from tests.cast import PASSWORD
from tests.litany import signed_in
from tests.races import at_once

URL = reverse("counter:sign_in")
DESK = reverse("counter:desk")
NOON = datetime.datetime(2026, 11, 24, 11, 0, tzinfo=datetime.UTC)


def try_with(client: Client, name: str, password: str) -> Any:  # noqa: ANN401
    return client.post(URL, {"username": name, "password": password})


def test_the_right_password_opens_the_desk(els: Clerk) -> None:
    client = Client()
    answer = try_with(client, "els", PASSWORD)
    assert answer.status_code == 303
    assert answer.headers["Location"] == DESK
    assert client.get(DESK).status_code == 200
    assert JournalEntry.objects.get(event=Event.SIGNED_IN).clerk == els


def test_it_goes_on_to_the_page_that_was_wanted(els: Clerk) -> None:
    wanted = reverse("counter:record_applicant")
    answer = Client().post(
        URL, {"username": "els", "password": PASSWORD, "next": wanted}
    )
    assert answer.headers["Location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_it_never_goes_on_to_another_site(els: Clerk, elsewhere: str) -> None:
    answer = Client().post(
        URL, {"username": "els", "password": PASSWORD, "next": elsewhere}
    )
    assert answer.headers["Location"] == DESK


def test_after_a_form_it_goes_on_to_the_page_that_sent_it(db: None) -> None:
    """Not to the form's own address, which may take nothing but forms."""
    lock = reverse("counter:lock")
    page = reverse("counter:record_applicant")
    sent = Client().post(lock, headers={"Referer": f"http://testserver{page}?q=1"})
    assert sent.headers["Location"] == f"{URL}?next={page}"
    sent = Client().post(lock, headers={"Referer": f"https://elsewhere.example{page}"})
    assert sent.headers["Location"] == f"{URL}?next={lock}"


@pytest.mark.parametrize("header", ["http://[x", "//", "\x00"])
def test_an_odd_address_of_a_page_leads_to_the_sign_in(db: None, header: str) -> None:
    odd = {"HX-Request": "true", "HX-Current-URL": header}
    answer = Client().get(DESK, headers=odd)
    assert answer.headers["HX-Redirect"] == URL


def test_nobody_learns_whether_a_name_exists(els: Clerk) -> None:
    Clerk.objects.create_user("gone", password=PASSWORD, is_active=False)
    sentences = {
        str(try_with(Client(), name, password).context["form"].non_field_errors())
        for name, password in [
            ("els", "wrong"),
            ("nobody", "wrong"),
            ("gone", PASSWORD),
            ("gone", "wrong"),
        ]
    }
    assert len(sentences) == 1


def test_a_failed_sign_in_is_noted_without_the_name(els: Clerk) -> None:
    answer = try_with(Client(), "mypasswordasname", "wrong")
    assert answer.status_code == 422
    entry = JournalEntry.objects.get(event=Event.SIGN_IN_FAILED)
    assert entry.clerk is None
    assert entry.details == {}
    assert b"mypasswordasname" not in bytes(SignInFailure.objects.get().name_index)


def test_signing_out_needs_a_press_of_the_button(els: Clerk) -> None:
    client = signed_in(els)
    assert client.get(reverse("counter:sign_out")).status_code == 405
    assert client.post(reverse("counter:sign_out")).headers["Location"] == URL
    assert client.get(DESK).status_code == 302


def test_after_ten_failures_even_the_right_password_waits(els: Clerk) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(10):
            try_with(Client(), "els", "wrong")
        refused = try_with(Client(), "ELS", PASSWORD)
        assert refused.status_code == 422
        assert JournalEntry.objects.filter(event=Event.SIGN_IN_FAILED).count() == 10
        clock.shift(31)
        assert try_with(Client(), "els", PASSWORD).status_code == 303
        assert not SignInFailure.objects.exists()


def test_the_wait_grows_and_stops_growing(db: None) -> None:
    at = NOON
    waits = []
    for _ in range(20):
        while wait := claim_try("els", at=at):
            waits.append(int(wait.total_seconds()))
            at += wait
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900, 900, 900]


def test_a_name_nobody_has_waits_as_well(db: None) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(10):
            try_with(Client(), "nobody", "wrong")
        answer = try_with(Client(), "nobody", "wrong")
    assert answer.context["form"].errors.as_data()["__all__"][0].code == "wait"


def test_failures_of_yesterday_are_forgotten(db: None) -> None:
    for _ in range(12):
        claim_try("els", at=NOON)
    assert not claim_try("els", at=NOON + datetime.timedelta(days=1, seconds=1))
    assert SignInFailure.objects.get().failures == 1


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_instant_are_all_counted() -> None:
    at_once([lambda: claim_try("els", at=NOON)] * 8)
    assert SignInFailure.objects.get().failures == 8


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 303)])
def test_a_quarter_of_an_hour_without_work_locks_the_screen(
    els: Clerk, minutes: int, status: int
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(els)
        client.get(DESK)
        clock.shift(datetime.timedelta(minutes=minutes))
        assert client.get(DESK).status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 303)])
def test_ten_minutes_are_enough_in_the_admin(
    sofie: Clerk, minutes: int, status: int
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(sofie)
        client.get(reverse("admin:index"))
        clock.shift(datetime.timedelta(minutes=minutes))
        assert client.get(reverse("admin:index")).status_code == status


def test_working_keeps_the_clerk_signed_in_for_ten_hours(els: Clerk) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(els)
        for _ in range(10 * 6):
            assert client.get(DESK).status_code == 200
            clock.shift(datetime.timedelta(minutes=10))
        clock.shift(1)
        assert client.get(DESK).status_code == 302


def test_a_page_that_asks_by_itself_is_not_work(els: Clerk, dossier: Dossier) -> None:
    mail = reverse("counter:mail_state", args=[dossier.pk])
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(els)
        client.get(DESK)
        for _ in range(3):
            clock.shift(datetime.timedelta(minutes=6))
            answer = client.get(mail, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("counter:unlock")


def test_the_session_holds_no_personal_data(els: Clerk) -> None:
    client = Client()
    try_with(client, "els", PASSWORD)
    client.get(DESK)
    allowed = {"_auth_user_id", "_auth_user_backend", "_auth_user_hash"}
    times = {"active_at", "signed_in_at"}
    assert set(client.session.keys()) == allowed | times | {"session_epoch"}
    assert client.session["active_at"] <= timezone.now().timestamp()
