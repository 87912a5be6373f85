"""Deletes rows that are no longer needed, without making other requests wait."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet


@transaction.atomic
def delete_free(rows: QuerySet[Any]) -> int:
    """Delete those of the rows that no other transaction has locked; return how many.

    A locked row is skipped: either it is in use again, or the next sweep deletes it. So
    a sweep never waits for a lock while others wait for the rows that it locked.
    """
    free = rows.order_by("pk").select_for_update(skip_locked=True)
    keys = list(free.values_list("pk", flat=True))
    return int(rows.model._default_manager.filter(pk__in=keys).delete()[0])
