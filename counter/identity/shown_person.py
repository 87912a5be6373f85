"""The person as a document shows them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counter.identity.spelling import PersonName


@dataclass(frozen=True, repr=False)
class Shown:
    """What today's document shows; `birth_date` is None when it shows no whole one."""

    name: PersonName
    birth_date: datetime.date | None

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> "Shown":
        """From the cleaned fields of a form that has them all."""
        name = PersonName(fields["last_name"], fields["first_names"])
        return cls(name, fields["birth_date"])
