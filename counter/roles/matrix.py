"""The matrix of roles: collects the rights of all apps, and answers questions about
them.

Each account has one role (`Clerk.role`), and only this matrix says what a role may do.
`Clerk.has_perm` uses it, so templates can use `perms.payments.approve_drawer`. What no
line allows is forbidden to everybody. The groups in the database repeat the matrix for
information (counter.roles.groups); they give nobody a right
(docs/decisions/060-one-matrix-of-roles.md).
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Protocol

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from counter.database.privileges import HouseConfig
from counter.enums import Role
from counter.roles.kinds import Act, RoleRights, Rows, Section, Verb, permission_on

if TYPE_CHECKING:
    from django.db.models import Model


class Someone(Protocol):
    """The type of `request.user`: an account, or an anonymous user."""

    def has_perm(self, perm: str) -> bool: ...


def may(who: Someone, act: Act) -> bool:
    """Whether this account may do this act.

    Raises ImproperlyConfigured when no app has registered the act.
    """
    if act.permission not in _known():
        raise ImproperlyConfigured(f"No app brings the right {act.permission}.")
    return who.has_perm(act.permission)


def knows_applicants(who: Someone) -> bool:
    """Whether this account may know who the applicants are, because its role views
    dossiers or works at the desk.
    """
    return who.has_perm("counter.view_dossier") or who.has_perm(
        "counter.work_at_the_desk"
    )


def may_rows(who: Someone, verb: Verb, model: "type[Model]") -> bool:
    """Whether this account may view, add, change or delete rows of this model."""
    return who.has_perm(permission_on(model._meta.label_lower, verb))


def permissions(role: str) -> frozenset[str]:
    """All permissions of a role, by Django's names; none for an unknown role."""
    return _by_role().get(role, frozenset())


def brought() -> Iterator[tuple[HouseConfig, RoleRights]]:
    """Each app with its rights."""
    for app in apps.get_app_configs():
        if isinstance(app, HouseConfig):
            yield app, app.role_rights()


def lines() -> dict[Section, list[Rows | Act]]:
    """The lines of the matrix by heading, sorted by `order`.

    Raises ImproperlyConfigured when two lines have the same order or the same name.
    """
    every: list[Rows | Act] = []
    for _app, of_app in brought():
        every += of_app.acts
        every += of_app.rows
    for key in (
        Counter((line.section, line.order) for line in every),
        Counter(line.permission for line in every if isinstance(line, Act)),
        Counter(line.model for line in every if isinstance(line, Rows)),
    ):
        if twice := [name for name, times in key.items() if times > 1]:
            raise ImproperlyConfigured(f"The matrix of roles has twice: {twice}.")
    return {
        section: sorted(
            (line for line in every if line.section is section),
            key=lambda line: line.order,
        )
        for section in Section
    }


# One page of the admin asks this some hundred times, and it never changes in a process.
@cache
def _by_role() -> dict[str, frozenset[str]]:
    every = [line for section in lines().values() for line in section]
    return {
        role.value: frozenset(name for line in every for name in line.permissions(role))
        for role in Role
    }


@cache
def _known() -> frozenset[str]:
    return frozenset(
        act.permission for _app, of_app in brought() for act in of_app.acts
    )
