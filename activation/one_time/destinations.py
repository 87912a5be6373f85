"""Searching and locking the destination of messages, by its keyed index."""

from django.db import connection
from django.views.decorators.debug import sensitive_variables

from activation.querysets import DESTINATION
from counter.crypto.encryption import indexes


@sensitive_variables()
def destination_index(destination: str) -> bytes:
    """The index of a destination to store, made with the current index key.

    Equal destinations of different digital keys or holders have the same index.
    """
    return destination_indexes(destination)[0]


@sensitive_variables()
def destination_indexes(destination: str) -> list[bytes]:
    """The indexes to search by, one for each index key in the settings.

    While an index key is being replaced, some rows have the old index and some the new.
    """
    return list(indexes(destination, purpose=DESTINATION).values())


def lock_destination(destination: bytes) -> None:
    """Lock a destination, given by its index, until the caller's transaction ends.

    Call it after locking a code or a holder, so that all services lock in one order.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)",
            [int.from_bytes(destination[:8], "big", signed=True)],
        )
