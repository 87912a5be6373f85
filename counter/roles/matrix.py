"""The matrix of roles, put together from what each app brings, and its answers.

One role an account, in its row (`Clerk.role`); what the role may do is here and nowhere
else. `Clerk.has_perm` answers by it, so templates ask `perms.payments.approve_drawer`.
What no line names nobody may do. The groups in the database repeat it for whoever reads
Django's tables (counter.roles.groups), and give nobody anything
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
    """An account, or nobody who is signed in: `request.user`."""

    def has_perm(self, perm: str) -> bool: ...


def may(who: Someone, act: Act) -> bool:
    """Whether this account may do this. ImproperlyConfigured for an act of no app."""
    if act.permission not in _known():
        raise ImproperlyConfigured(f"No app brings the right {act.permission}.")
    return who.has_perm(act.permission)


def knows_applicants(who: Someone) -> bool:
    """Whether this account may know who came: it reads dossiers, or makes them."""
    return who.has_perm("counter.view_dossier") or who.has_perm(
        "counter.work_at_the_desk"
    )


def may_rows(who: Someone, verb: Verb, model: "type[Model]") -> bool:
    """Whether this account may view, add, change or delete rows of this model."""
    return who.has_perm(permission_on(model._meta.label_lower, verb))


def permissions(role: str) -> frozenset[str]:
    """All that a role may do, by Django's names; nothing for a role that is none."""
    return _by_role().get(role, frozenset())


def brought() -> Iterator[tuple[HouseConfig, RoleRights]]:
    """What each app brings, by app."""
    for app in apps.get_app_configs():
        if isinstance(app, HouseConfig):
            yield app, app.role_rights()


def lines() -> dict[Section, list[Rows | Act]]:
    """The matrix, by heading, each line at its place.

    ImproperlyConfigured when two lines have the same place or the same name.
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
        if twice := [what for what, times in key.items() if times > 1]:
            raise ImproperlyConfigured(f"The matrix of roles has twice: {twice}.")
    return {
        section: sorted(
            (line for line in every if line.section is section),
            key=lambda line: line.order,
        )
        for section in Section
    }


# Asked some hundred times for one page of the admin, and it never changes meanwhile.
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
