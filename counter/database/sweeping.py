"""Deleting what is of no more use, beside people at work."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet


@transaction.atomic
def delete_free(rows: QuerySet[Any]) -> int:
    """Delete those that nobody else has in hand; returns how many.

    Whatever is in hand is of use again, or goes with the next sweep. So a sweep waits
    for nobody while it holds rows that others wait for.
    """
    free = rows.order_by("pk").select_for_update(skip_locked=True)
    keys = list(free.values_list("pk", flat=True))
    return int(rows.model._default_manager.filter(pk__in=keys).delete()[0])
