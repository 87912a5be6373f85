"""What one session sends is done one after the other.

A double click, or two tabs: both requests come with the session as it was. The first
one changes something, or uses digits up, and goes on under a new session key. The
other one would do it once more, or call those digits wrong.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import connection
from django.http import HttpRequest, HttpResponse

from counter.web.see_other import SeeOther

#: Seconds. Whoever waited as long goes on all the same; the services hold too.
AT_MOST: Final = 5.0
_A_MOMENT: Final = 0.02


@contextmanager
def take(request: HttpRequest) -> Iterator[bool]:
    """Wait for what this session sent before; then whether the session is still there.

    If so it is read anew, as the one before left it, and kept before the next one
    begins. If not, somebody signed out or goes on under a new key: `request.session`
    holds what was and is not kept. Count the request first (`session.throttled`),
    because those that wait keep the server's workers.
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
            _asked("pg_advisory_unlock", key)


def is_gone(request: HttpRequest) -> bool:
    """Whether this came with a session that has ended, or goes on under a new key."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return key is not None and not request.session.exists(key)


def lead_on(request: HttpRequest, to: str) -> HttpResponse:
    """Answer a click that came after another one was answered: on to the page `to`.

    The browser has the new session's cookie by now. Of a session that is gone Django
    takes the cookie away, which would be that one.
    """
    request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    return SeeOther(to)


def _wait(key: str) -> bool:
    until = monotonic() + AT_MOST
    while not _asked("pg_try_advisory_lock", key):
        if monotonic() > until:
            return False
        sleep(_A_MOMENT)
    return True


def _asked(function: str, key: str) -> bool:
    """Take or release a lock of the database session.

    Not of a transaction, because tries are committed while it is held.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(hashtextextended(%s, 0))",
            [f"turn of session {key}"],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


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
