"""Where a message goes, as it is searched for and locked: by a keyed index."""

from django.db import connection
from django.views.decorators.debug import sensitive_variables

from activation.querysets import DESTINATION
from counter.crypto.encryption import indexes


@sensitive_variables()
def destination_index(destination: str) -> bytes:
    """An index that is equal for equal destinations, of whichever key; for writing."""
    return destination_indexes(destination)[0]


@sensitive_variables()
def destination_indexes(destination: str) -> list[bytes]:
    """The indexes to search by: while an index key is replaced, rows have either."""
    return list(indexes(destination, purpose=DESTINATION).values())


def lock_destination(destination: bytes) -> None:
    """Lock a destination, given by its index, until the caller's transaction ends.

    To be taken after the lock on a code or a holder.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)",
            [int.from_bytes(destination[:8], "big", signed=True)],
        )
