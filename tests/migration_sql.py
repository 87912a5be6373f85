"""What SQL of a migration must not do while the office works.

Each statement is checked alone, and so is each action of an ALTER TABLE: a harmless one
excuses none of the others. Bodies of functions, texts and comments are not checked.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

import sqlparse

#: Text in quotes, between dollar signs or in a comment takes no lock.
_WORDS_APART: Final = re.compile(
    r"\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL
)
#: The table that a statement is about.
_TABLE: Final = re.compile(
    r"(?:(?:ALTER|DROP) TABLE(?: IF EXISTS)?(?: ONLY)?|TRUNCATE(?: TABLE)?"
    r"|CREATE (?:UNIQUE )?INDEX .*? ON(?: ONLY)?|LOCK TABLE) (?:\w+\.)?(\w+)"
)
_GONE: Final = re.compile(
    r"DROP (?:TABLE|(?:MATERIALIZED )?VIEW|FUNCTION|SEQUENCE|SCHEMA|TYPE|DOMAIN"
    r"|EXTENSION) |DROP (?:COLUMN )?(?!CONSTRAINT |DEFAULT|NOT |EXPRESSION|IDENTITY"
    r"|TRIGGER |INDEX |POLICY |RULE )\w+(?: CASCADE| RESTRICT)?$"
)
_RENAMED: Final = re.compile(r"\bRENAME (?!CONSTRAINT\b)|\bSET SCHEMA\b")
_CHECKED: Final = re.compile(
    r"ADD (?:CONSTRAINT |UNIQUE\b|PRIMARY KEY|CHECK\b|FOREIGN KEY|EXCLUDE\b)"
)
_COLUMN: Final = re.compile(r"ADD (?:COLUMN )?(?:IF NOT EXISTS )?\w+ ")
_HOLDS_UP: Final = re.compile(
    r"\bLOCK TABLE|\bSET NOT NULL|\bTYPE\b|\bVACUUM FULL|\bCLUSTER\b|\bTRUNCATE\b"
    r"|\bSET (?:UN)?LOGGED|\bSET TABLESPACE|\bREFRESH MATERIALIZED"
)
_BUILT: Final = re.compile(r"(?:CREATE (?:UNIQUE )?|DROP |RE)INDEX\b")

type Sql = str | Sequence[str | tuple[str, object]]


def faults(sql: Sql, *, made: Collection[str], is_contract: bool) -> Iterator[str]:
    """Every reason to refuse the SQL of a RunSQL.

    `made` are the tables that the same migration made, which are empty; in small
    letters.
    """
    fresh = set(made)
    for statement in _statements(sql):
        if statement.startswith("CREATE TABLE"):
            fresh.add(statement.partition("(")[0].split()[-1].lower())
        table = _TABLE.match(statement)
        if table is None or table[1].lower() not in fresh:
            yield from _of_statement(statement, is_contract=is_contract)


def _statements(sql: Sql) -> Iterator[str]:
    """The statements as RunSQL runs them: in capitals, single spaces, no quotes."""
    parts = [sql] if isinstance(sql, str) else sql
    for part in parts:
        text = part if isinstance(part, str) else part[0]
        for statement in sqlparse.split(text):
            bare = _WORDS_APART.sub(" ", statement).replace('"', "")
            if words := " ".join(bare.upper().split()).rstrip("; "):
                yield words


def _of_statement(statement: str, *, is_contract: bool) -> Iterator[str]:
    if _BUILT.match(statement) and "CONCURRENTLY" not in statement:
        yield "an index without CONCURRENTLY."
    if statement.startswith("ALTER TABLE"):
        for action in _actions(statement):
            yield from _of_action(action, is_contract=is_contract)
        return
    if not is_contract and _GONE.match(statement):
        yield "takes away what the version before knows."
    if statement.startswith("ALTER") and not statement.startswith("ALTER INDEX"):
        if _RENAMED.search(statement):
            yield "the version before knows the old name."
    elif not statement.startswith(("CREATE", "COMMENT")) and (
        held := _HOLDS_UP.search(statement)
    ):
        yield f"{held[0]} holds up everybody."


def _of_action(action: str, *, is_contract: bool) -> Iterator[str]:
    """One of the comma-separated actions of ALTER TABLE."""
    if not is_contract and _GONE.match(action):
        yield "takes away what the version before knows."
    if _RENAMED.match(action):
        yield "the version before knows the old name."
    if _CHECKED.match(action):
        if "NOT VALID" not in action and "USING INDEX" not in action:
            yield "ADD CONSTRAINT without NOT VALID."
    elif _COLUMN.match(action):
        yield from _of_column(action)
    elif held := _HOLDS_UP.search(action):
        yield f"{held[0]} holds up everybody."


def _of_column(action: str) -> Iterator[str]:
    default = action.partition(" DEFAULT ")[2]
    if "NOT NULL" in action and not default:
        yield "a column that the version before leaves out."
    if "(" in default:
        yield "a default that is worked out for each row."
    if re.search(r"\b(UNIQUE|PRIMARY KEY|REFERENCES|CHECK|GENERATED)\b", action):
        yield "a column whose rows are looked at or written under a lock."


def _actions(statement: str) -> Iterator[str]:
    """The actions of an ALTER TABLE, cut at each comma outside brackets."""
    table = _TABLE.match(statement)
    depth, begun = 0, 0
    rest = statement[table.end() :] if table else statement
    for place, sign in enumerate(rest):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            yield rest[begun:place].strip()
            begun = place + 1
    yield rest[begun:].strip()
