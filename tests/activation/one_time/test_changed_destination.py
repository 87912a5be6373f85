"""A corrected number or another kind of key gets its digits at once.

Limits for each person and each number still keep anybody from being flooded.
"""

from datetime import timedelta

import pytest

from activation.enums import CodeState, KeyKind, Purpose
from activation.exceptions import OneTimeCodeError, TooManyCodesError
from activation.holder.own_keys import set_up_key
from activation.journey.accounts import choose_account
from activation.journey.choosing import choose_key
from activation.models import ActivationCode, DigitalKey, OneTimeCode
from activation.one_time import holder_codes, one_time, sending
from activation.one_time.digits import one_time_text
from counter.models import Clerk
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, at_once, other_digits
from tests.activation.holder.helpers import make_key
from tests.activation.one_time.asking import NOW, ask, code, key, seconds

__all__ = ["code", "key"]

pytestmark = pytest.mark.usefixtures("english")


def correct(key: DigitalKey, number: int, after: timedelta) -> DigitalKey:
    """Go back and type another number, at NOW plus `after`; returns its key."""
    return choose_key(
        code_id=key.code_id,
        kind=KeyKind.SMS,
        mobile=f"+3247099{number:04}",
        at=NOW + after,
    )


def use_up_an_hour(key: DigitalKey) -> timedelta:
    """Send the key's number its five messages; returns how long after NOW that ends."""
    for turn in (1, 2, 3, 4):
        ask(key, seconds(30 * turn))
    with pytest.raises(TooManyCodesError):
        ask(key, seconds(150))
    return seconds(150)


def test_a_corrected_number_gets_its_digits_at_once(key: DigitalKey) -> None:
    corrected = correct(key, 1, seconds(1))
    assert corrected.one_time_codes.live(NOW + seconds(1)).exists()


def test_another_kind_of_key_gets_its_digits_at_once(key: DigitalKey) -> None:
    mailed = choose_key(code_id=key.code_id, kind=KeyKind.EMAIL, at=NOW + seconds(1))
    assert mailed.one_time_codes.live(NOW + seconds(1)).exists()


def test_five_messages_to_a_wrong_number_block_neither_the_right_one(
    key: DigitalKey,
) -> None:
    after = use_up_an_hour(key)
    right = correct(key, 1, after)
    ask(right, after + seconds(30))
    ask(right, after + seconds(60))
    assert right.one_time_codes.count() == 3


def test_nor_the_first_sign_in(key: DigitalKey) -> None:
    """Whoever just activated a key with such digits can sign in with it at once."""
    after = use_up_an_hour(key)
    own = make_key(key.holder, KeyKind.SMS, destination=key.destination)
    sent = holder_codes.request_code(
        holder=key.holder, key=own, purpose=Purpose.SIGN_IN, at=NOW + after
    )
    assert sent.purpose == Purpose.SIGN_IN


def test_nor_do_messages_for_signing_in_block_what_is_confirmed_after_it(
    key: DigitalKey,
) -> None:
    own = make_key(key.holder, KeyKind.SMS, destination=key.destination)
    for turn in range(5):
        holder_codes.request_code(
            holder=key.holder,
            key=own,
            purpose=Purpose.SIGN_IN,
            at=NOW + seconds(30 * turn),
        )
    for purpose in (Purpose.CONFIRM, Purpose.RECOVER):
        sent = holder_codes.request_code(
            holder=key.holder, key=own, purpose=purpose, at=NOW + seconds(121)
        )
        assert sent.purpose == purpose


def test_wrong_digits_of_a_new_key_leave_those_of_signing_in_their_tries(
    key: DigitalKey,
) -> None:
    for turn in range(2):
        if turn:
            ask(key, seconds(30))
        digits = one_time_text(key.one_time_codes.latest("requested_at"))
        for _try in range(5):
            with pytest.raises(OneTimeCodeError):
                one_time.compare(
                    code_id=key.code_id,
                    key=key,
                    typed=other_digits(digits),
                    at=NOW + seconds(31),
                )
    own = make_key(key.holder, KeyKind.SMS, destination=key.destination)
    at = NOW + seconds(40)
    sent = holder_codes.request_code(
        holder=key.holder, key=own, purpose=Purpose.SIGN_IN, at=at
    )
    assert holder_codes.compare(
        holder=key.holder,
        key=own,
        purpose=Purpose.SIGN_IN,
        typed=one_time_text(sent),
        at=at,
    )


