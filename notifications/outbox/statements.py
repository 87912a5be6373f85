"""The SQL statements that each mail needs, written by hand.

Django builds a statement anew each time, which takes longer than the database needs to
run it; with thousands of mails in a row that is a third of the time. Rare changes (put
off, refused, unknown) go through the models as elsewhere.
"""

import datetime
import functools
import uuid
from collections.abc import Collection
from typing import Any, Final

from django.db import connection

from counter.database.any_of import AnyOf
from counter.database.built_once import statement
from counter.models import Dossier
from notifications.enums import Channel, DeliveryState, Lane
from notifications.models import Delivery

#: The columns of a row, by the names of their attributes.
_COLUMNS: Final = tuple(field.attname for field in Delivery._meta.concrete_fields)
# `free` is locked before the update begins, and read once: the database may run a
# subquery several times, and would then lock more rows. The same statement reads the
# dossier's office, because the journal needs it for most messages.
_CLAIM: Final = """
WITH free AS MATERIALIZED ({free} FOR UPDATE SKIP LOCKED)
UPDATE notifications_delivery AS claimed
SET lease = %(lease)s, leased_until = statement_timestamp() + %(leased_for)s,
    attempts = LEAST(attempts + 1, %(most_attempts)s), handed_over_at = NULL
FROM free WHERE claimed.id = free.id
RETURNING {columns},
    (SELECT office_id FROM counter_dossier WHERE id = claimed.dossier_id)
"""

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


#: What stands for the values of a claim while its statement is built.
_PLACES: Final[dict[str, Any]] = {
    "at": datetime.datetime.max.replace(tzinfo=datetime.UTC),
    "lanes": [-1],
    "channels": ["-"],
}


@functools.cache
def _claim_statement(most: int) -> tuple[str, dict[str, Any]]:
    rows = (
        Delivery.objects.due(_PLACES["at"])
        .filter(AnyOf("lane", _PLACES["lanes"]), AnyOf("channel", _PLACES["channels"]))
        .order_by("lane", "not_before")
        .values("id")[:most]
    )
    free, fixed = statement(rows.query, _PLACES)
    columns = ", ".join(
        f"claimed.{field.column}" for field in Delivery._meta.concrete_fields
    )
    return _CLAIM.format(free=free, columns=columns), fixed


def claim(
    lanes: Collection[Lane],
    channels: Collection[Channel],
    *,
    at: datetime.datetime,
    most: int,
    lease: uuid.UUID,
    leased_for: datetime.timedelta,
    most_attempts: int,
) -> list[Delivery]:
    """Put this lease on the first `most` due rows of these lanes and channels.

    Lanes come in their order, and the rows of a lane in the order of their time; rows
    that another sender is claiming are left out. One statement does it: with thousands
    of reminders in the index, none of them is read before a code or a link.
    """
    text, fixed = _claim_statement(most)
    values = fixed | {
        "at": at,
        "lanes": [lane.value for lane in lanes],
        "channels": [channel.value for channel in channels],
        "lease": lease,
        "leased_for": leased_for,
        "most_attempts": most_attempts,
    }
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        rows = [_row(values) for values in cursor.fetchall()]
    # An update returns its rows in any order.
    return sorted(rows, key=lambda row: (row.lane, row.not_before))


def _row(values: tuple[Any, ...]) -> Delivery:
    *columns, office_id = values
    row = Delivery.from_db(connection.alias, _COLUMNS, columns)
    if row.dossier_id:
        known = (row.dossier_id, office_id)
        row.dossier = Dossier.from_db(connection.alias, ("id", "office_id"), known)
    return row


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
