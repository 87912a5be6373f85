"""The SQL statements that each mail needs, written by hand.

Django builds a statement anew each time, which takes longer than the database needs to
run it; with thousands of mails in a row that is a third of the time. Rare changes (put
off, refused, unknown) go through the models as elsewhere.
"""

import datetime
from typing import Any, Final

from django.db import connection

from notifications.enums import DeliveryState
from notifications.models import Delivery

_COUNT_TEXT: Final = """
UPDATE notifications_delivery
SET unconfirmed = %s, handed_over_at = %s, leased_until = statement_timestamp() + %s
WHERE id = %s AND lease = %s AND state = %s
"""
_SETTLE_SENT: Final = """
UPDATE notifications_delivery
SET state = %s, sent_at = %s, answer = '', unconfirmed = %s,
    lease = NULL, leased_until = NULL, handed_over_at = NULL
WHERE id = %s AND lease = %s AND state = %s
"""


def count_text(
    delivery: Delivery, *, at: datetime.datetime, lease: datetime.timedelta
) -> bool:
    """Count a sending and extend the lease; False if the row is no longer ours."""
    return _changed(
        _COUNT_TEXT, delivery.unconfirmed + 1, at, lease, *_ours_and_unsent(delivery)
    )


def settle_sent(delivery: Delivery, *, at: datetime.datetime) -> bool:
    """Mark a row sent and end its lease, as `marking._settle` does; False if it is not
    ours.
    """
    return _changed(
        _SETTLE_SENT,
        DeliveryState.SENT.value,
        at,
        delivery.unconfirmed,
        *_ours_and_unsent(delivery),
    )


def _ours_and_unsent(delivery: Delivery) -> tuple[Any, ...]:
    return delivery.pk, delivery.lease, DeliveryState.WAITING.value


def _changed(statement: str, *parameters: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return bool(cursor.rowcount)
