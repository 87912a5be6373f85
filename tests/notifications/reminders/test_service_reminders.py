"""Reminders are sent on their days, and once, also after a worker was down."""

import datetime
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from activation.codes.validity import key_end
from activation.enums import CodeState, KeyKind, KeyState
from activation.models import ActivationCode, DigitalKey
from counter.enums import DossierState
from counter.models import Clerk, Dossier
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from notifications.reminders import reminders
from notifications.reminders.reminders import put_reminders
from notifications.tasks import remind
from tests import cast
from tests.mail_server import MailServer
from tests.notifications.acts import end, make_key, make_visits, text_of

BRUSSELS = ZoneInfo("Europe/Brussels")
FRIDAY = datetime.datetime(2026, 5, 8, 16, 0, tzinfo=BRUSSELS)
MORNING = datetime.time(8, 30)


def morning(start: datetime.datetime, days: int) -> datetime.datetime:
    """Half past eight in Brussels, so many calendar days later."""
    day = start.astimezone(BRUSSELS).date() + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, MORNING, tzinfo=BRUSSELS)


def run_on(days: range | list[int], *, since: datetime.datetime) -> dict[int, str]:
    """Run the daily task on these days; return the kinds of what it put in, by day."""
    put: dict[int, str] = {}
    for day in days:
        with time_machine.travel(morning(since, day), tick=False):
            before = set(Delivery.objects.values_list("pk", flat=True))
            remind()
            new = Delivery.objects.exclude(pk__in=before)
            for kind in new.values_list("kind", flat=True):
                assert day not in put, "two reminders at once"
                put[day] = kind
    return put


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    """A code issued on a Friday afternoon; nobody uses it."""
    return cast.make_code(dossier, els, issued_at=FRIDAY)[0]


def test_day_seven_and_day_twelve(code: ActivationCode) -> None:
    assert run_on(range(16), since=FRIDAY) == {
        7: Kind.REMINDER_WEEK,
        12: Kind.REMINDER_LAST,
    }


def test_nobody_is_reminded_of_a_code_without_a_try_left(code: ActivationCode) -> None:
    """As when a process died after the fifth try, before it locked the code."""
    ActivationCode.objects.filter(pk=code.pk).update(attempts=5)
    assert run_on(range(16), since=FRIDAY) == {}


@pytest.mark.parametrize(
    ("up", "expected"),
    [
        ([0, 1, 8, 9, 12], {8: Kind.REMINDER_WEEK, 12: Kind.REMINDER_LAST}),
        ([0, 10, 11, 12, 13], {10: Kind.REMINDER_WEEK, 12: Kind.REMINDER_LAST}),
        # On the day before the last reminder, the first one is no longer sent.
        ([0, 11, 12, 13], {12: Kind.REMINDER_LAST}),
        ([0, 7, 13], {7: Kind.REMINDER_WEEK, 13: Kind.REMINDER_LAST}),
        ([0, 12], {12: Kind.REMINDER_LAST}),
        ([0, 13], {13: Kind.REMINDER_LAST}),
        # On day 14 mails would name a last day that is past.
        ([0, 14], {}),
        ([0, 7, 14], {7: Kind.REMINDER_WEEK}),
    ],
)
def test_a_worker_that_was_down_makes_up_for_it_and_sends_no_two_at_once(
    code: ActivationCode, up: list[int], expected: dict[int, str]
) -> None:
    assert run_on(up, since=FRIDAY) == expected


def test_running_it_again_puts_in_nothing(code: ActivationCode) -> None:
    at = morning(FRIDAY, 7)

    assert put_reminders(at=at) == 1
    assert put_reminders(at=at) == 0
    assert put_reminders(at=at + datetime.timedelta(hours=3)) == 0


