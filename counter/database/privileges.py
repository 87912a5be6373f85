"""What the application's role may do to each table: no more than the code does.

Every table can be read and added to. Rows are changed or removed only in the models
that their app names in `changes` and `removes`; so a new table grows and does nothing
else until somebody says otherwise, in `apps.py`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.apps import AppConfig, apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from counter.database.roles import APPLICATION

if TYPE_CHECKING:
    from counter.backups.figures import Figure
    from counter.desk.additions import Contribution
    from counter.operations.duties import Duty
    from counter.retention.registry import Retention
    from counter.rights.sections import Section
    from counter.roles.kinds import RoleRights
    from counter.upcoming.brought import Upcoming


class HouseConfig(AppConfig):
    """An app of ours.

    `changes` and `removes` name models, as `Dossier` or `Clerk_groups`. Locking a row
    (SELECT ... FOR UPDATE) needs the right to change it.
    """

    # Django takes the one default it finds in `apps.py`, where this class is imported.
    default = False
    changes: ClassVar[frozenset[str]] = frozenset()
    removes: ClassVar[frozenset[str]] = frozenset()

    def at_the_desk(self) -> "Contribution":
        """What the app brings to the desk's pages and the admin; nothing by itself."""
        from counter.desk.additions import Contribution  # noqa: PLC0415 (knows us)

        return Contribution()

    def retention(self) -> "Retention":
        """How long the app keeps what it has of people; nothing by itself."""
        from counter.retention.registry import Retention  # noqa: PLC0415 (knows us)

        return Retention()

    def upcoming(self) -> "tuple[Upcoming, ...]":
        """What comes of the app by itself; nothing by itself."""
        return ()

    def backup_figures(self) -> "tuple[Figure, ...]":
        """What is counted of the app for a backup; nothing by itself."""
        return ()

    def kept_of_a_person(self) -> "tuple[Section, ...]":
        """What the app keeps of somebody, to be handed over; nothing by itself."""
        return ()

    def duties(self) -> "tuple[Duty, ...]":
        """What the app's tasks do (counter.operations.duties); nothing by itself."""
        return ()

    def role_rights(self) -> "RoleRights":
        """What each role may do in the app (counter.roles); nothing by itself."""
        from counter.roles.kinds import RoleRights  # noqa: PLC0415 (has translations)

        return RoleRights()


#: Django's own tables, which have no app of ours to speak for them.
_CHANGES: Final = frozenset({"Session"})
_REMOVES: Final = frozenset({"Session"})

_KNOWS_MAINTAIN: Final = 17_00_00

#: What the role that is connected may be or do, and a sentence's end that says so.
_POWERS: Final = {
    "is a superuser": "role.rolsuper",
    "makes roles": "role.rolcreaterole",
    "makes databases": "role.rolcreatedb",
    "replicates the server": "role.rolreplication",
    "passes row security": "role.rolbypassrls",
    "belongs to another role": (
        "EXISTS (SELECT FROM pg_roles AS other WHERE other.rolname NOT IN"
        " (current_user, %(group)s) AND pg_has_role(other.oid, 'MEMBER'))"
    ),
    "owns the database": (
        "EXISTS (SELECT FROM pg_database WHERE datname = current_database()"
        " AND datdba = role.oid)"
    ),
    "owns tables": "EXISTS (SELECT FROM pg_class WHERE relowner = role.oid)",
    "owns functions": "EXISTS (SELECT FROM pg_proc WHERE proowner = role.oid)",
    # One of the same name would be found first by the functions that triggers call.
    "makes temporary tables": "has_database_privilege(current_database(), 'TEMP')",
    "makes tables": "has_schema_privilege('public', 'CREATE')",
    "switches triggers off": (
        "has_parameter_privilege('session_replication_role', 'SET')"
    ),
    "changes what only grows": (
        "EXISTS (SELECT FROM pg_class WHERE relname = ANY(%(growing)s)"
        " AND relnamespace = 'public'::regnamespace AND has_table_privilege("
        "oid, %(more)s))"
    ),
}


def verbs_of(app: AppConfig, model: type[models.Model]) -> list[str]:
    """The privileges that the application has on a model's table."""
    changes = app.changes if isinstance(app, HouseConfig) else _CHANGES
    removes = app.removes if isinstance(app, HouseConfig) else _REMOVES
    name = model.__name__
    verbs = ["SELECT", "INSERT"]
    verbs += ["UPDATE"] if name in changes else []
    return [*verbs, *(["DELETE"] if name in removes else [])]


def grant_tables(*, sender: AppConfig, using: str, **_signal: Any) -> None:
    """After `migrate`: give the application its privileges on the app's tables.

    Does nothing for who does not own them, and where `create_roles` made no roles.
    """
    connection = connections[using]
    if not _is_for_us(connection):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT ON django_migrations TO {APPLICATION}")
        # Where the numbers of rows stand, for a backup; counting on is the owner's.
        cursor.execute(
            f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION}"
        )
        there = set(connection.introspection.table_names(cursor))
        for model in _tables(sender):
            # `migrate counter 0003` goes back to a database that has fewer tables.
            if model._meta.db_table not in there:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            verbs = ", ".join(verbs_of(sender, model))
            cursor.execute(f"REVOKE ALL ON {table} FROM {APPLICATION}, PUBLIC")
            cursor.execute(f"GRANT {verbs} ON {table} TO {APPLICATION}")


def powers(connection: BaseDatabaseWrapper) -> list[str]:
    """What the connected role could do beyond the application's work, in words: empty
    for the application. Works on a database that has no tables yet.
    """
    asked = ", ".join(_POWERS.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {asked} FROM pg_roles AS role"  # noqa: S608 (constants)
            " WHERE rolname = current_user",
            {
                "group": APPLICATION,
                "growing": growing_tables(),
                "more": _more_than_adding(connection),
            },
        )
        has = cursor.fetchone()
    return [name for name, true in zip(_POWERS, has, strict=True) if true]


def _more_than_adding(connection: BaseDatabaseWrapper) -> str:
    """The privileges on a table that only grows, as this server knows them."""
    names = ["UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"]
    if getattr(connection, "pg_version", 0) >= _KNOWS_MAINTAIN:
        names.append("MAINTAIN")
    return ", ".join(names)


def growing_tables() -> list[str]:
    """The tables of ours whose rows the application neither changes nor removes."""
    return [
        model._meta.db_table
        for app in apps.get_app_configs()
        if isinstance(app, HouseConfig)
        for model in _tables(app)
        if verbs_of(app, model) == ["SELECT", "INSERT"]
    ]


def _tables(app: AppConfig) -> Iterator[type[models.Model]]:
    for model in app.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def _is_for_us(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_tables, pg_roles WHERE tablename = 'django_migrations'"
            " AND schemaname = current_schema() AND tableowner = current_user"
            " AND rolname = %s",
            [APPLICATION],
        )
        return cursor.fetchone() is not None
