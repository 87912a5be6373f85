"""Statements that Django builds once and that run many times with other values.

Django builds the text of a statement anew for each query, which takes longer than the
database needs to run it. Where thousands run in a row, `statement` builds the text from
a queryset once, so the rule that the queryset states still stands in one place.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import models

#: The name in a statement of a value that is the same each time.
_FIXED: Final = "fixed_{}"


def statement(
    rows: models.QuerySet[Any, Any], places: Mapping[str, object]
) -> tuple[str, dict[str, Any]]:
    """The text of this queryset's statement, and the values that stay the same.

    `places` has, for each value that differs each time, its name and the value by which
    the queryset was made; it has to be one that occurs for nothing else. In the text it
    is `%(name)s`. Raises ValueError if a place occurs not at all or more than once.
    """
    text, values = rows.query.sql_with_params()
    names: list[str] = []
    fixed: dict[str, Any] = {}
    for value in values:
        name = next((name for name, own in places.items() if own == value), "")
        if not name:
            name = _FIXED.format(len(fixed))
            fixed[name] = value
        names.append(name)
    if any(names.count(name) != 1 for name in places):
        raise ValueError("Each place has to occur once.")
    # `%%` stands for a percent sign. It is doubled, so that filling in the names below
    # leaves it as it was.
    doubled = text.replace("%%", "%%%%")
    return doubled % tuple(f"%({name})s" for name in names), fixed
