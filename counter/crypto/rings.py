"""Whether this process holds the keys that the others write with.

A process that was not started anew while keys were changed (docs/keys.md) meets values
under a key it lacks. It says so in the log, at /readyz, and with 503 instead of an
error (`counter.crypto.old_ring`).
"""

from contextlib import suppress
from itertools import chain
from typing import Final

import structlog
from django.conf import settings
from django.db import models

from counter.crypto import encryption, rotation
from counter.crypto.encryption import UnsealError
from counter.models import JournalSeal

log = structlog.get_logger("sleutelloket.keys")

#: Rows looked at from either end of a table: /readyz is asked every few seconds, and
#: after `rotate_keys` every row is under the new key.
SAMPLE: Final = 50


def missing_keys() -> list[str]:
    """The ids that rows have and this process lacks, as `ENCRYPTION_KEYS: e2`.

    Raises DatabaseError.
    """
    lacking = {
        f"ENCRYPTION_KEYS: {kid}"
        for model in rotation.keyed_models()
        for column in rotation.sealed_columns(model)
        for kid in _ids_in(model, column) - settings.ENCRYPTION_KEYS.keys()
    }
    sealed_with = JournalSeal.objects.values_list("key_id", flat=True).last()
    if sealed_with is not None and sealed_with not in settings.SEAL_KEYS:
        lacking.add(f"SEAL_KEYS: {sealed_with}")
    if lacking:
        log.error("old_keys", missing=sorted(lacking))
    return sorted(lacking)


def _ids_in(model: type[models.Model], column: str) -> set[str]:
    rows = model._default_manager.exclude(**{f"{column}__isnull": True})
    values = rows.values_list(column, flat=True)
    ends = chain(values.order_by("pk")[:SAMPLE], values.order_by("-pk")[:SAMPLE])
    ids = set[str]()
    for sealed in ends:
        # One that was damaged names no key; whoever opens it and `rotate_keys` say so.
        with suppress(UnsealError):
            if sealed:
                ids.add(encryption.key_id(sealed))
    return ids
