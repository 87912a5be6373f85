"""The roles as Django's groups, written by every `migrate`.

Each role has a group of its name, with the permissions that the matrix gives it, for
whoever reads Django's own tables. Nobody is in a group and none is asked: an account
may do what its role may in the code, whatever stands here.
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
    """After `migrate`: the permissions of the app, and who has them.

    One that the matrix does not give any more is taken away. Does nothing in a database
    that has no groups yet, as between the migrations of a test.
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
    """Django knows the four permissions of each model; these are the others."""
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
