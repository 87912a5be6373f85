"""How many rows PostgreSQL reads to answer a query."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

type Asked = list[tuple[str, Any]]


def looked_at(plan: dict[str, Any]) -> float:
    """How many rows a query read from tables and indexes, also those it left out."""
    own = 0.0
    if "Relation Name" in plan:
        read = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        own = read * plan["Actual Loops"]
    return own + sum(map(looked_at, plan.get("Plans", ())))


def plan_of(
    query: str,
    parameters: Any,  # noqa: ANN401 (as Django hands them on)
) -> dict[str, Any]:
    """Run the query; return its plan, with the rows that each step read."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", parameters)
        answer = cursor.fetchone()[0]
    plan = json.loads(answer) if isinstance(answer, str) else answer
    root: dict[str, Any] = plan[0]["Plan"]
    return root


@contextmanager
def noting() -> Iterator[Asked]:
    """Collect the SELECT statements that are sent meanwhile, with their parameters."""
    asked: Asked = []

    def note(
        execute: Callable[..., object], query: str, values: object, *rest: object
    ) -> object:
        if query.startswith("SELECT"):
            asked.append((query, values))
        return execute(query, values, *rest)

    with connection.execute_wrapper(note):
        yield asked
