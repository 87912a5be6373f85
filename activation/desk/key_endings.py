"""Counts the keys that end in each month, for the supervisor's start page."""

from typing import Final

from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.timezone import localdate

from activation.enums import KeyState
from activation.models import DigitalKey, KeyEndings

#: Two concurrent runs would both insert the same rows, so the second one waits.
_LOCK: Final = "LOCK TABLE activation_keyendings IN SHARE ROW EXCLUSIVE MODE"


@transaction.atomic
def count_endings() -> int:
    """Replace the counts by present ones, in one transaction; return how many rows.

    Pages read the old counts until the transaction is committed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    active = DigitalKey.objects.filter(state=KeyState.ACTIVE).order_by()
    grouped = active.values_list(
        "code__dossier__office", TruncMonth("valid_until")
    ).annotate(n=Count("pk"))
    rows = [
        KeyEndings(office_id=office, month=localdate(month), count=count)
        for office, month, count in grouped
    ]
    KeyEndings.objects.all().delete()
    KeyEndings.objects.bulk_create(rows)
    return len(rows)
