"""One-time codes: derived, short-lived, and limited in every direction."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from activation.codes import derivation
from activation.enums import KeyKind, KeyState, OneTimeCodeState
from activation.exceptions import (
    CodeEndedError,
    KeyGoneError,
    OneTimeCodeEndedError,
    OneTimeCodeError,
    StartAgainError,
    TooManyCodesError,
    WrongOneTimeCodeError,
)
from activation.journey.accounts import choose_account
from activation.journey.choosing import choose_key
from activation.models import ActivationCode, DigitalKey, OneTimeCode
from activation.one_time import one_time
from activation.one_time.digits import one_time_text
from activation.one_time.one_time import request_code
from activation.signals import one_time_code_requested
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, at_once, other_digits

pytestmark = pytest.mark.usefixtures("english")

NOW = timezone.now().replace(microsecond=0)
MOBILE = "+32470123456"


def seconds(count: int) -> timedelta:
    return timedelta(seconds=count)


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    code, _ = cast.make_code(dossier, els, issued_at=NOW)
    choose_account(code_id=code.pk, user_name="peter", password=GOOD_PASSWORD, at=NOW)
    return code


@pytest.fixture
def key(code: ActivationCode) -> DigitalKey:
    """A text message key, whose first one-time code was sent at NOW."""
    return choose_key(code_id=code.pk, kind=KeyKind.SMS, mobile=MOBILE, at=NOW)


def ask(key: DigitalKey, after: timedelta) -> OneTimeCode:
    return request_code(code_id=key.code_id, key_id=key.pk, at=NOW + after)


def compare(key: DigitalKey, typed: str, after: timedelta) -> OneTimeCode:
    return one_time.compare(code_id=key.code_id, key=key, typed=typed, at=NOW + after)


def newest(key: DigitalKey) -> OneTimeCode:
    return key.one_time_codes.latest("requested_at")


def wrong_digits(key: DigitalKey) -> str:
    return other_digits(one_time_text(newest(key)))


# What it is


def test_six_digits_that_are_nowhere_in_the_row(key: DigitalKey) -> None:
    digits = one_time_text(newest(key))
    assert len(digits) == 6
    assert digits.isdigit()
    row = OneTimeCode.objects.values_list().get()
    assert all(digits != str(value) for value in row)
    assert one_time_text(newest(key)) == digits


def test_no_digit_is_likelier_than_another(key: DigitalKey) -> None:
    one_time_code = newest(key)
    seen: Counter[str] = Counter()
    for number in range(6000):
        one_time_code.nonce = number.to_bytes(32, "big")
        seen.update(one_time_text(one_time_code))
    assert len(seen) == 10
    assert all(3240 < count < 3960 for count in seen.values())  # 3600 on average


def test_the_message_is_announced_and_the_journal_names_the_channel(
    code: ActivationCode,
) -> None:
    heard: list[OneTimeCode] = []

    def hear(one_time_code: OneTimeCode, **_kwargs: object) -> None:
        heard.append(one_time_code)

    one_time_code_requested.connect(hear)
    choose_key(code_id=code.pk, kind=KeyKind.EMAIL, at=NOW)
    one_time_code_requested.disconnect(hear)
    assert heard == [OneTimeCode.objects.get()]
    entry = JournalEntry.objects.get(event=Event.ONE_TIME_CODE_SENT)
    assert entry.details == {"channel": "email"}


def test_a_receiver_that_fails_leaves_nothing_behind(code: ActivationCode) -> None:
    def fail(**_kwargs: object) -> None:
        raise OSError("the outbox is broken")

    one_time_code_requested.connect(fail)
    with pytest.raises(OSError, match="outbox"):
        choose_key(code_id=code.pk, kind=KeyKind.EMAIL, at=NOW)
    one_time_code_requested.disconnect(fail)
    assert not OneTimeCode.objects.exists()
    assert not DigitalKey.objects.exists()


def test_an_app_key_gets_no_message(code: ActivationCode) -> None:
    key = choose_key(code_id=code.pk, kind=KeyKind.APP, at=NOW)
    with pytest.raises(KeyGoneError):
        ask(key, seconds(60))


# How long, how often tried


def test_it_works_for_ten_minutes(key: DigitalKey) -> None:
    digits = one_time_text(newest(key))
    assert compare(key, digits, timedelta(minutes=10) - seconds(1))
    with pytest.raises(OneTimeCodeEndedError):
        compare(key, digits, timedelta(minutes=10))


def test_five_tries_a_code_then_only_a_new_one_works(key: DigitalKey) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongOneTimeCodeError) as refused:
            compare(key, wrong_digits(key), seconds(1))
        assert refused.value.tries_left == left
    with pytest.raises(OneTimeCodeEndedError):
        compare(key, wrong_digits(key), seconds(1))
    with pytest.raises(OneTimeCodeEndedError):
        compare(key, one_time_text(newest(key)), seconds(2))
    ask(key, seconds(30))
    assert compare(key, one_time_text(newest(key)), seconds(31))


def test_a_new_code_ends_the_one_before(key: DigitalKey) -> None:
    old = one_time_text(newest(key))
    new = ask(key, seconds(30))
    assert newest(key) == new
    states = key.one_time_codes.order_by("requested_at").values_list("state", flat=True)
    assert list(states) == [OneTimeCodeState.REPLACED, OneTimeCodeState.LIVE]
    if old != one_time_text(new):
        with pytest.raises(WrongOneTimeCodeError):
            compare(key, old, seconds(31))


def use_up(key: DigitalKey, after: timedelta) -> None:
    for _turn in range(5):
        with pytest.raises(OneTimeCodeError):
            compare(key, wrong_digits(key), after)


def test_ten_tries_in_all_then_start_again(key: DigitalKey) -> None:
    use_up(key, seconds(1))
    ask(key, seconds(30))
    for _turn in range(4):
        with pytest.raises(WrongOneTimeCodeError):
            compare(key, wrong_digits(key), seconds(31))
    with pytest.raises(StartAgainError) as refused:
        compare(key, wrong_digits(key), seconds(31))
    assert refused.value.free_at == NOW + timedelta(hours=24)
    # Neither the right digits nor a new code nor another number helps.
    ask(key, seconds(60))
    with pytest.raises(StartAgainError):
        compare(key, one_time_text(newest(key)), seconds(61))
    other = choose_key(
        code_id=key.code_id,
        kind=KeyKind.EMAIL,
        at=NOW + timedelta(minutes=2),
    )
    with pytest.raises(StartAgainError):
        compare(other, one_time_text(newest(other)), timedelta(minutes=3))


def test_a_day_later_it_can_be_tried_again(key: DigitalKey) -> None:
    use_up(key, seconds(1))
    ask(key, seconds(30))
    use_up(key, seconds(31))
    ask(key, timedelta(hours=24) - seconds(1))
    with pytest.raises(StartAgainError):
        compare(key, one_time_text(newest(key)), timedelta(hours=24) - seconds(1))
    assert compare(key, one_time_text(newest(key)), timedelta(hours=24))


def test_a_code_that_has_ended_takes_no_tries(key: DigitalKey) -> None:
    ActivationCode.objects.update(valid_until=NOW + seconds(5))
    with pytest.raises(CodeEndedError):
        compare(key, one_time_text(newest(key)), seconds(5))
    assert newest(key).attempts == 0


# How often sent


def test_once_in_thirty_seconds(key: DigitalKey) -> None:
    with pytest.raises(TooManyCodesError) as refused:
        ask(key, seconds(29))
    assert refused.value.free_at == NOW + seconds(30)
    assert "Wait one second" in str(refused.value)
    ask(key, seconds(30))
    with pytest.raises(TooManyCodesError) as refused:
        ask(key, seconds(40))
    assert "Wait 20 seconds" in str(refused.value)


def test_five_an_hour(key: DigitalKey) -> None:
    for minutes in (1, 2, 3, 4):
        ask(key, timedelta(minutes=minutes))
    with pytest.raises(TooManyCodesError) as refused:
        ask(key, timedelta(minutes=50))
    assert refused.value.free_at == NOW + timedelta(hours=1)
    assert "You asked for a code very often" in str(refused.value)
    ask(key, timedelta(hours=1))
    with pytest.raises(TooManyCodesError):
        ask(key, timedelta(hours=1, seconds=40))


def test_ten_a_day(key: DigitalKey) -> None:
    for hours in range(1, 10):
        ask(key, timedelta(hours=hours))
    with pytest.raises(TooManyCodesError) as refused:
        ask(key, timedelta(hours=23))
    assert refused.value.free_at == NOW + timedelta(days=1)
    ask(key, timedelta(days=1))


def test_a_refusal_writes_nothing(key: DigitalKey) -> None:
    entries = JournalEntry.objects.count()
    with pytest.raises(TooManyCodesError):
        ask(key, seconds(1))
    assert JournalEntry.objects.count() == entries
    assert OneTimeCode.objects.get().state == OneTimeCodeState.LIVE


def test_another_number_is_counted_with_the_person(key: DigitalKey) -> None:
    with pytest.raises(TooManyCodesError):
        choose_key(
            code_id=key.code_id,
            kind=KeyKind.SMS,
            mobile="+32470123457",
            at=NOW + seconds(29),
        )
    assert DigitalKey.objects.count() == 1


def test_another_person_is_counted_with_the_number(key: DigitalKey, els: Clerk) -> None:
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    theirs = cast.make_dossier(anna, els, email="anna@example.org")
    code, _ = cast.make_code(theirs, els, issued_at=NOW)
    choose_account(code_id=code.pk, user_name="anna", password=GOOD_PASSWORD, at=NOW)
    with pytest.raises(TooManyCodesError):
        choose_key(
            code_id=code.pk, kind=KeyKind.SMS, mobile=MOBILE, at=NOW + seconds(29)
        )
    other = choose_key(
        code_id=code.pk, kind=KeyKind.SMS, mobile="+32470123457", at=NOW + seconds(29)
    )
    assert other.destination == "+32470123457"


def test_chosen_again_no_second_message_is_sent(key: DigitalKey) -> None:
    again = choose_key(
        code_id=key.code_id, kind=KeyKind.SMS, mobile=MOBILE, at=NOW + seconds(90)
    )
    assert again == key
    assert OneTimeCode.objects.count() == 1
    later = choose_key(
        code_id=key.code_id,
        kind=KeyKind.SMS,
        mobile=MOBILE,
        at=NOW + timedelta(minutes=10),
    )
    assert later == key
    assert OneTimeCode.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_at_once_one_is_sent(key: DigitalKey) -> None:
    answers = at_once(16, lambda _number: ask(key, seconds(30)))
    assert sum(isinstance(answer, OneTimeCode) for answer in answers) == 1
    assert sum(isinstance(answer, TooManyCodesError) for answer in answers) == 15
    assert OneTimeCode.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_32_guesses_at_once_exactly_five_are_compared(
    key: DigitalKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    is_right = derivation.is_right

    def counting(typed: str, *, kid: str, expected: Callable[[], str]) -> bool:
        compared.append(typed)
        return is_right(typed, kid=kid, expected=expected)

    monkeypatch.setattr(derivation, "is_right", counting)
    digits = wrong_digits(key)
    answers = at_once(32, lambda _number: compare(key, digits, seconds(1)))
    assert len(compared) == 5
    assert newest(key).attempts == 5
    assert all(isinstance(answer, OneTimeCodeError) for answer in answers)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_share_the_limit_of_a_number(
    key: DigitalKey, els: Clerk
) -> None:
    """Each locks their own code; only the lock on the number makes them wait."""
    keys = [key]
    for number, name in ((cast.ANNA_NUMBER, "anna"), (cast.LEILA_NUMBER, "leila")):
        person = cast.make_applicant(number, first_names=name)
        theirs = cast.make_dossier(person, els, email=f"{name}@example.org")
        code, _ = cast.make_code(theirs, els, issued_at=NOW)
        holder = choose_account(
            code_id=code.pk, user_name=name, password=GOOD_PASSWORD, at=NOW
        )
        other = DigitalKey(code=code, holder=holder, kind=KeyKind.SMS, created_at=NOW)
        other.destination = MOBILE
        other.destination_index = key.destination_index
        other.save()
        keys.append(other)
    answers = at_once(3, lambda number: ask(keys[number], seconds(30)))
    assert sum(isinstance(answer, OneTimeCode) for answer in answers) == 1
    assert DigitalKey.objects.filter(state=KeyState.PENDING).count() == 3
