"""How many tries are left when several guesses come at once."""

import pytest
from django.utils import timezone

from activation.exceptions import WrongCodeError
from activation.journey.activating import accept_code
from activation.models import ActivationCode
from tests.activation.helpers import at_once, wrong
from tests.activation.journey.typing_the_code import code_and_text

__all__ = ["code_and_text"]


@pytest.mark.django_db(transaction=True)
def test_each_guess_is_told_another_number_of_tries(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    """Each guess gets the number that was left after itself, and not after all."""
    code, text = code_and_text

    def guess(_number: int) -> None:
        accept_code(code_id=code.pk, typed=wrong(text), at=timezone.now())

    answers = at_once(4, guess)
    left = [each.tries_left for each in answers if isinstance(each, WrongCodeError)]
    assert sorted(left) == [1, 2, 3, 4]