@pytest.mark.parametrize(
    "state", [CodeState.USED, CodeState.LOCKED, CodeState.REPLACED, CodeState.LAPSED]
)
def test_nobody_is_reminded_of_a_code_that_is_over(
    code: ActivationCode, state: CodeState
) -> None:
    ActivationCode.objects.update(state=state, **{f"{state.value}_at": FRIDAY})

    assert run_on(range(16), since=FRIDAY) == {}


def test_nobody_is_reminded_after_activation(
    code: ActivationCode, dossier: Dossier
) -> None:
    Dossier.objects.update(state=DossierState.ACTIVATED, activated_at=FRIDAY)

    assert run_on(range(16), since=FRIDAY) == {}


def test_a_person_whose_address_is_gone_is_left_alone(code: ActivationCode) -> None:
    Dossier.objects.update(email="")

    assert run_on(range(16), since=FRIDAY) == {}


def test_the_reminder_says_how_many_days_are_left(
    code: ActivationCode, mail_server: MailServer
) -> None:
    for day in (7, 12):
        with time_machine.travel(morning(FRIDAY, day), tick=False):
            remind()
            deliver_due()

    first, last = mail_server.messages
    assert "Nog 7 dagen" in first["Subject"]
    assert "Nog 2 dagen" in last["Subject"]
    assert "21 mei 2026" in text_of(last)


def test_a_reminder_held_back_until_its_days_are_over_is_dropped(
    code: ActivationCode, mail_server: MailServer
) -> None:
    """The mail server was away from day 7 to day 12; then one mail is sent, not two."""
    with time_machine.travel(morning(FRIDAY, 7), tick=False):
        remind()
    with time_machine.travel(morning(FRIDAY, 12), tick=False):
        remind()
        deliver_due()

    assert len(mail_server.messages) == 1
    assert Delivery.objects.get(kind=Kind.REMINDER_WEEK).state == DeliveryState.DROPPED
    assert Delivery.objects.get(kind=Kind.REMINDER_LAST).state == DeliveryState.SENT


def test_a_code_that_ends_takes_its_waiting_reminder_along(
    code: ActivationCode,
) -> None:
    put_reminders(at=morning(FRIDAY, 7))

    end(code)

    assert Delivery.objects.get().state == DeliveryState.DROPPED


@pytest.mark.parametrize(
    "issued_at",
    [
        # The code or its first reminder is close to a night when the clock changes.
        datetime.datetime(2026, 3, 22, 0, 30, tzinfo=BRUSSELS),
        datetime.datetime(2026, 3, 28, 23, 59, tzinfo=BRUSSELS),
        datetime.datetime(2026, 3, 29, 3, 0, tzinfo=BRUSSELS),
        datetime.datetime(2026, 10, 18, 0, 0, tzinfo=BRUSSELS),
        datetime.datetime(2026, 10, 24, 23, 59, tzinfo=BRUSSELS),
        datetime.datetime(2026, 10, 25, 2, 30, tzinfo=BRUSSELS, fold=1),
        # Just after midnight in Brussels it is still the day before in London.
        datetime.datetime(2026, 7, 1, 0, 15, tzinfo=BRUSSELS),
        datetime.datetime(2028, 2, 22, 12, 0, tzinfo=BRUSSELS),
        datetime.datetime(2026, 12, 25, 12, 0, tzinfo=BRUSSELS),
    ],
)
def test_days_are_those_of_the_calendar_in_brussels(
    dossier: Dossier, els: Clerk, issued_at: datetime.datetime
) -> None:
    cast.make_code(dossier, els, issued_at=issued_at)

    assert run_on(range(16), since=issued_at) == {
        7: Kind.REMINDER_WEEK,
        12: Kind.REMINDER_LAST,
    }


