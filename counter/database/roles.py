"""The two roles of the database, and how they are made.

The **owner** makes and changes tables; only `manage.py migrate` and the other commands
of `OWNERS_COMMANDS` connect as this role. Web, workers and loop connect as the
**application**. That role owns nothing, is no superuser, and has only the privileges on
tables that `counter.database.privileges` grants. So it cannot switch off the triggers
that protect the rows of money and journal.

For both roles the server logs no statements and no values, because these contain what
people typed. Only a superuser can change that setting, and neither role is one.
"""

from typing import Final, LiteralString
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

#: The group to which the privileges on tables are granted. The application's role is
#: its only member; so a migration need not know the name that this city gave that role.
APPLICATION: Final = "sleutelloket_application"
#: The commands that need the owner's address in DATABASE_URL, because they make and
#: change tables.
OWNERS_COMMANDS: Final = frozenset({"migrate", "makemigrations", "sqlmigrate"})

#: The command that restores a backup into a temporary database. It needs a role that
#: may make databases, and does not touch the office's database.
RESTORING: Final = "restore_check"

_POWERLESS: Final[LiteralString] = (
    "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
)
#: A violated constraint is an error that PostgreSQL logs with its statement and the
#: key's value, as an address or a name. `terse` leaves out the value, `panic` the
#: statement.
_QUIET: Final[dict[LiteralString, LiteralString]] = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_parameter_max_length": "0",
}
#: The planner's cost of a random read, compared with a sequential one. PostgreSQL's
#: default of four is meant for hard disks: with it, a supervisor's page of fifty rows
#: reads all dossiers.
PLANNING: Final[dict[LiteralString, LiteralString]] = {"random_page_cost": "1.1"}


def create_roles(*, superuser_url: str, owner_url: str, application_url: str) -> None:
    """Make both roles and the database, or correct them if they exist.

    Each URL is `postgresql://name:password@host:port/database`; owner and application
    name the same database. It may run again at any time, and sets the passwords of the
    URLs. Raises psycopg.Error when the server does not answer or the role of
    `superuser_url` is no superuser, ValueError when two of the URLs name the same role.
    """
    owner, application = urlsplit(owner_url), urlsplit(application_url)
    names = {urlsplit(superuser_url).username, owner.username, application.username}
    if len(names) < 3:
        raise ValueError("Superuser, owner and application are three roles.")
    database = sql.Identifier(unquote(application.path.strip("/")))
    with _connect(superuser_url, "postgres") as server:
        if _is_missing(server, "pg_roles", "rolname", APPLICATION):
            server.execute(_format("CREATE ROLE {} NOLOGIN", APPLICATION))
        for url in (owner_url, application_url):
            _make_role(server, url)
        member = _name(application_url)
        _leave_all(server, member)
        server.execute(_format("GRANT {} TO {}", APPLICATION, member))
        if _is_missing(server, "pg_database", "datname", database.as_string()[1:-1]):
            server.execute(sql.SQL("CREATE DATABASE {}").format(database))
        give = "ALTER DATABASE {} OWNER TO {}"
        server.execute(sql.SQL(give).format(database, sql.Identifier(_name(owner_url))))
        for statement in (
            "REVOKE ALL ON DATABASE {} FROM PUBLIC",
            f"GRANT CONNECT ON DATABASE {{}} TO {APPLICATION}",
        ):
            server.execute(sql.SQL(statement).format(database))
    with _connect(superuser_url, unquote(application.path.strip("/"))) as ours:
        # Before PostgreSQL 15 every role could make tables here; an upgraded database
        # still allows it.
        ours.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def _leave_all(server: psycopg.Connection, member: str) -> None:
    """Remove the role from every other group, to which somebody added it by hand."""
    others = server.execute(
        "SELECT role.rolname, who.rolname FROM pg_auth_members"
        " JOIN pg_roles AS role ON role.oid = roleid"
        " JOIN pg_roles AS who ON who.oid = grantor"
        " WHERE member = (SELECT oid FROM pg_roles WHERE rolname = %s)"
        " AND role.rolname <> %s",
        [member, APPLICATION],
    )
    for role, grantor in others.fetchall():
        revoke = "REVOKE {} FROM {} GRANTED BY {}"
        server.execute(_format(revoke, role, member, grantor))


def _make_role(server: psycopg.Connection, url: str) -> None:
    """Make the role if it is missing, and set its password, rights and settings.

    Only the SCRAM verifier of the password is sent, because statements may be logged.
    """
    name, password = _name(url), unquote(urlsplit(url).password or "")
    if _is_missing(server, "pg_roles", "rolname", name):
        server.execute(_format("CREATE ROLE {}", name))
    verifier = server.pgconn.encrypt_password(
        password.encode(), name.encode(), b"scram-sha-256"
    )
    role = sql.Identifier(name)
    alter = sql.SQL("ALTER ROLE {} WITH " + _POWERLESS + " PASSWORD {}")
    server.execute(alter.format(role, sql.Literal(verifier.decode())))
    for setting, value in (_QUIET | PLANNING).items():
        set_it = sql.SQL("ALTER ROLE {} SET " + setting + " = {}")
        server.execute(set_it.format(role, sql.Literal(value)))


def _connect(url: str, database: str) -> psycopg.Connection:
    """Connect to `database`; `postgres` is the one that exists before ours is made."""
    parts = urlsplit(url)
    address = (parts.scheme, parts.netloc, quote(database), parts.query, "")
    return psycopg.connect(urlunsplit(address), autocommit=True, connect_timeout=3)


def _name(url: str) -> str:
    return unquote(urlsplit(url).username or "")


def _format(statement: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))


def _is_missing(
    server: psycopg.Connection, table: LiteralString, column: LiteralString, name: str
) -> bool:
    rows = server.execute(
        sql.SQL("SELECT FROM {} WHERE {} = %s").format(
            sql.Identifier(table), sql.Identifier(column)
        ),
        [name],
    )
    return rows.fetchone() is None
