"""No test brings a row into a state that its table of moves does not allow.

The tables stand beside the enums and docs/diagrams.md draws them. In the database of
the tests a trigger enforces each of them, so that a service which moves a row in
another way fails in its own test; `put` is for a test that needs a row in another state
at once. Dossiers have no trigger: one function, which reads the table, changes their
state (counter.dossiers.moves.move), and the cast makes them in the state that a test
needs.
"""

from typing import Any, Final

from django.db import connection, models
from psycopg import sql

from config.diagrams import machines
from counter.models import Dossier

_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state
        AND current_setting('tests.put', true) IS DISTINCT FROM 'on'
        AND NOT ARRAY[OLD.state || ' ' || NEW.state] <@ {moves}::text[]
    THEN
        RAISE EXCEPTION '{title}: % became %, which {table} does not allow.',
            OLD.state, NEW.state
            USING HINT = 'A test that needs it so says put (tests.states).';
    END IF;
    RETURN NEW;
END $$
"""
_TRIGGER: Final = """
CREATE OR REPLACE TRIGGER watched_moves BEFORE UPDATE OF state ON {table}
FOR EACH ROW EXECUTE FUNCTION {name}()
"""


def watch_states() -> None:
    """Make the triggers that enforce the tables of moves, as the tables' owner."""
    with connection.cursor() as cursor:
        for machine in machines():
            if machine.model is Dossier:
                continue
            table = machine.model._meta.db_table
            moves = [
                f"{state.value} {target.value}"
                for state, targets in machine.moves.items()
                for target in targets
            ]
            name = sql.Identifier(f"watch_{table}")
            cursor.execute(
                sql.SQL(_FUNCTION).format(
                    name=name,
                    moves=sql.Literal(moves),
                    title=sql.SQL(machine.title),
                    table=sql.SQL(machine.table),
                )
            )
            cursor.execute(
                sql.SQL(_TRIGGER).format(name=name, table=sql.Identifier(table))
            )


def put(rows: models.QuerySet[Any], **values: object) -> None:
    """Update rows as a test needs them, whatever state they were in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tests.put', 'on', false)")
        rows.update(**values)
        cursor.execute("SELECT set_config('tests.put', 'off', false)")
