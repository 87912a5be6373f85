"""Checks of the database before the application starts, and at each connection."""

import sys
from collections.abc import Sequence

from django.conf import settings
from django.core import checks
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
from counter.querysets import HAS_NUMBER
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
    """Close a new connection and raise ImproperlyConfigured when its database role has
    more rights than the application should have.

    This runs at every new connection and not only at the start, because the database
    may be down at the start, and its address may later lead to another server.
    """
    if settings.DEMO_ALLOWED or _is_the_owners_command():
        return
    try:
        could = powers(connection)
    except Exception:
        # Otherwise Django keeps the connection, although its role was not checked.
        connection.close()
        raise
    if could:
        connection.close()
        raise ImproperlyConfigured(
            f"The role in DATABASE_URL {', '.join(could)}. Journal and money would "
            "be its to change. Connect as the application's role (docs/database.md)."
        )


def _is_the_owners_command() -> bool:
    """Whether this process is a command that must run as the database's owner, such as
    `manage.py migrate`, or the check of a backup, which owns its scratch database.
    """
    return any(word in {*OWNERS_COMMANDS, RESTORING} for word in sys.argv[1:2])


def refuse_to_serve() -> None:
    """Raise ImproperlyConfigured before a process serves a real database when its role
    could change what was written, when it has a demo account, or when the settings of
    the city's sign-on are incomplete.

    A database that is down or still empty does not prevent the start. Later connections
    are checked too (`refuse_powers`), StaffBackend always refuses a demo password, and
    `check --database default` reports the rest.
    """
    provider.find()
    if settings.DEMO_ALLOWED:
        return
    try:
        usernames = demo_accounts()
    except DatabaseError:
        return
    finally:
        # This runs before gunicorn forks: no process may inherit the connection.
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
    """Report a database with older migrations, on which `migrate` would crash."""
    if not _is_asked(databases) or not _is_older():
        return []
    hint = older_database.CURE
    return [Error(older_database.MESSAGE, hint=hint, id="counter.E004")]


@register(Tags.database)
def no_demo_accounts(
    databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """Report active accounts that still have their demo password."""
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
def somebody_can_sign_in(
    databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """Warn when nobody could sign in while the city's sign-on is down.

    No error: `migrate` refuses after an error, and it runs before the account can be
    made.
    """
    names = settings.PASSWORD_SIGN_IN_ONLY_FOR
    if not names or not _is_migrated(databases):
        return []
    kept = Clerk.objects.filter(username__in=names, is_active=True)
    if any(clerk.has_usable_password() for clerk in kept):
        return []
    return [
        checks.Warning(
            "PASSWORD_SIGN_IN_ONLY_FOR names no account that is on and has a password.",
            hint="Name an administrator who keeps one for the day it is needed.",
            id="counter.W005",
        )
    ]


@register(Tags.database)
def every_number_is_indexed(
    databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """Report national numbers without an index under a present key: a search would not
    find them, and the same person could get a second open dossier.
    """
    if not _is_migrated(databases):
        return []
    columns = {f"national_number_index_{kid}" for kid in settings.INDEX_KEYS}
    lost = {f"{column}__isnull": True for column in columns}
    if not Applicant.objects.filter(HAS_NUMBER, **lost).exists():
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
    """Report rows whose keyed index was made with a key that is no longer configured:
    they would not be found, and would count as new ones.
    """
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
    """Whether this database has the tables of the present migrations."""
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
