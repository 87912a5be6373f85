"""A right secret gives its own try back, and ends no wait that others caused."""

import datetime

import pytest

from activation.holder import wrong_tries
from activation.holder.exceptions import SignInWaitError
from activation.holder.wrong_tries import ClaimedTry, CountOf, Tries
from activation.models import SignInCount

NOON = datetime.datetime(2026, 11, 24, 11, 0, tzinfo=datetime.UTC)
NAME = Tries(CountOf.NAME, "peter.janssens")

pytestmark = pytest.mark.usefixtures("db")


def claims(number: int) -> list[ClaimedTry]:
    return [wrong_tries.claim(NAME, at=NOON) for _ in range(number)]


def test_the_right_one_ends_the_wait_that_it_began() -> None:
    tenth = claims(10)[-1]
    with pytest.raises(SignInWaitError):
        wrong_tries.claim(NAME, at=NOON)
    wrong_tries.give_back(tenth, at=NOON)
    assert SignInCount.objects.get().failures == 9
    wrong_tries.claim(NAME, at=NOON)


def test_the_right_one_lifts_no_wait_that_others_earned() -> None:
    """Three right secrets are still being compared when the tenth try begins a wait."""
    before = claims(10)[:9]
    for claimed in before[:3]:
        wrong_tries.give_back(claimed, at=NOON)
    assert SignInCount.objects.get().failures == 7
    with pytest.raises(SignInWaitError):
        wrong_tries.claim(NAME, at=NOON)
