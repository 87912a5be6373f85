"""Signing in with the password and six digits of the clerk's app."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.journal.events import Event
from counter.models import (
    Clerk,
    FailedSignIns,
    JournalEntry,
    SecondFactor,
    SignInFailure,
)
from counter.sign_in import failed_sign_ins
from tests.cast import PASSWORD
from tests.counter.app import (
    APP,
    CODE,
    SIGN_IN,
    after_the_password,
    digits,
    set_up,
    wrong,
)
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("digits_asked")

DESK = reverse("counter_desk:desk")
NOON = datetime.datetime(2026, 11, 24, 11, 0, tzinfo=datetime.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def halfway(els: Clerk, clock: time_machine.Traveller) -> Client:
    """Els' browser: her app is set up, and she typed her password."""
    set_up(els)
    return after_the_password(els)


def test_the_password_alone_opens_nothing(halfway: Client, els: Clerk) -> None:
    assert "_auth_user_id" not in halfway.session
    for page in (DESK, reverse("payments_drawers:drawer"), reverse("admin:index")):
        assert halfway.get(page).status_code == 302
    assert not JournalEntry.objects.filter(event=Event.SIGNED_IN).exists()
    els.refresh_from_db()
    assert els.sign_in.session_epoch == 0
    assert els.last_login is None


def test_the_digits_open_the_desk_under_another_session_key(
    halfway: Client, els: Clerk
) -> None:
    before = halfway.session.session_key
    answer = halfway.post(CODE, {"digits": digits(els)})
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    assert halfway.get(DESK).status_code == 200
    assert halfway.session.session_key != before
    assert "half_signed_in" not in halfway.session
    assert JournalEntry.objects.get(event=Event.SIGNED_IN).clerk == els


def test_it_goes_on_to_the_page_that_was_wanted(els: Clerk) -> None:
    set_up(els)
    wanted = reverse("counter_dossiers:record_applicant")
    client = Client()
    both = {"username": "els", "password": PASSWORD, "next": wanted}
    answer = client.post(SIGN_IN, both, follow=True)
    assert answer.redirect_chain[0][0].startswith(CODE)
    sent = {"digits": digits(els), "next": answer.context["next"]}
    assert client.post(CODE, sent).headers["Location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_it_never_goes_on_to_another_site(
    halfway: Client, els: Clerk, elsewhere: str
) -> None:
    answer = halfway.post(CODE, {"digits": digits(els), "next": elsewhere})
    assert answer.headers["Location"] == DESK


def test_the_field_is_made_for_digits_and_has_the_focus(halfway: Client) -> None:
    page = halfway.get(CODE).content.decode()
    for part in (
        'inputmode="numeric"',
        'autocomplete="one-time-code"',
        "autofocus",
    ):
        assert part in page


@pytest.mark.parametrize("later", [-1, 0, 1])
def test_a_clock_that_is_a_little_off_is_fine(
    halfway: Client, els: Clerk, later: int
) -> None:
    assert halfway.post(CODE, {"digits": digits(els, later=later)}).status_code == 303


@pytest.mark.parametrize("later", [-2, 2])
def test_a_minute_off_is_too_much(halfway: Client, els: Clerk, later: int) -> None:
    assert halfway.post(CODE, {"digits": digits(els, later=later)}).status_code == 422


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "a\0b", "x" * 900])
def test_anything_typed_gets_an_answer_and_costs_no_try(
    halfway: Client, typed: str
) -> None:
    assert halfway.post(CODE, {"digits": typed}).status_code == 422
    assert not SignInFailure.objects.exists()


def test_digits_in_two_groups_are_digits(halfway: Client, els: Clerk) -> None:
    shown = digits(els)
    typed = f" {shown[:3]} {shown[3:]} "
    assert halfway.post(CODE, {"digits": typed}).status_code == 303


def test_digits_are_taken_once(halfway: Client, els: Clerk) -> None:
    used = digits(els)
    halfway.post(CODE, {"digits": used})
    other = after_the_password(els)
    for old in (used, digits(els, later=-1)):
        answer = other.post(CODE, {"digits": old})
        assert answer.status_code == 422
        errors = answer.context["form"].errors.as_data()["digits"]
        assert errors[0].code == "used"
    assert other.get(DESK).status_code == 302
    assert other.post(CODE, {"digits": digits(els, later=1)}).status_code == 303


def test_wrong_digits_are_noted_and_never_shown_again(
    halfway: Client, els: Clerk
) -> None:
    typed = wrong(els)
    answer = halfway.post(CODE, {"digits": typed})
    assert answer.status_code == 422
    assert typed not in answer.content.decode()
    failed_sign_ins.sum_up(at=timezone.now() + datetime.timedelta(hours=1))
    entry = JournalEntry.objects.get(event=Event.SIGN_INS_FAILED)
    assert (entry.clerk, entry.office) == (None, els.office)
    assert typed not in str(entry.details)
    assert halfway.get(DESK).status_code == 302


