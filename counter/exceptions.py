"""The errors of the counter's services; their message is shown to the clerk."""

import uuid

from django.db import IntegrityError
from django.db.models import Model
from django.utils.functional import Promise
from psycopg import errors


class CounterError(Exception):
    """The service refuses and has changed nothing; the view shows `sentence`."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class MoveRefusedError(CounterError):
    """The dossier is in a state that does not allow this act."""


class NoOfficeError(CounterError):
    """The clerk belongs to no office, so nothing can be recorded."""


class OpenDossierError(CounterError):
    """The person has an open dossier already.

    `dossier_id` is set only when that dossier is of the clerk's office, so that the
    clerk may open it.
    """

    def __init__(
        self, sentence: str | Promise, *, dossier_id: uuid.UUID | None = None
    ) -> None:
        super().__init__(sentence)
        self.dossier_id = dossier_id


def is_unique_violation(error: IntegrityError, *of: type[Model]) -> bool:
    """Whether the error comes from a unique constraint of one of these models, or of
    any when none is named: another transaction, perhaps of the same form, was first.

    A service names the rows that somebody else may have written first. A violation of
    any other table is a fault, which nobody should read as "somebody was first".
    """
    cause = error.__cause__
    if not isinstance(cause, errors.UniqueViolation):
        return False
    tables = {model._meta.db_table for model in of}
    return not tables or cause.diag.table_name in tables
