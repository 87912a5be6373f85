"""The last step: one code gives one key, in one transaction."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from activation.enums import CodeState, KeyKind, KeyState, OneTimeCodeState
from activation.exceptions import (
    AlreadyActiveError,
    CodeEndedError,
    KeyGoneError,
    OneTimeCodeEndedError,
    WrongDigitsError,
    WrongOneTimeCodeError,
)
from activation.journey.accounts import choose_account
from activation.journey.activating import activate_key
from activation.journey.choosing import choose_key
from activation.models import ActivationCode, DigitalKey, OneTimeCode
from activation.one_time.digits import one_time_text
from activation.signals import key_activated
from counter.enums import ActorKind, DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from counter.sign_in import totp
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, at_once, other_digits

NOW = timezone.now().replace(microsecond=0)
MOBILE = "+32470123456"


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    code, _ = cast.make_code(dossier, els, issued_at=NOW)
    choose_account(code_id=code.pk, user_name="peter", password=GOOD_PASSWORD, at=NOW)
    return code


@pytest.fixture
def app(code: ActivationCode) -> DigitalKey:
    return choose_key(code_id=code.pk, kind=KeyKind.APP, at=NOW)


@pytest.fixture
def sms(code: ActivationCode) -> DigitalKey:
    return choose_key(code_id=code.pk, kind=KeyKind.SMS, mobile=MOBILE, at=NOW)


def digits_at(key: DigitalKey, at: datetime) -> str:
    if key.kind == KeyKind.APP:
        return totp.digits(key.secret, totp.step_at(at))
    return one_time_text(key.one_time_codes.latest("requested_at"))


def activate(
    key: DigitalKey, *, typed: str | None = None, at: datetime = NOW
) -> DigitalKey:
    return activate_key(
        code_id=key.code_id,
        key_id=key.pk,
        typed=digits_at(key, at) if typed is None else typed,
        at=at,
    )


@pytest.mark.parametrize("kind", KeyKind)
def test_everything_is_done_together(code: ActivationCode, kind: KeyKind) -> None:
    heard: list[DigitalKey] = []

    def hear(key: DigitalKey, **_kwargs: object) -> None:
        heard.append(key)

    key_activated.connect(hear)
    mobile = MOBILE if kind is KeyKind.SMS else ""
    key = activate(choose_key(code_id=code.pk, kind=kind, mobile=mobile, at=NOW))
    key_activated.disconnect(hear)
    code.refresh_from_db()
    dossier = Dossier.objects.get()
    assert (code.state, code.used_at) == (CodeState.USED, NOW)
    assert (key.state, key.activated_at) == (KeyState.ACTIVE, NOW)
    assert (dossier.state, dossier.activated_at) == (DossierState.ACTIVATED, NOW)
    assert heard == [key]
    entry = JournalEntry.objects.get(event=Event.KEY_ACTIVATED)
    assert entry.details == {"kind": kind.value}
    assert entry.actor_kind == ActorKind.APPLICANT


def test_a_receiver_that_fails_leaves_nothing_done(app: DigitalKey) -> None:
    def fail(**_kwargs: object) -> None:
        raise OSError("the outbox is broken")

    key_activated.connect(fail)
    with pytest.raises(OSError, match="outbox"):
        activate(app)
    key_activated.disconnect(fail)
    app.refresh_from_db()
    assert (app.state, app.last_step) == (KeyState.PENDING, 0)
    assert ActivationCode.objects.get().state == CodeState.LIVE
    assert Dossier.objects.get().state == DossierState.CODE_ISSUED
    assert activate(app).state == KeyState.ACTIVE


def test_the_key_works_for_ten_years_from_a_leap_day(
    dossier: Dossier, els: Clerk
) -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=ZoneInfo("Europe/Brussels"))
    code, _ = cast.make_code(dossier, els, issued_at=leap - timedelta(days=1))
    choose_account(code_id=code.pk, user_name="peter", password=GOOD_PASSWORD, at=leap)
    key = activate(choose_key(code_id=code.pk, kind=KeyKind.APP, at=leap), at=leap)
    assert key.valid_until == datetime(
        2038, 2, 28, 12, tzinfo=ZoneInfo("Europe/Brussels")
    )


# The app


def test_wrong_digits_change_nothing(app: DigitalKey) -> None:
    right = {digits_at(app, NOW + timedelta(seconds=off)) for off in (-30, 0, 30)}
    wrong = next(digits for n in range(4) if (digits := f"{n:06d}") not in right)
    for typed in (wrong, "", "abcdef"):
        with pytest.raises(WrongDigitsError):
            activate(app, typed=typed)
    assert ActivationCode.objects.get().state == CodeState.LIVE


@pytest.mark.parametrize("off", [-30, 30])
def test_a_clock_that_is_half_a_minute_off_is_forgiven(
    app: DigitalKey, off: int
) -> None:
    typed = digits_at(app, NOW + timedelta(seconds=off))
    assert activate(app, typed=typed).state == KeyState.ACTIVE


def test_a_clock_that_is_more_than_a_minute_off_is_not(app: DigitalKey) -> None:
    with pytest.raises(WrongDigitsError):
        activate(app, typed=digits_at(app, NOW - timedelta(seconds=90)))


def test_a_step_counts_once(app: DigitalKey) -> None:
    """Somebody who saw the digits while they were typed cannot use them again."""
    step = totp.step_at(NOW)
    DigitalKey.objects.update(last_step=step)
    with pytest.raises(WrongDigitsError):
        activate(app)
    with pytest.raises(WrongDigitsError):
        activate(app, typed=totp.digits(app.secret, step - 1))
    key = activate(app, typed=totp.digits(app.secret, step + 1))
    assert key.last_step == step + 1


def test_the_step_is_remembered(app: DigitalKey) -> None:
    assert activate(app).last_step == totp.step_at(NOW)


# The message


def test_the_digits_are_used_up(sms: DigitalKey) -> None:
    activate(sms)
    one_time_code = OneTimeCode.objects.get()
    assert (one_time_code.state, one_time_code.used_at) == (OneTimeCodeState.USED, NOW)


def test_wrong_digits_cost_a_try(sms: DigitalKey) -> None:
    with pytest.raises(WrongOneTimeCodeError):
        activate(sms, typed=other_digits(digits_at(sms, NOW)))
    assert OneTimeCode.objects.get().attempts == 1
    assert activate(sms).state == KeyState.ACTIVE


def test_digits_of_ten_minutes_ago_are_refused(sms: DigitalKey) -> None:
    with pytest.raises(OneTimeCodeEndedError):
        activate(sms, at=NOW + timedelta(minutes=10))


# What is refused


def test_a_code_ends_at_the_very_second(app: DigitalKey) -> None:
    end = app.code.valid_until
    DigitalKey.objects.update(created_at=end - timedelta(minutes=1))  # set up just now
    with pytest.raises(CodeEndedError) as refused:
        activate(app, at=end)
    assert not isinstance(refused.value, AlreadyActiveError)
    assert activate(app, at=end - timedelta(microseconds=1)).state == KeyState.ACTIVE


def test_a_used_code_makes_no_second_key(app: DigitalKey, sms: DigitalKey) -> None:
    typed = digits_at(sms, NOW)
    activate(app)
    with pytest.raises(AlreadyActiveError):
        activate(sms, typed=typed)
    with pytest.raises(AlreadyActiveError):
        activate(app)


@pytest.mark.parametrize("state", [CodeState.LOCKED, CodeState.REPLACED])
def test_an_ended_code_makes_no_key(app: DigitalKey, state: str) -> None:
    ActivationCode.objects.update(state=state, locked_at=NOW, replaced_at=NOW)
    with pytest.raises(CodeEndedError):
        activate(app)


def test_a_cancelled_dossier_makes_no_key(app: DigitalKey) -> None:
    Dossier.objects.update(state=DossierState.CANCELLED, cancelled_at=NOW)
    with pytest.raises(CodeEndedError):
        activate(app)
    app.refresh_from_db()
    assert app.state == KeyState.PENDING
    assert ActivationCode.objects.get().state == CodeState.LIVE


def test_a_key_of_another_code_is_not_activated(app: DigitalKey, els: Clerk) -> None:
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    theirs = cast.make_dossier(anna, els, email="anna@example.org")
    other, _ = cast.make_code(theirs, els, issued_at=NOW)
    with pytest.raises(KeyGoneError):
        activate_key(code_id=other.pk, key_id=app.pk, typed=digits_at(app, NOW), at=NOW)


# Many at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [KeyKind.APP, KeyKind.SMS])
def test_many_tabs_at_once_make_one_key(code: ActivationCode, kind: KeyKind) -> None:
    mobile = MOBILE if kind is KeyKind.SMS else ""
    key = choose_key(code_id=code.pk, kind=kind, mobile=mobile, at=NOW)
    answers = at_once(8, lambda _number: activate(key))
    assert sum(isinstance(answer, DigitalKey) for answer in answers) == 1
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(
        isinstance(answer, CodeEndedError | OneTimeCodeEndedError | KeyGoneError)
        for answer in refused
    ), refused
    assert JournalEntry.objects.filter(event=Event.KEY_ACTIVATED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_different_keys_at_once_make_one(code: ActivationCode) -> None:
    keys = [
        choose_key(code_id=code.pk, kind=KeyKind.APP, at=NOW),
        choose_key(code_id=code.pk, kind=KeyKind.SMS, mobile=MOBILE, at=NOW),
    ]
    answers = at_once(8, lambda number: activate(keys[number % 2]))
    assert sum(isinstance(answer, DigitalKey) for answer in answers) == 1
    assert DigitalKey.objects.filter(state=KeyState.ACTIVE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_one_time_code_from_32_threads_is_accepted_once(sms: DigitalKey) -> None:
    answers = at_once(32, lambda _number: activate(sms))
    assert sum(isinstance(answer, DigitalKey) for answer in answers) == 1
    assert OneTimeCode.objects.get().state == OneTimeCodeState.USED