def test_after_ten_wrong_ones_even_the_right_digits_wait(
    halfway: Client, els: Clerk, clock: time_machine.Traveller
) -> None:
    for _ in range(10):
        halfway.post(CODE, {"digits": wrong(els)})
    answer = halfway.post(CODE, {"digits": digits(els)})
    assert answer.context["form"].errors.as_data()["digits"][0].code == "wait"
    # Typing the right password again takes nothing off the count of wrong digits.
    other = after_the_password(els)
    assert other.post(CODE, {"digits": digits(els)}).status_code == 429
    clock.shift(31)
    assert other.post(CODE, {"digits": digits(els)}).status_code == 303


@pytest.mark.parametrize(("seconds", "status"), [(300, 200), (301, 303)])
def test_after_five_minutes_the_password_is_asked_again(
    halfway: Client, clock: time_machine.Traveller, seconds: int, status: int
) -> None:
    clock.shift(seconds)
    answer = halfway.get(CODE)
    assert answer.status_code == status
    if status == 303:
        assert answer.headers["Location"].startswith(SIGN_IN)
        assert len(halfway.get(SIGN_IN).context["messages"]) == 1


def test_a_new_password_and_a_closed_account_end_it(
    halfway: Client, els: Clerk
) -> None:
    other = after_the_password(els)
    els.set_password("een heel ander wachtwoord")
    els.save()
    assert halfway.post(CODE, {"digits": digits(els)}).status_code == 303
    assert halfway.get(DESK).status_code == 302
    els.set_password(PASSWORD)
    els.save()
    third = after_the_password(els)
    Clerk.objects.filter(pk=els.pk).update(is_active=False)
    third.post(CODE, {"digits": digits(els)})
    for client in (other, third):
        assert client.get(DESK).status_code == 302


def test_without_the_password_there_is_nothing_to_see(els: Clerk) -> None:
    set_up(els)
    for page in (CODE, APP, reverse("counter_sign_in:app_qr_code")):
        answer = Client().get(page)
        assert answer.headers["Location"].startswith(SIGN_IN)
    Client().post(CODE, {"digits": digits(els)})
    assert SecondFactor.objects.get().last_step == 1


def test_the_lock_asks_for_the_password_only(halfway: Client, els: Clerk) -> None:
    halfway.post(CODE, {"digits": digits(els)})
    halfway.post(reverse("counter_sign_in:lock"))
    assert halfway.get(DESK).status_code == 303
    halfway.post(reverse("counter_sign_in:unlock"), {"password": PASSWORD})
    assert halfway.get(DESK).status_code == 200


def test_after_ten_hours_the_whole_sign_in_is_asked(
    halfway: Client, els: Clerk, clock: time_machine.Traveller
) -> None:
    halfway.post(CODE, {"digits": digits(els)})
    assert halfway.get(DESK).status_code == 200
    clock.shift(datetime.timedelta(hours=10, seconds=1))
    unlock = reverse("counter_sign_in:unlock")
    answer = halfway.post(unlock, {"password": PASSWORD})
    assert answer.headers["Location"].startswith(SIGN_IN)
    halfway.post(SIGN_IN, {"username": "els", "password": PASSWORD})
    assert halfway.get(DESK).status_code == 302
    halfway.post(CODE, {"digits": digits(els)})
    assert halfway.get(DESK).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_same_digits_at_the_same_instant_open_one_session(els: Clerk) -> None:
    set_up(els)
    typed = digits(els)
    clients = [after_the_password(els) for _ in range(6)]
    answers = at_once(
        [lambda c=c: c.post(CODE, {"digits": typed}).status_code for c in clients]  # type: ignore[misc]
    )
    opened = [c for c in clients if c.get(DESK).status_code == 200]
    print(f"{answers.count(303)} accepted, {len(opened)} open (bound: 1)")
    assert (answers.count(303), len(opened)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_instant_are_all_counted(els: Clerk) -> None:
    set_up(els)
    client = after_the_password(els)
    typed = wrong(els)
    cookies = client.cookies

    def guess() -> int:
        other = Client()
        other.cookies = cookies
        return int(other.post(CODE, {"digits": typed}).status_code)

    assert sorted(at_once([guess] * 12)) == [422] * 10 + [429] * 2
    assert {row.failures for row in SignInFailure.objects.all()} == {10}
    noted = FailedSignIns.objects.get().count
    print(f"{noted} of 12 compared (bound: 10)")
    assert noted == 10
