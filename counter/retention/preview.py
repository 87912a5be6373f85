"""A preview of what tonight's run would remove, for the page of the retention rules.

Each line makes one query, which stops after `COUNTED` rows and uses the same indexes as
the run itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from counter.models import Office
from counter.retention import periods, registry, running
from counter.retention.registry import Rule

#: The most references that a line shows, and the most rows that it counts.
SHOWN: Final = 20
COUNTED: Final = 1000


@dataclass(frozen=True)
class Line:
    """What tonight's run would do under one rule in one office.

    `references` are the beginnings of the keys of some of the rows; they identify
    nobody. `count` is exact unless `are_more` is true.
    """

    rule: Rule
    office: Office | None
    period: str
    count: int
    are_more: bool
    references: list[str]


def preview(*, at: datetime, offices: Iterable[Office]) -> list[Line]:
    """The lines for these offices, and for the rules that apply to all offices at once.

    Applicants are anonymised after their last dossier, so those who would lose it only
    tonight are not counted yet.
    """
    mine = list(offices)
    in_force = {office: periods.all_of(office) for office in (None, *mine)}
    lines = []
    for rule in registry.rules():
        for office in mine if rule.is_editable else [None]:
            period = in_force[office][rule.code]
            rows = running.due(rule, office, at, after=period)
            due = rows.order_by().values_list("pk", flat=True)[: COUNTED + 1]
            keys = list(due)
            lines.append(
                Line(
                    rule,
                    office,
                    registry.in_words(period),
                    min(len(keys), COUNTED),
                    are_more=len(keys) > COUNTED,
                    references=sorted(str(key)[:8].upper() for key in keys[:SHOWN]),
                )
            )
    return lines
