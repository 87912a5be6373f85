"""At most 60 requests a minute from one network address.

Counted are requests that would make the database work: a well-formed code, a step
after it. A page that is only looked at counts for nothing, and neither does a form
that is refused for its looks, so a mail scanner that opens links and sends empty
forms writes nothing. The counters are in PostgreSQL: flushing the broker resets none.
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
#: Messages to the office: a library's computers share one address.
MESSAGES_AN_HOUR: Final = 20


@sensitive_variables()
def count_request(*, address: str, at: datetime) -> None:
    """Count one request of an address; TooManyRequestsError from the 61st on.

    `free_at` of the error is the start of the next minute. The counter is one
    INSERT that adds to what is there, so requests at once are all counted.
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
    """Count one message to an office; TooManyRequestsError from the 21st an hour on.

    Under a digest of its own, so it takes nothing from the requests of a minute.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    if _counted(address, purpose="messages", since=hour) > MESSAGES_AN_HOUR:
        raise TooManyRequestsError(free_at=hour + timedelta(hours=1), at=at)


@sensitive_variables()
def _counted(address: str, *, purpose: str, since: datetime) -> int:
    """How many there have been since `since`, this one included."""
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
    """Delete the minutes that count no more; returns how many rows."""
    deleted, _each = AddressCount.objects.past(at).delete()
    return deleted
