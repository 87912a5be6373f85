"""Signing in at the desk, being away, and trying too often."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.journal.events import Event
from counter.models import Clerk, Dossier, FailedSignIns, JournalEntry
from counter.sign_in.secrets import SignInForm
from tests.cast import PASSWORD
from tests.litany import signed_in

URL = reverse("counter_sign_in:sign_in")
DESK = reverse("counter_desk:desk")
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
    wanted = reverse("counter_dossiers:record_applicant")
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
    """Not to the form's own address, except when the form came from another site."""
    lock = reverse("counter_sign_in:lock")
    page = reverse("counter_dossiers:record_applicant")
    sent = Client().post(lock, headers={"Referer": f"http://testserver{page}?q=1"})
    assert sent.headers["Location"] == f"{URL}?next={page}"
    sent = Client().post(lock, headers={"Referer": f"https://elsewhere.example{page}"})
    assert sent.headers["Location"] == f"{URL}?next={lock}"


ODD = ["http://[x", "//", "\x00", "abc", "..", "%zz", "http://testserver/nowhere"]


@pytest.mark.parametrize("header", ODD)
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


def test_signing_out_needs_a_press_of_the_button(els: Clerk) -> None:
    client = signed_in(els)
    assert client.get(reverse("counter_sign_in:sign_out")).status_code == 405
    assert client.post(reverse("counter_sign_in:sign_out")).headers["Location"] == URL
    assert client.get(DESK).status_code == 302


def test_after_ten_failures_even_the_right_password_waits(els: Clerk) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(10):
            try_with(Client(), "els", "wrong")
        refused = try_with(Client(), "ELS", PASSWORD)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "31")
        assert refused.context["form"]["username"].value() == "ELS"
        assert FailedSignIns.objects.get().count == 10
        clock.shift(31)
        assert try_with(Client(), "els", PASSWORD).status_code == 303
        assert try_with(Client(), "els", "wrong").status_code == 422


def test_a_name_nobody_has_waits_as_well(db: None) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(10):
            try_with(Client(), "nobody", "wrong")
        answer = try_with(Client(), "nobody", "wrong")
    assert answer.context["form"].errors.as_data()["__all__"][0].code == "wait"


@pytest.mark.parametrize(("page", "minutes"), [(DESK, 14), (reverse("admin:index"), 9)])
def test_a_shorter_pause_locks_no_screen(sofie: Clerk, page: str, minutes: int) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(sofie)
        client.get(page)
        clock.shift(datetime.timedelta(minutes=minutes))
        assert client.get(page).status_code == 200


def test_working_keeps_the_clerk_signed_in_for_ten_hours(els: Clerk) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(els)
        for _ in range(10 * 6):
            assert client.get(DESK).status_code == 200
            clock.shift(datetime.timedelta(minutes=10))
        clock.shift(1)
        assert client.get(DESK).status_code == 302


def test_a_page_that_asks_by_itself_is_not_work(els: Clerk, dossier: Dossier) -> None:
    mail = reverse("notifications_desk:mail_state", args=[dossier.pk])
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(els)
        client.get(DESK)
        for _ in range(3):
            clock.shift(datetime.timedelta(minutes=6))
            answer = client.get(mail, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("counter_sign_in:unlock")


def test_the_session_holds_no_personal_data(els: Clerk) -> None:
    client = Client()
    try_with(client, "els", PASSWORD)
    client.get(DESK)
    allowed = {"_auth_user_id", "_auth_user_backend", "_auth_user_hash"}
    times = {"active_at", "signed_in_at"}
    assert set(client.session.keys()) == allowed | times | {"session_epoch"}
    assert client.session["active_at"] <= timezone.now().timestamp()


def test_where_nobodys_tries_can_be_counted_nothing_is_compared(els: Clerk) -> None:
    """Such as a form that was made without a request."""
    form = SignInForm(None, {"username": "els", "password": PASSWORD})
    with pytest.raises(ImproperlyConfigured):
        form.is_valid()
    assert form.get_user() is None
