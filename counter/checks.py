"""What is checked in the database before the application starts."""

import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from counter.city_sign_on import provider
from counter.crypto import rotation
from counter.database import older_database
from counter.database.privileges import powers
from counter.database.roles import OWNERS_COMMANDS, RESTORING
from counter.models import Applicant, Clerk
from counter.staff.demo_accounts import DEMO_ACCOUNTS


def demo_accounts() -> list[str]:
    """The user names of active accounts that still have a demo password."""
    passwords = {account.username: account.password for account in DEMO_ACCOUNTS}
    accounts = Clerk.objects.filter(username__in=passwords, is_active=True)
    return [
        clerk.username
        for clerk in accounts
        if clerk.check_password(passwords[clerk.username])
    ]


def refuse_powers(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    """Close a new connection and raise ImproperlyConfigured when its role may do more
    than the application should.

    Checked at every new connection and not only at the start, because the database may
    be away then, and its address may later lead elsewhere.
    """
    if settings.DEMO_ALLOWED or _is_the_owners_command():
        return
    try:
        could = powers(connection)
    except Exception:
        # Django would keep the connection, and nobody has looked at its role.
        connection.close()
        raise
    if could:
        connection.close()
        raise ImproperlyConfigured(
            f"The role in DATABASE_URL {', '.join(could)}. Journal and money would "
            "be its to change. Connect as the application's role (docs/database.md)."
        )


def _is_the_owners_command() -> bool:
    """Whether this is `manage.py migrate` or the like, which runs as the owner, or the
    check of a backup, which owns its scratch database.
    """
    return any(word in {*OWNERS_COMMANDS, RESTORING} for word in sys.argv[1:2])


def refuse_to_serve() -> None:
    """Raise ImproperlyConfigured before a process serves a real database wrongly: as a
    role that could change what was written, with a demo account in it, or with half a
    city's sign-on.

    A database that is away or still empty is no reason not to start: a later
    connection is looked at as well, StaffBackend refuses a demo password in any case,
    and `check --database default` says the rest.
    """
    provider.find()
    if settings.DEMO_ALLOWED:
        return
    try:
        usernames = demo_accounts()
    except DatabaseError:
        return
    finally:
        # Started before gunicorn forks: no process inherits this connection.
        connections.close_all()
    if usernames:
        raise ImproperlyConfigured(
            f"Demo accounts stand in this database: {', '.join(usernames)}. Give them "
            "another password or make them inactive."
        )


@register(Tags.database)
def is_of_todays_migrations(
    databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """Refuse an older database before `migrate`, which would end in a traceback."""
    if not _is_asked(databases) or not _is_older():
        return []
    hint = older_database.CURE
    return [Error(older_database.MESSAGE, hint=hint, id="counter.E004")]


@register(Tags.database)
def no_demo_accounts(
    databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """`check --database default`, and before every `migrate`."""
    if settings.DEMO_ALLOWED or not _is_migrated(databases):
        return []
    return [
        Error(
            f"The demo account {name} stands in this database.",
            hint="Give it another password or make it inactive.",
            id="counter.E001",
        )
        for name in demo_accounts()
    ]


@register(Tags.database)
def somebody_gets_in(
    databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """Report that nobody could sign in once the city's sign-on is down."""
    names = settings.PASSWORD_SIGN_IN_ONLY_FOR
    if not names or not _is_migrated(databases):
        return []
    kept = Clerk.objects.filter(username__in=names, is_active=True)
    if any(clerk.has_usable_password() for clerk in kept):
        return []
    return [
        Error(
            "PASSWORD_SIGN_IN_ONLY_FOR names no account that is on and has a password.",
            hint="Name an administrator who keeps one for the day it is needed.",
            id="counter.E005",
        )
    ]


@register(Tags.database)
def every_number_is_indexed(
    databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """Report numbers whose index key is gone: nobody could be found by them, and a
    second dossier of the same person could be opened.
    """
    if not _is_migrated(databases):
        return []
    columns = {f"national_number_index_{kid}" for kid in settings.INDEX_KEYS}
    lost = {f"{column}__isnull": True for column in columns}
    if not Applicant.objects.filter(**lost).exists():
        return []
    return [
        Error(
            "Some national numbers have no index under any key of INDEX_KEYS.",
            hint="Add the key they were indexed with, then run rotate_keys.",
            id="counter.E002",
        )
    ]


@register(Tags.database)
def every_index_is_found(
    databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """Report destinations whose index key is gone: they would count as new ones."""
    if not _is_migrated(databases):
        return []
    there = set(connections["default"].introspection.table_names())
    return [
        Error(
            f"{model._meta.label}: some rows have an index under no key of INDEX_KEYS.",
            hint="Run rotate_keys with the key that comes now in front (docs/keys.md).",
            id="counter.E003",
        )
        for model in rotation.keyed_models()
        if model._meta.db_table in there and rotation.lost(model)
    ]


def _is_migrated(databases: Sequence[str] | None) -> bool:
    """Whether this database has today's tables."""
    if not _is_asked(databases):
        return False
    connection = connections["default"]
    wanted = {Clerk._meta.db_table, Applicant._meta.db_table}
    there = set(connection.introspection.table_names())
    return wanted <= there and not _is_older()


def _is_asked(databases: Sequence[str] | None) -> bool:
    return "default" in (databases or ())


def _is_older() -> bool:
    recorder = MigrationRecorder(connections["default"])
    return older_database.is_older(recorder.applied_migrations())
