"""The person as a document shows them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counter.identity.spelling import PersonName


@dataclass(frozen=True, repr=False)
class DocumentPerson:
    """The name and birth date on today's document.

    `birth_date` is None when the document has no whole date.
    """

    name: PersonName
    birth_date: datetime.date | None

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> "DocumentPerson":
        """Make one from the cleaned data of a form with all three fields."""
        name = PersonName(fields["last_name"], fields["first_names"])
        return cls(name, fields["birth_date"])
