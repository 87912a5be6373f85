"""Throttling: at most 60 requests a minute from one network address.

Only requests that cause work in the database are counted: a well-formed code, and the
forms after it. Page views and invalid codes are not counted, so that a mail scanner
that opens links and sends empty forms writes nothing. The counters are in PostgreSQL
and not in Redis, so that flushing the broker does not reset them.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from activation.exceptions import TooManyRequestsError
from activation.models import AddressCount
from counter.crypto.encryption import index
from counter.web.visitor_address import household

A_MINUTE: Final = 60
#: Limit for messages to an office. All computers of a library may have one address.
MESSAGES_AN_HOUR: Final = 20


@sensitive_variables()
def count_request(*, address: str, at: datetime) -> None:
    """Count one request of an address; raises TooManyRequestsError from the 61st on.

    `free_at` of the error is the start of the next minute. One INSERT ... ON CONFLICT
    counts, so that concurrent requests are all counted.
    """
    minute = at.replace(second=0, microsecond=0)
    if _counted(address, purpose="address", since=minute) > A_MINUTE:
        raise TooManyRequestsError(
            free_at=minute + timedelta(minutes=1),
            at=at,
            reason=_("We got very many questions from your network."),
        )


@sensitive_variables()
def count_message(*, address: str, at: datetime) -> None:
    """Count one message to an office.

    Raises TooManyRequestsError from the 21st in an hour on. The digest of the address
    is another one than for requests, so the two limits are independent.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    if _counted(address, purpose="messages", since=hour) > MESSAGES_AN_HOUR:
        raise TooManyRequestsError(free_at=hour + timedelta(hours=1), at=at)


@sensitive_variables()
def _counted(address: str, *, purpose: str, since: datetime) -> int:
    """Count one, and return how many there were since `since`, with this one."""
    kid = next(iter(settings.INDEX_KEYS))
    digest = index(household(address), purpose=purpose, kid=kid)
    table = AddressCount._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS seen (address_index, minute, count)"  # noqa: S608
            " VALUES (%s, %s, 1) ON CONFLICT (minute, address_index)"
            " DO UPDATE SET count = seen.count + 1 RETURNING count",
            [digest, since],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def purge_counts(*, at: datetime) -> int:
    """Delete the counters that are too old to matter; returns how many rows."""
    deleted, _each = AddressCount.objects.past(at).delete()
    return deleted