def test_back_at_the_first_number_its_own_wait_counts(key: DigitalKey) -> None:
    correct(key, 1, seconds(5))
    with pytest.raises(TooManyCodesError) as refused:
        ask(key, seconds(10))
    assert refused.value.free_at == NOW + seconds(30)
    assert ask(key, seconds(30))


# Limits against a flood of messages


def test_five_numbers_a_day_are_all_that_one_person_reaches(key: DigitalKey) -> None:
    for number in range(1, 5):
        correct(key, number, seconds(number))
    with pytest.raises(TooManyCodesError) as refused:
        correct(key, 5, seconds(5))
    assert refused.value.free_at == NOW + timedelta(days=1)
    assert correct(key, 5, timedelta(days=1))


def test_ten_repeats_a_day_are_all_that_one_person_sends(key: DigitalKey) -> None:
    other = correct(key, 1, seconds(1))
    for turn in range(1, 6):
        ask(key, timedelta(hours=turn))
        ask(other, timedelta(hours=turn))
    for refused in (key, other):
        with pytest.raises(TooManyCodesError) as error:
            ask(refused, timedelta(hours=6))
        assert error.value.free_at == NOW + timedelta(days=1)
    # After ten repeats a mistyped number can still be corrected.
    assert correct(key, 2, timedelta(hours=6)).one_time_codes.exists()


def test_a_number_gets_no_more_than_before_whoever_corrects(
    key: DigitalKey, els: Clerk
) -> None:
    """Correcting needs no wait, but the limits of the number itself still count."""
    use_up_an_hour(key)
    person = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    theirs = cast.make_dossier(person, els, email="anna@example.org")
    anna, _ = cast.make_code(theirs, els, issued_at=NOW)
    choose_account(code_id=anna.pk, user_name="anna", password=GOOD_PASSWORD, at=NOW)
    for after in (seconds(1), seconds(160)):
        with pytest.raises(TooManyCodesError):
            choose_key(
                code_id=anna.pk,
                kind=KeyKind.SMS,
                mobile=key.destination,
                at=NOW + after,
            )


def test_an_address_counts_with_the_keys_that_are_tried(key: DigitalKey) -> None:
    """Otherwise a mailbox could get twice as many mails, from two different pages."""
    mailed = choose_key(code_id=key.code_id, kind=KeyKind.EMAIL, at=NOW)
    holder = mailed.holder
    holder.new_email = mailed.destination
    holder.save(update_fields=["new_email"])
    with pytest.raises(TooManyCodesError):
        holder_codes.request_code(
            holder=holder, purpose=Purpose.EMAIL, at=NOW + seconds(29)
        )


@pytest.mark.django_db(transaction=True)
def test_many_corrections_at_once_are_all_counted(key: DigitalKey) -> None:
    answers = at_once(12, lambda number: correct(key, number, seconds(1)))
    sent = sum(isinstance(answer, DigitalKey) for answer in answers)
    refused = sum(isinstance(answer, TooManyCodesError) for answer in answers)
    print(f"12 numbers at once: {sent} sent to (bound 4 beside the first)")
    assert (sent, refused) == (4, 8)
    assert OneTimeCode.objects.count() == sending.DESTINATIONS_A_DAY


@pytest.mark.django_db(transaction=True)
def test_the_way_of_a_code_and_the_holders_page_share_one_count(
    key: DigitalKey,
) -> None:
    """They lock different rows first; the lock on the account then makes one wait."""
    app = make_key(key.holder, KeyKind.APP)
    app.code = ActivationCode.objects.create(
        dossier=key.code.dossier,
        issued_by=key.code.issued_by,
        issued_at=NOW - timedelta(days=1),
        valid_until=NOW,
        state=CodeState.USED,
        used_at=NOW - timedelta(days=1),
    )
    app.activated_at = NOW
    app.save()

    def try_number(number: int) -> DigitalKey:
        if number % 2:
            return correct(key, number, seconds(1))
        return set_up_key(
            holder=key.holder,
            kind=KeyKind.SMS,
            destination=f"+3247099{number:04}",
            at=NOW + seconds(1),
        )

    answers = at_once(12, try_number)
    assert sum(isinstance(answer, DigitalKey) for answer in answers) == 4
    assert OneTimeCode.objects.count() == sending.DESTINATIONS_A_DAY
