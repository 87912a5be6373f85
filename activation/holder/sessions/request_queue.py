"""Handling the POSTs of one session one after the other.

With a double click or two tabs, two requests have the same session. The first changes
something or uses up digits, and continues under a new session key. If the second ran at
the same time, it would do it again, or report the digits as wrong.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse

from counter.database import session_lock
from counter.web.see_other import SeeOther

#: Seconds. A request that waited this long runs all the same, which is safe: the
#: services themselves are safe under concurrency.
AT_MOST: Final = 5.0
_A_MOMENT: Final = 0.02


@contextmanager
def take(request: HttpRequest) -> Iterator[bool]:
    """Wait for the session's earlier requests; yield whether the session still exists.

    If it does, `request.session` is loaded again and saved at the end, before the next
    request begins. If it does not, the holder signed out or continued under a new key;
    `request.session` then has the old data and is not saved. Count the request first
    (`session.throttled`), because waiting requests occupy workers of the server.
    """
    key = request.session.session_key
    if key is None:
        yield True
        return
    is_held = _wait(key)
    try:
        if not request.session.exists(key):
            request.session.modified = False
            yield False
            return
        request.session = type(request.session)(key)
        yield True
        _keep(request.session, key)
    finally:
        if is_held:
            session_lock.unlock(_turn(key))


def is_gone(request: HttpRequest) -> bool:
    """Whether the request's session has ended or continues under a new key."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return key is not None and not request.session.exists(key)


def lead_on(request: HttpRequest, to: str) -> HttpResponse:
    """Redirect a late second click to the page `to`.

    Django would delete the session cookie in the answer, because the session of this
    request is gone. But the browser already has the cookie of the new session, so this
    removes the cookie from the request to prevent that.
    """
    request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    return SeeOther(to)


def _wait(key: str) -> bool:
    until = monotonic() + AT_MOST
    while not session_lock.try_lock(_turn(key)):
        if monotonic() > until:
            return False
        sleep(_A_MOMENT)
    return True


def _turn(key: str) -> str:
    """The name of the session's lock. A lock of a transaction would not do, because
    tries are committed while it is held.
    """
    return f"turn of session {key}"


def _keep(session: SessionBase, key: str) -> None:
    """Save the session before the next request reads it.

    Only under its old key: nobody else knows a new one yet.
    """
    if session.modified and session.session_key == key:
        try:
            session.save()
        except UpdateError as error:
            raise SessionInterrupted from error
        session.modified = False
