"""The state between the first step of a sign-in (password or city's sign-on) and the
second step (digits or passkey). Nobody is signed in yet.

The session stores the account, the time, the attempt to set up an app that was shown,
and Django's digest of the password, so that a changed password ends the attempt. After
five minutes, or when the sign-in page is opened, the first step has to be repeated,
because counter computers are shared. Signing in gives the session a new key.
"""

import uuid
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from counter.models import Clerk, SecondFactor
from counter.sign_in import sign_in_app, single_session

_MARK: Final = "half_signed_in"
_SECONDS: Final = 5 * 60


def begin(
    request: HttpRequest, clerk: Clerk, *, at: datetime, by_city: bool = False
) -> None:
    """Store in the session which account has passed the first step."""
    attempt = sign_in_app.begin(clerk=clerk, at=at)
    request.session[_MARK] = {
        "clerk": clerk.pk,
        "since": int(at.timestamp()),
        "attempt": attempt.hex if attempt else "",
        "digest": clerk.get_session_auth_hash(),
        "by_city": by_city,
    }


def whose(request: HttpRequest, *, at: datetime) -> SecondFactor | None:
    """Return the app of the pending sign-in, whether set up or being set up.

    None when there is no pending sign-in, or it has expired: then the first step has to
    be done first.
    """
    mark = request.session.get(_MARK)
    if mark is None or not 0 <= int(at.timestamp()) - mark["since"] <= _SECONDS:
        return None
    factor = (
        SecondFactor.objects.select_related("clerk")
        .filter(pk=mark["clerk"], clerk__is_active=True)
        .first()
    )
    if factor is None:
        return None
    digest = factor.clerk.get_session_auth_hash()
    attempt = uuid.UUID(mark["attempt"]) if mark["attempt"] else None
    is_this_attempt = factor.confirmed_at is None and factor.attempt == attempt
    is_set_up = factor.confirmed_at is not None and attempt is None
    if constant_time_compare(digest, mark["digest"]) and (is_this_attempt or is_set_up):
        return factor
    return None


def forget(request: HttpRequest) -> None:
    """End the pending sign-in. The sign-in page calls this, because another person may
    be at the computer now.
    """
    request.session.pop(_MARK, None)


def finish(request: HttpRequest, factor: SecondFactor) -> None:
    """Sign in after the second step, and end the pending sign-in."""
    by_city = bool(request.session[_MARK]["by_city"])
    forget(request)
    single_session.begin(request, factor.clerk, by_city=by_city)
