"""One-time codes: derived digits, valid for ten minutes, with limited tries."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from activation.codes import derivation
from activation.enums import KeyKind, OneTimeCodeState
from activation.exceptions import (
    CodeEndedError,
    KeyGoneError,
    OneTimeCodeEndedError,
    OneTimeCodeError,
    StartAgainError,
    WrongOneTimeCodeError,
)
from activation.journey.choosing import choose_key
from activation.models import ActivationCode, DigitalKey, OneTimeCode
from activation.one_time import one_time
from activation.one_time.digits import one_time_text
from activation.signals import one_time_code_requested
from counter.journal.events import Event
from counter.models import JournalEntry
from tests.activation.helpers import at_once, other_digits
from tests.activation.one_time.asking import NOW, ask, code, key, seconds

__all__ = ["code", "key"]


pytestmark = pytest.mark.usefixtures("english")


def compare(key: DigitalKey, typed: str, after: timedelta) -> OneTimeCode:
    return one_time.compare(code_id=key.code_id, key=key, typed=typed, at=NOW + after)


def newest(key: DigitalKey) -> OneTimeCode:
    return key.one_time_codes.latest("requested_at")


def wrong_digits(key: DigitalKey) -> str:
    return other_digits(one_time_text(newest(key)))


# The digits and their message


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


# How long digits work, and how often they can be tried


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
    # Neither the right digits nor a new code nor another kind of key helps.
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
