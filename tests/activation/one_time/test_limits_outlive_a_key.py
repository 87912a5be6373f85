"""Messages to a number count for a day, also when their key was deleted."""

from datetime import timedelta

import pytest

from activation.codes import saved_progress
from activation.enums import OneTimeCodeState
from activation.models import ActivationCode, DigitalKey, KeyHolder, OneTimeCode
from activation.one_time.sending import Allowance, allowance
from counter.models import Clerk
from tests.activation.holder.helpers import make_anna
from tests.activation.one_time.asking import MOBILE, NOW, ask, code, key, seconds

__all__ = ["code", "key"]

pytestmark = pytest.mark.usefixtures("english")

AFTER = seconds(150)


def left(holder: KeyHolder) -> Allowance:
    return allowance(holder=holder, destination=MOBILE, at=NOW + AFTER)


@pytest.fixture
def asked_five_times(key: DigitalKey) -> DigitalKey:
    for turn in (1, 2, 3, 4):
        ask(key, seconds(30 * turn))
    return key


def test_the_end_of_a_code_gives_its_number_no_new_messages(
    code: ActivationCode, asked_five_times: DigitalKey
) -> None:
    before = left(asked_five_times.holder)
    assert before == Allowance(NOW + timedelta(hours=1), 0, 5)
    saved_progress.purge([code.pk])
    assert not DigitalKey.objects.exists()
    assert left(asked_five_times.holder) == before


def test_nor_does_it_give_them_to_somebody_else(
    code: ActivationCode, asked_five_times: DigitalKey, els: Clerk
) -> None:
    """With one code after the other nobody sends more to a stranger's number."""
    anna = make_anna(els, email="anna@example.be")
    saved_progress.purge([code.pk])
    assert left(anna).free_at == NOW + timedelta(hours=1)


def test_digits_on_their_way_to_a_key_that_is_gone_work_no_more(
    code: ActivationCode, asked_five_times: DigitalKey
) -> None:
    saved_progress.purge([code.pk])
    gone = OneTimeCode.objects.filter(
        state=OneTimeCodeState.REPLACED, key=None, holder=asked_five_times.holder
    )
    assert gone.count() == OneTimeCode.objects.count() == 5
