"""The privileges of the application's role on each table: only what the code needs.

The role may SELECT and INSERT in every table. It may UPDATE or DELETE only in the
tables of the models that their app names in `changes` and `removes`. So a new table is
append-only until somebody names its model in `apps.py`.
"""

from collections.abc import Iterator
from datetime import datetime
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
    """The configuration of an app of ours.

    `changes` and `removes` name the models whose rows the application may change or
    delete, as `Dossier` or `Clerk_groups`. Locking a row (SELECT ... FOR UPDATE) needs
    the right to change it. Each method below returns an empty result unless an app
    overrides it.
    """

    # Django takes the one default it finds in `apps.py`, where this class is imported.
    default = False
    changes: ClassVar[frozenset[str]] = frozenset()
    removes: ClassVar[frozenset[str]] = frozenset()

    def at_the_desk(self) -> "Contribution":
        """What the app adds to the desk's pages and to the admin."""
        from counter.desk.additions import Contribution  # noqa: PLC0415 (knows us)

        return Contribution()

    def retention(self) -> "Retention":
        """The rules for how long the app keeps the data of people."""
        from counter.retention.registry import Retention  # noqa: PLC0415 (knows us)

        return Retention()

    def upcoming(self) -> "tuple[Upcoming, ...]":
        """What the app will do by itself, and when, for `manage.py clock`."""
        return ()

    def backup_figures(self) -> "tuple[Figure, ...]":
        """The figures of the app by which a restored backup is compared."""
        return ()

    def kept_of_a_person(self) -> "tuple[Section, ...]":
        """The sections with which the app adds to a person's copy of their data."""
        return ()

    def derivation_keys_in_use(self, _at: datetime) -> set[str]:
        """The ids of the derivation keys of links and codes of the app that can still
        be used (counter.crypto.rings).
        """
        return set()

    def duties(self) -> "tuple[Duty, ...]":
        """The duties that the app's tasks have (counter.operations.duties)."""
        return ()

    def role_rights(self) -> "RoleRights":
        """What each role may do in the app (counter.roles)."""
        from counter.roles.kinds import RoleRights  # noqa: PLC0415 (has translations)

        return RoleRights()


#: The models of Django's own apps, which have no `changes` and `removes`.
_CHANGES: Final = frozenset({"Session"})
_REMOVES: Final = frozenset({"Session"})

_KNOWS_MAINTAIN: Final = 17_00_00

#: Powers that the application's role must not have: the words for a power, and the SQL
#: that asks whether the connected role has it.
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
    # Triggers' functions would use a temporary table of the same name as ours instead.
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

    Does nothing when the connected role does not own the tables, or when the roles were
    not made by `create_roles`.
    """
    connection = connections[using]
    if not _is_for_us(connection):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT ON django_migrations TO {APPLICATION}")
        # A backup reads the sequences; only the owner may set them.
        cursor.execute(
            f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION}"
        )
        there = set(connection.introspection.table_names(cursor))
        for model in _tables(sender):
            # After migrating back (`migrate counter 0003`) some tables do not exist.
            if model._meta.db_table not in there:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            verbs = ", ".join(verbs_of(sender, model))
            cursor.execute(f"REVOKE ALL ON {table} FROM {APPLICATION}, PUBLIC")
            cursor.execute(f"GRANT {verbs} ON {table} TO {APPLICATION}")


def powers(connection: BaseDatabaseWrapper) -> list[str]:
    """The powers of the connected role that the application must not have, in words.

    Empty for the application's role. Works also before the database has tables.
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
    """The privileges, of those this server knows, that an append-only table forbids."""
    names = ["UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"]
    if getattr(connection, "pg_version", 0) >= _KNOWS_MAINTAIN:
        names.append("MAINTAIN")
    return ", ".join(names)


def growing_tables() -> list[str]:
    """Our append-only tables: the application may not change or delete their rows."""
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
