"""A code with its dossier and office, read again just before a mail about it is sent.

Each of thousands of reminders needs this. The statement is built once, from the
queryset that says which codes are usable, and it reads only the columns that a mail
shows, of about a hundred.
"""

import datetime
import uuid
from typing import Final

from activation.models import ActivationCode
from counter.database.built_once import SOME_ID, SOME_TIME, Reader

_CODES: Final = Reader(
    lambda pk, at: ActivationCode.objects.usable(at).filter(pk=pk).order_by(),
    {"pk": SOME_ID, "at": SOME_TIME},
    columns=("id", "state", "nonce", "key_id", "valid_until", "dossier_id"),
    related={
        "dossier": (
            *("id", "last_name", "first_names", "email", "language", "office_id"),
            "anonymised_at",  # the name that is shown depends on it
        ),
        "dossier__office": (
            *("id", "name", "slug", "address", "postal_code", "city"),
            *("phone", "help_phone", "email"),
        ),
    },
)


def usable_code(pk: uuid.UUID, *, at: datetime.datetime) -> ActivationCode | None:
    """The code, if it is usable at this instant, with its dossier and office."""
    return next(iter(_CODES.read(pk=pk, at=at)), None)
