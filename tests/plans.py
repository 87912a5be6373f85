"""How many rows PostgreSQL reads for what is asked of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

type Asked = list[tuple[str, Any]]


def looked_at(plan: dict[str, Any]) -> float:
    """How many rows of tables and indexes a query read, and kept or not."""
    own = 0.0
    if "Relation Name" in plan:
        read = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        own = read * plan["Actual Loops"]
    return own + sum(map(looked_at, plan.get("Plans", ())))


def plan_of(
    query: str,
    parameters: Any,  # noqa: ANN401 (as Django hands them on)
) -> dict[str, Any]:
    """As it was carried out, with the rows of each step."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", parameters)
        answer = cursor.fetchone()[0]
    plan = json.loads(answer) if isinstance(answer, str) else answer
    found: dict[str, Any] = plan[0]["Plan"]
    return found


@contextmanager
def noting() -> Iterator[Asked]:
    """What is read from the database meanwhile, with its parameters."""
    asked: Asked = []

    def note(
        execute: Callable[..., object], query: str, values: object, *rest: object
    ) -> object:
        if query.startswith("SELECT"):
            asked.append((query, values))
        return execute(query, values, *rest)

    with connection.execute_wrapper(note):
        yield asked
