"""Checks whether this process has all keys with which stored values were written.

A process that was not restarted after a change of keys (docs/keys.md) finds values with
a key that it does not have. It reports that in the log and at /readyz, and answers 503
(`counter.crypto.old_ring`).
"""

from contextlib import suppress
from itertools import chain
from typing import Final

import structlog
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from counter.crypto import encryption, rotation
from counter.crypto.encryption import UnsealError
from counter.database.privileges import HouseConfig
from counter.models import Applicant, JournalSeal

log = structlog.get_logger("sleutelloket.keys")

#: How many rows of each end of a table are read. That is enough, because `rotate_keys`
#: encrypts every row with the new key; and /readyz is called every few seconds.
SAMPLE: Final = 50


def missing_keys() -> list[str]:
    """The ids of keys that rows need and this process does not have, in the form
    `ENCRYPTION_KEYS: e2`.

    Raises DatabaseError.
    """
    needed = {
        "DERIVATION_KEYS": _derivation_keys(),
        "ENCRYPTION_KEYS": _encryption_keys(),
        "INDEX_KEYS": _index_keys(),
        "SEAL_KEYS": _seal_keys(),
    }
    lacking = [
        f"{ring}: {kid}"
        for ring, ids in needed.items()
        for kid in sorted(ids - getattr(settings, ring).keys())
    ]
    if lacking:
        log.error("old_keys", missing=lacking)
    return lacking


def _derivation_keys() -> set[str]:
    now = timezone.now()
    return {
        kid
        for app in apps.get_app_configs()
        if isinstance(app, HouseConfig)
        for kid in app.derivation_keys_in_use(now)
    }


def _encryption_keys() -> set[str]:
    return {
        kid
        for model in rotation.keyed_models()
        for column in rotation.sealed_columns(model)
        for kid in _ids_in(model, column)
    }


def _index_keys() -> set[str]:
    """The keys by which people are indexed who have no index under a key of this
    process: it does not find them, and would record them a second time.
    """
    kids = rotation.INDEX_COLUMNS
    people = Applicant.objects.values_list(*kids.values())
    ends = chain(people.order_by("pk")[:SAMPLE], people.order_by("-pk")[:SAMPLE])
    needed = set[str]()
    for digests in ends:
        filled = {
            kid for kid, digest in zip(kids, digests, strict=True) if digest is not None
        }
        if not filled & settings.INDEX_KEYS.keys():
            needed |= filled
    return needed


def _seal_keys() -> set[str]:
    last = JournalSeal.objects.values_list("key_id", flat=True).last()
    return set() if last is None else {last}


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
