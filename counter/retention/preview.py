"""What tonight's run would remove, for the page of the rules.

Nothing is counted beyond what a page can use: each line is one query that stops after
`COUNTED` rows, found by the same indexes as the run finds them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from counter.models import Office
from counter.retention import periods, registry, running
from counter.retention.registry import Rule

#: References that a line names, and how far it counts.
SHOWN: Final = 20
COUNTED: Final = 1000


@dataclass(frozen=True)
class Line:
    """What tonight's run does under one rule in one office.

    `references` are some of the rows, as staff call them: nothing about anybody.
    `count` is exact unless there `are_more`.
    """

    rule: Rule
    office: Office | None
    period: str
    count: int
    are_more: bool
    references: list[str]


def preview(*, at: datetime, offices: Iterable[Office]) -> list[Line]:
    """For these offices and for what belongs to the whole house.

    People go when their last dossier has gone, so those of tonight's own dossiers are
    not counted yet.
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
