"""Tries at one-time codes, which are counted and committed before the comparison."""

from datetime import datetime, timedelta
from typing import Final

from django.views.decorators.debug import sensitive_variables

from activation.codes import derivation
from activation.enums import OneTimeCodeState
from activation.exceptions import (
    OneTimeCodeEndedError,
    OneTimeCodeError,
    StartAgainError,
    WrongOneTimeCodeError,
)
from activation.models import OneTimeCode
from activation.one_time.digits import one_time_text
from activation.querysets import TRIES_A_CODE, OneTimeCodeQuerySet

TRIES_IN_ALL: Final = 10
TRIES_PERIOD: Final = timedelta(hours=24)


def count_try(
    live: OneTimeCodeQuerySet[OneTimeCode],
    *,
    together: OneTimeCodeQuerySet[OneTimeCode],
    at: datetime,
) -> OneTimeCode:
    """Count a try at the one code in `live`; the caller then commits the transaction.

    `together` are all codes whose wrong tries are counted in one sum. The caller has
    locked the code or holder that they belong to, so that the sum is exact. Raises
    OneTimeCodeEndedError or StartAgainError.
    """
    check_in_all(together, at=at)
    counted = live.count_try()
    if counted is None:
        raise OneTimeCodeEndedError
    return counted


@sensitive_variables()
def check(
    tried: OneTimeCode,
    typed: str,
    *,
    together: OneTimeCodeQuerySet[OneTimeCode],
    at: datetime,
) -> None:
    """Compare what was typed with the code whose try was counted.

    Raises WrongOneTimeCodeError with the number of tries left, OneTimeCodeEndedError
    after the last one, or StartAgainError when `together` reach TRIES_IN_ALL. These
    errors have `was_compared` set.
    """
    if _is_right(tried, typed):
        return
    try:
        check_in_all(together, at=at)
        left = TRIES_A_CODE - tried.attempts
        if left < 1:
            raise OneTimeCodeEndedError
        raise WrongOneTimeCodeError(tries_left=left)
    except OneTimeCodeError as error:
        error.was_compared = True
        raise


def check_in_all(together: OneTimeCodeQuerySet[OneTimeCode], *, at: datetime) -> None:
    """Refuse the 11th wrong try within 24 hours. Raises StartAgainError."""
    tried = together.filter(requested_at__gt=at - TRIES_PERIOD, attempts__gt=0)
    wrong = 0
    for attempts, state, requested_at in tried.order_by("-requested_at").values_list(
        "attempts", "state", "requested_at"
    ):
        # Newest first: tries are allowed again once the code at which the sum reaches
        # the limit is TRIES_PERIOD old.
        wrong += attempts - (state == OneTimeCodeState.USED)
        if wrong >= TRIES_IN_ALL:
            raise StartAgainError(free_at=requested_at + TRIES_PERIOD, at=at)


@sensitive_variables()
def _is_right(code: OneTimeCode, typed: str) -> bool:
    return derivation.is_right(
        typed, kid=code.key_id_used, expected=lambda: one_time_text(code)
    )
