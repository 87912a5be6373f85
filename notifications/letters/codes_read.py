"""A code with its dossier and office, read again just before a mail about it is sent.

Each of thousands of reminders needs this. The statement is built once, from the
queryset that says which codes are usable, and it reads only the columns that a mail
shows, of about a hundred.
"""

import datetime
import functools
import uuid
from typing import Any, Final

from django.db import connection
from django.db.models import Model
from django.views.decorators.debug import sensitive_variables

from activation.models import ActivationCode
from counter.database.built_once import statement
from counter.models import Dossier, Office


def _in_order(model: type[Model], *columns: str) -> tuple[str, ...]:
    """These columns in the order of the model, in which `from_db` takes the values."""
    every = [field.attname for field in model._meta.concrete_fields]
    return tuple(sorted(columns, key=every.index))


_CODE: Final = _in_order(
    ActivationCode, "id", "state", "nonce", "key_id", "valid_until", "dossier_id"
)
_DOSSIER: Final = _in_order(
    Dossier,
    *("id", "last_name", "first_names", "email", "language", "office_id"),
    "anonymised_at",  # the name that is shown depends on it
)
_OFFICE: Final = _in_order(
    Office,
    *("id", "name", "slug", "address", "postal_code", "city"),
    *("phone", "help_phone", "email"),
)
#: What stands for the values of one mail while the statement is built.
_PLACES: Final[dict[str, Any]] = {
    "at": datetime.datetime.max.replace(tzinfo=datetime.UTC),
    "pk": uuid.UUID(int=2**128 - 1),
}


@functools.cache
def _read() -> tuple[str, dict[str, Any]]:
    rows = ActivationCode.objects.usable(_PLACES["at"]).filter(pk=_PLACES["pk"])
    columns = (
        *_CODE,
        *(f"dossier__{column}" for column in _DOSSIER),
        *(f"dossier__office__{column}" for column in _OFFICE),
    )
    return statement(rows.order_by().values_list(*columns), _PLACES)


@sensitive_variables()
def usable_code(pk: uuid.UUID, *, at: datetime.datetime) -> ActivationCode | None:
    """The code, if it is usable at this instant, with its dossier and office.

    Other columns are loaded when they are asked for, each with a statement of its own.
    """
    text, fixed = _read()
    with connection.cursor() as cursor:
        cursor.execute(text, fixed | {"at": at, "pk": pk})
        row = cursor.fetchone()
    if row is None:
        return None
    dossier_at, office_at = len(_CODE), len(_CODE) + len(_DOSSIER)
    alias = connection.alias
    code = ActivationCode.from_db(alias, _CODE, row[:dossier_at])
    code.dossier = Dossier.from_db(alias, _DOSSIER, row[dossier_at:office_at])
    code.dossier.office = Office.from_db(alias, _OFFICE, row[office_at:])
    return code
