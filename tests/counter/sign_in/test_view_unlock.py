"""The locked screen: when it locks, what it lets through, and how to go on."""

import datetime
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.journal.events import Event
from counter.models import (
    Clerk,
    Dossier,
    Draft,
    JournalEntry,
    PasswordLink,
    SignInFailure,
    SignInRecord,
)
from counter.staff import password_links
from tests import cast
from tests.litany import assert_for_clerks_only, signed_in

URL = reverse("counter_sign_in:unlock")
LOCK = reverse("counter_sign_in:lock")
DESK = reverse("counter_desk:desk")
RECORD = reverse("counter_dossiers:record_applicant")
NOON = datetime.datetime(2026, 11, 24, 11, 0, tzinfo=datetime.UTC)
A_QUARTER = datetime.timedelta(minutes=15, seconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def away(els: Clerk, clock: time_machine.Traveller) -> Client:
    """Els' browser, after she was away for a quarter of an hour."""
    client = signed_in(els)
    client.get(DESK)
    clock.shift(A_QUARTER)
    return client


def at_lock(back: str) -> str:
    return f"{URL}?next={back.replace('/', '%2F')}"


def test_only_for_clerks() -> None:
    assert_for_clerks_only(URL)
    assert_for_clerks_only(LOCK, method="post")


def test_after_a_quarter_any_page_leads_to_the_lock(
    away: Client, dossier: Dossier
) -> None:
    for page in (
        DESK,
        RECORD,
        reverse("counter_dossiers:dossier", args=[dossier.pk]),
        reverse("activation_desk:pay_and_issue", args=[dossier.pk]),
        reverse("payments_drawers:drawer"),
        reverse("admin:index"),
    ):
        answer = away.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (303, at_lock(page))


def test_the_password_leads_back_and_is_in_the_journal(
    away: Client, els: Clerk, dossier: Dossier
) -> None:
    page = reverse("counter_dossiers:dossier", args=[dossier.pk])
    shown = away.get(page, follow=True)
    assert b"Janssens" not in shown.content
    answer = away.post(URL, {"password": cast.PASSWORD, "next": page})
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert away.get(page).status_code == 200
    assert JournalEntry.objects.get(event=Event.SCREEN_UNLOCKED).clerk == els


def test_a_wrong_password_opens_nothing_and_is_counted(away: Client) -> None:
    away.get(DESK)
    answer = away.post(URL, {"password": "raad maar", "next": DESK})
    assert answer.status_code == 422
    assert away.get(DESK).status_code == 303
    assert SignInFailure.objects.get().failures == 1
    assert JournalEntry.objects.filter(event=Event.SIGN_IN_FAILED).count() == 1


def test_guessing_at_the_lock_waits_like_guessing_at_the_door(
    away: Client, clock: time_machine.Traveller
) -> None:
    away.get(DESK)
    for _ in range(10):
        away.post(URL, {"password": "raad maar"})
    refused = away.post(URL, {"password": cast.PASSWORD})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "31")
    clock.shift(31)
    assert away.post(URL, {"password": cast.PASSWORD}).status_code == 303


@pytest.mark.parametrize("password", ["", "a\0b", "x" * 9000])
def test_anything_typed_gets_an_answer(away: Client, password: str) -> None:
    away.get(DESK)
    assert away.post(URL, {"password": password}).status_code == 422


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_it_never_goes_on_to_another_site(away: Client, elsewhere: str) -> None:
    away.get(DESK)
    answer = away.post(URL, {"password": cast.PASSWORD, "next": elsewhere})
    assert answer.headers["Location"] == DESK


def test_signing_in_again_is_no_way_around_it(away: Client) -> None:
    away.get(DESK)
    sign_in = reverse("counter_sign_in:sign_in")
    away.post(sign_in, {"username": "els", "password": "raad maar"})
    assert away.get(DESK).status_code == 303


def test_somebody_else_signs_in(away: Client, bart: Clerk) -> None:
    away.get(DESK)
    away.post(reverse("counter_sign_in:sign_out"))
    sign_in = reverse("counter_sign_in:sign_in")
    away.post(sign_in, {"username": "bart", "password": cast.PASSWORD})
    assert away.get(DESK).context["user"] == bart


def test_the_key_locks_at_once(els_client: Client, dossier: Dossier) -> None:
    page = reverse("counter_dossiers:dossier", args=[dossier.pk])
    answer = els_client.post(LOCK, {"next": page})
    assert (answer.status_code, answer.headers["Location"]) == (303, at_lock(page))
    assert els_client.get(page).status_code == 303
    assert els_client.get(LOCK).status_code == 405


def test_a_revealed_number_is_not_what_it_leads_back_to(
    els_client: Client, dossier: Dossier
) -> None:
    shown = reverse("counter_dossiers:reveal_number", args=[dossier.pk])
    locked = els_client.post(LOCK, {"next": shown})
    unlocked = els_client.post(
        locked.headers["Location"], {"password": cast.PASSWORD}, follow=True
    )
    page = reverse("counter_dossiers:dossier", args=[dossier.pk])
    assert unlocked.redirect_chain[-1] == (page, 303)
    assert not unlocked.context["revealed_number"]


def test_a_screen_that_is_not_locked_asks_nothing(els_client: Client) -> None:
    assert els_client.get(URL, {"next": RECORD}).headers["Location"] == RECORD