def test_many_reminders_go_in_batches(
    els: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_visits(7, els)
    Delivery.objects.all().delete()
    at = timezone.now() + datetime.timedelta(days=7)

    assert [put_reminders(at=at, limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert set(Counter(Delivery.objects.values_list("subject")).values()) == {1}


@pytest.fixture
def key(dossier: Dossier, els: Clerk) -> DigitalKey:
    """A key that was activated on 20 June 2026; it ends ten years later."""
    activated_at = datetime.datetime(2026, 6, 20, 15, 0, tzinfo=BRUSSELS)
    return make_key(dossier, els, activated_at=activated_at)


def days_before_end(key: DigitalKey, days: range | list[int]) -> dict[int, str]:
    assert key.valid_until is not None
    put = run_on([-day for day in days], since=key.valid_until)
    return {-day: kind for day, kind in put.items()}


def test_ninety_and_thirty_days_before_a_key_ends(key: DigitalKey) -> None:
    assert days_before_end(key, range(95, -3, -1)) == {
        90: Kind.KEY_EXPIRES_90,
        30: Kind.KEY_EXPIRES_30,
    }


@pytest.mark.parametrize(
    ("up", "expected"),
    [
        ([95, 87, 30], {87: Kind.KEY_EXPIRES_90, 30: Kind.KEY_EXPIRES_30}),
        ([95, 61, 27], {61: Kind.KEY_EXPIRES_90, 27: Kind.KEY_EXPIRES_30}),
        ([95, 50, 30], {30: Kind.KEY_EXPIRES_30}),
        ([95, 1], {1: Kind.KEY_EXPIRES_30}),
        ([95, -1], {}),
    ],
)
def test_a_key_reminder_that_was_missed_is_made_up_for(
    key: DigitalKey, up: list[int], expected: dict[int, str]
) -> None:
    assert days_before_end(key, up) == expected


def test_a_key_that_began_on_a_leap_day_ends_on_the_28th(
    dossier: Dossier, els: Clerk
) -> None:
    leap_day = datetime.datetime(2028, 2, 29, 9, 0, tzinfo=BRUSSELS)
    key = make_key(dossier, els, activated_at=leap_day)

    assert key_end(leap_day).astimezone(BRUSSELS).date() == datetime.date(2038, 2, 28)
    assert list(days_before_end(key, range(95, 0, -1))) == [90, 30]


@pytest.mark.parametrize("state", [KeyState.REVOKED, KeyState.EXPIRED])
def test_nobody_is_reminded_of_a_key_that_is_over(
    key: DigitalKey, state: KeyState
) -> None:
    DigitalKey.objects.update(state=state, **{f"{state.value}_at": FRIDAY})

    assert days_before_end(key, range(95, 0, -1)) == {}


def test_the_officer_can_switch_key_reminders_off(
    key: DigitalKey, settings: Settings
) -> None:
    settings.KEY_EXPIRY_REMINDERS = False

    assert days_before_end(key, range(95, 0, -1)) == {}


def test_an_app_key_without_an_address_left_gets_no_reminder(key: DigitalKey) -> None:
    Dossier.objects.update(email="")

    assert days_before_end(key, range(95, 0, -1)) == {}


def test_a_mail_key_is_reminded_at_its_own_address(
    dossier: Dossier, els: Clerk, mail_server: MailServer
) -> None:
    key = make_key(
        dossier,
        els,
        KeyKind.EMAIL,
        destination="peter.new@example.org",
        activated_at=FRIDAY,
    )
    Dossier.objects.update(email="")
    assert key.valid_until is not None
    with time_machine.travel(morning(key.valid_until, -30), tick=False):
        remind()
        deliver_due()

    (mail,) = mail_server.messages
    assert mail["To"] == "peter.new@example.org"
    assert "8 mei 2036" in mail["Subject"]


def test_no_more_reminders_are_counted_than_say_enough(
    els: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_visits(4, els)
    week_later = timezone.now() + datetime.timedelta(days=7)
    assert reminders.count_due(at=week_later) == 4
    monkeypatch.setattr(reminders, "COUNTED", 3)
    assert reminders.count_due(at=week_later) == 3
