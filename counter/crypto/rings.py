"""Checks whether this process has all keys with which stored values were written.

A process that was not restarted after a change of keys (docs/keys.md) finds values with
a key that it does not have. It reports that in the log and at /readyz, and answers 503
(`counter.crypto.old_ring`).
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

#: How many rows of each end of a table are read. That is enough, because `rotate_keys`
#: encrypts every row with the new key; and /readyz is called every few seconds.
SAMPLE: Final = 50


def missing_keys() -> list[str]:
    """The ids of keys that rows need and this process does not have, in the form
    `ENCRYPTION_KEYS: e2`.

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
        # A damaged value has no key id; decrypting it and `rotate_keys` report that.
        with suppress(UnsealError):
            if sealed:
                ids.add(encryption.key_id(sealed))
    return ids
