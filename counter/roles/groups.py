"""Writes the roles as Django groups after every `migrate`, for information only.

Each role has a group with its name and permissions, for people who read Django's
tables. No account is in a group, and no code reads them: what an account may do is
decided by its role in the code.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.db import connections, transaction

from counter.database.privileges import HouseConfig
from counter.enums import Role
from counter.roles.kinds import VERBS, Act, RoleRights


def write_groups(*, sender: AppConfig, using: str, **_signal: Any) -> None:
    """Receives post_migrate: write the app's permissions, and the groups that have
    them.

    Permissions that a role no longer has are removed from its group. Does nothing while
    the tables of groups do not exist yet, as between the migrations of a test.
    """
    if not isinstance(sender, HouseConfig):
        return
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415 (models)

    there = set(connections[using].introspection.table_names())
    if not {Group._meta.db_table, Permission._meta.db_table} <= there:
        return
    create_permissions(sender, using=using, verbosity=0)
    of_app = sender.role_rights()
    with transaction.atomic(using=using):
        _write_acts(sender.label, of_app.acts, using)
        known = {
            f"{sender.label}.{permission.codename}": permission
            for permission in Permission.objects.using(using).filter(
                content_type__app_label=sender.label
            )
        }
        for role in Role:
            group, _is_new = Group.objects.using(using).get_or_create(name=role.value)
            wanted = [known[name] for name in _of(of_app, role) if name in known]
            others = set(known.values()) - set(wanted)
            group.permissions.remove(*others)
            group.permissions.add(*wanted)


def _of(of_app: RoleRights, role: Role) -> Iterable[str]:
    for rows in of_app.rows:
        yield from rows.permissions(role)
    for act in of_app.acts:
        yield from act.permissions(role)


def _write_acts(label: str, acts: Iterable[Act], using: str) -> None:
    """Write the permissions of acts; Django itself makes the four of each model."""
    from django.contrib.auth.models import Permission  # noqa: PLC0415 (models)
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415

    types = ContentType.objects.db_manager(using)
    names = {act.name for act in acts}
    rows = Permission.objects.using(using).filter(content_type__app_label=label)
    for verb in VERBS:
        rows = rows.exclude(codename__startswith=f"{verb}_")
    rows.exclude(codename__in=names).delete()
    for act in acts:
        # In English, as Django's own.
        Permission.objects.using(using).get_or_create(
            codename=act.name,
            content_type=types.get_for_model(apps.get_model(act.model)),
            defaults={"name": act.name.replace("_", " ").capitalize()},
        )
