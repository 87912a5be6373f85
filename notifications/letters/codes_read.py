"""A code with its dossier and office, read again just before a mail about it is sent.

Each of thousands of reminders needs this. The statement is built once, from the
queryset that says which codes are usable, and it reads only the columns that a mail
shows, of about a hundred.
"""

import datetime
import uuid
from typing import Any, Final

from activation.models import ActivationCode
from counter.database.built_once import Reader

#: What stands for the values of one mail while the statement is built.
_PLACES: Final[dict[str, Any]] = {
    "at": datetime.datetime.max.replace(tzinfo=datetime.UTC),
    "pk": uuid.UUID(int=2**128 - 1),
}
_CODES: Final = Reader(
    lambda: (
        ActivationCode.objects.usable(_PLACES["at"]).filter(pk=_PLACES["pk"]).order_by()
    ),
    _PLACES,
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
