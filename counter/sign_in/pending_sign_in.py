"""Between the right password, or the city's sign-on, and the six digits, when nobody
is signed in yet.

The session keeps whom it may become, since when, and which attempt at setting up an
app was shown; and Django's digest of the password, so that a new password ends it.
After five minutes, or back at the sign-in page, the password is asked again: counter
computers are shared. Signing in gives the session a new key.
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
    """Note in the session whom the password, or the city, says that it is."""
    attempt = sign_in_app.begin(clerk=clerk, at=at)
    request.session[_MARK] = {
        "clerk": clerk.pk,
        "since": int(at.timestamp()),
        "attempt": attempt.hex if attempt else "",
        "digest": clerk.get_session_auth_hash(),
        "by_city": by_city,
    }


def whose(request: HttpRequest, *, at: datetime) -> SecondFactor | None:
    """Return the app that has to be asked for now, or is being set up in this attempt.

    None when the password has to be typed first, or again.
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
    """Forget the right password: somebody, perhaps somebody else, is at the sign-in
    page.
    """
    request.session.pop(_MARK, None)


def finish(request: HttpRequest, factor: SecondFactor) -> None:
    """Forget the attempt, and sign in: the digits were right as well."""
    by_city = bool(request.session[_MARK]["by_city"])
    forget(request)
    single_session.begin(request, factor.clerk, by_city=by_city)
