"""How often digits are sent to one person and to one number."""

from datetime import timedelta

import pytest

from activation.enums import KeyKind, KeyState, OneTimeCodeState
from activation.exceptions import TooManyCodesError
from activation.journey.accounts import choose_account
from activation.journey.choosing import choose_key
from activation.models import DigitalKey, OneTimeCode
from counter.models import Clerk, JournalEntry
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, at_once
from tests.activation.one_time.asking import MOBILE, NOW, ask, code, key, seconds

__all__ = ["code", "key"]


pytestmark = pytest.mark.usefixtures("english")


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
def test_three_people_at_once_share_the_limit_of_a_number(
    key: DigitalKey, els: Clerk
) -> None:
    """Each person locks their own code; only the lock on the number makes them wait."""
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
