"""Each background process looks for troubles once a minute.

It does so between its own work and not in a thread: a look takes some milliseconds, and
a few seconds only if an alarm begins or ends and a mail is sent.
"""

import time
from typing import Final

import structlog
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from notifications.health import alarms

_EVERY_SECONDS: Final = 60.0
#: For how long after its start a process expects others to be starting too.
_BEGINNING_SECONDS: Final = 120.0

log = structlog.get_logger("sleutelloket.watch")


class _Clock:
    """When this process began, and when it last looked; both in monotonic seconds."""

    began_at = time.monotonic()
    looked_at = float("-inf")


def look() -> None:
    """Look for troubles, if this process has not done so within a minute.

    Raises the database's error when it is away.
    """
    if time.monotonic() - _Clock.looked_at < _EVERY_SECONDS:
        return
    _Clock.looked_at = time.monotonic()
    has_just_begun = _Clock.looked_at - _Clock.began_at < _BEGINNING_SECONDS
    alarms.check(at=timezone.now(), has_just_begun=has_just_begun)


def look_between_work() -> None:
    """As `look`, for a process that mainly does something else: whatever goes wrong is
    written to the log and is no reason to stop it.
    """
    try:
        look()
    except (DatabaseError, InterfaceError):
        return
    except Exception as error:  # noqa: BLE001 (the worker's own loop calls this)
        log.warning("look_failed", error=type(error).__name__)
    finally:
        connection.close()
