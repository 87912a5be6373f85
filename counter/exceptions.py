"""What can go wrong at the counter. The text of each error is shown to the clerk."""

import uuid

from django.db import IntegrityError
from django.utils.functional import Promise
from psycopg import errors


class CounterError(Exception):
    """A refusal with a sentence; the view shows it and nothing has changed."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class MoveRefusedError(CounterError):
    """The dossier is not in a state from which this can be done."""


class NoOfficeError(CounterError):
    """The clerk belongs to no office, so nothing can be recorded."""


class OpenDossierError(CounterError):
    """The person has an open dossier already.

    `dossier_id` when the clerk may open it: it is of the same office.
    """

    def __init__(
        self, sentence: str | Promise, *, dossier_id: uuid.UUID | None = None
    ) -> None:
        super().__init__(sentence)
        self.dossier_id = dossier_id


def is_unique_violation(error: IntegrityError) -> bool:
    """Whether a unique constraint refused it: somebody else, or the same form, was
    first.
    """
    return isinstance(error.__cause__, errors.UniqueViolation)