def test_a_part_of_a_page_sends_the_whole_page(away: Client, dossier: Dossier) -> None:
    page = reverse("counter_dossiers:dossier", args=[dossier.pk])
    answer = away.get(
        reverse("notifications_desk:mail_state", args=[dossier.pk]),
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"},
    )
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == at_lock(page)


def test_typing_without_sending_is_work(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    client = signed_in(els)
    for _ in range(4):
        assert client.post(reverse("counter_sign_in:at_work")).status_code == 204
        clock.shift(datetime.timedelta(minutes=10))
    assert client.get(DESK).status_code == 200


def test_the_admin_locks_after_its_own_minutes(
    sofie: Clerk, clock: time_machine.Traveller
) -> None:
    client, index = signed_in(sofie), reverse("admin:index")
    client.get(index)
    clock.shift(datetime.timedelta(minutes=10, seconds=1))
    assert client.get(index).headers["Location"] == at_lock(index)
    client.post(URL, {"password": cast.PASSWORD})
    assert client.get(index).status_code == 200


def test_the_public_pages_stay_open(away: Client) -> None:
    assert away.get(DESK).status_code == 303
    assert away.get("/nl/").status_code == 200


def test_what_was_typed_in_a_visit_waits_behind_the_lock(away: Client) -> None:
    submission = str(uuid.uuid4())
    typed = {"submission": submission, "last_name": "Peeters", "email": "m@example.org"}
    answer = away.post(RECORD, typed)
    page = reverse("counter_dossiers:resume_draft", args=[Draft.objects.get().pk])
    assert answer.headers["Location"] == at_lock(page)
    answer = away.post(URL, {"password": cast.PASSWORD, "next": page}, follow=True)
    assert answer.context["form"]["last_name"].value() == "Peeters"
    assert not Dossier.objects.exists()


def test_another_form_is_said_not_to_be_saved(away: Client, dossier: Dossier) -> None:
    pay = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    answer = away.post(
        pay, {"method": "cash"}, headers={"Referer": f"http://testserver{pay}"}
    )
    assert answer.headers["Location"] == at_lock(pay)
    answer = away.post(URL, {"password": cast.PASSWORD, "next": pay}, follow=True)
    assert b"was not saved" in answer.content
    assert b"was not saved" not in away.get(pay).content


def test_a_page_on_its_way_out_may_still_save_its_draft(away: Client) -> None:
    away.get(DESK)
    typed = {"submission": str(uuid.uuid4()), "last_name": "Peeters"}
    away.post(reverse("counter_dossiers:save_draft"), typed)
    assert Draft.objects.count() == 1
    assert away.get(DESK).status_code == 303


def test_a_day_ends_signed_out_and_keeps_what_was_typed(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    client = signed_in(els)
    client.get(DESK)
    clock.shift(datetime.timedelta(hours=9, minutes=59))
    assert client.get(DESK).headers["Location"] == at_lock(DESK)
    clock.shift(datetime.timedelta(minutes=2))
    typed = {"submission": str(uuid.uuid4()), "last_name": "Peeters"}
    answer = client.post(RECORD, typed)
    page = reverse("counter_dossiers:resume_draft", args=[Draft.objects.get().pk])
    assert (
        answer.headers["Location"]
        == f"{reverse('counter_sign_in:sign_in')}?next={page}"
    )
    assert "_auth_user_id" not in client.session


def test_another_sites_form_reaches_neither_lock_nor_draft(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(els)
    client.get(DESK)
    clock.shift(A_QUARTER)
    typed = {"submission": str(uuid.uuid4()), "last_name": "Peeters"}
    assert client.post(RECORD, typed).status_code == 403
    assert not Draft.objects.exists()


# Somebody who cannot sign in


@pytest.mark.parametrize("hours", [0, 11], ids=["locked", "over"])
def test_a_mailed_link_opens_where_a_session_is_locked_or_over(
    els: Clerk, bart: Clerk, hours: int
) -> None:
    """The link is a colleague's, at the computer that both use."""
    Clerk.objects.filter(pk=bart.pk).update(email="bart@stadskantoor.example")
    shared = signed_in(els)
    shared.post(LOCK)
    forgotten = reverse("counter_staff:forgot_password")
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=hours)):
        assert shared.get(forgotten).status_code == 200
        shared.post(forgotten, {"user_name": "bart"})
        link = password_links.url(PasswordLink.objects.get())
        shown = shared.get(link)
        assert "bart" in shown.content.decode()
        assert "data-lock" not in shown.content.decode()
        assert reverse("counter_sign_in:sign_out") not in shown.content.decode()
        new = dict.fromkeys(("new_password1", "new_password2"), "paarse koeien grazen")
        assert shared.post(link, new).status_code == 303
    bart.refresh_from_db()
    assert bart.check_password("paarse koeien grazen")
    # The desk of Els stays closed.
    assert shared.get(DESK).status_code in (302, 303)
    assert SignInRecord.objects.get(clerk=els).screen_locked_at is not None


def test_who_chooses_in_the_own_session_is_not_told_of_another_screen(
    els: Clerk,
) -> None:
    Clerk.objects.filter(pk=els.pk).update(email="els@stadskantoor.example")
    own = signed_in(els)
    own.post(reverse("counter_staff:forgot_password"), {"user_name": "els"})
    link = password_links.url(PasswordLink.objects.get())
    new = dict.fromkeys(("new_password1", "new_password2"), "paarse koeien grazen")
    answer = own.post(link, new, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("counter_sign_in:sign_in")
    sentences = [str(message) for message in answer.context["messages"]]
    assert sentences[1:] == ["Your password is set. Sign in with it."]
