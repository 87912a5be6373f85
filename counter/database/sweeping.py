"""Deleting rows that are no longer needed while people are at work."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet


@transaction.atomic
def delete_free(rows: QuerySet[Any]) -> int:
    """Delete the rows that nobody else has locked; returns how many.

    A locked row is in use again, or goes with the next sweep. So a sweep never waits
    for a lock while it holds rows that others wait for.
    """
    free = rows.order_by("pk").select_for_update(skip_locked=True)
    keys = list(free.values_list("pk", flat=True))
    return int(rows.model._default_manager.filter(pk__in=keys).delete()[0])
