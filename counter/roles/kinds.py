"""The kinds of rights: each is one line of the matrix of roles."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices
from counter.enums import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

type Roles = frozenset[Role]
type Verb = Literal["view", "add", "change", "delete"]

VERBS: Final[tuple[Verb, ...]] = get_args(Verb.__value__)
NO_ROLE: Final[Roles] = frozenset()


class Section(Choices):
    """The headings of the matrix, in the order of the page."""

    DESK = "desk", _("At the desk")
    DOSSIERS = "dossiers", _("Dossiers and applicants")
    MONEY = "money", _("Money")
    OFFICE = "office", _("Office and settings")
    STAFF = "staff", _("Colleagues")
    MESSAGES = "messages", _("Messages and mails")
    JOURNAL = "journal", _("Journal")


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What each role may do to the rows of a model in the admin.

    `model` is the model's label in lower case. Raises ValueError when a role may add,
    change or delete rows that it may not view.
    """

    order: int
    section: Section
    model: str
    view: Roles
    add: Roles = NO_ROLE
    change: Roles = NO_ROLE
    delete: Roles = NO_ROLE

    def __post_init__(self) -> None:
        if not (self.add | self.change | self.delete) <= self.view:
            raise ValueError(f"Who changes {self.model} has to see it.")

    def roles(self, verb: Verb) -> Roles:
        return {
            "view": self.view,
            "add": self.add,
            "change": self.change,
            "delete": self.delete,
        }[verb]

    def permission(self, verb: Verb) -> str:
        """Django's name of the permission, such as "counter.change_desk"."""
        return permission_on(self.model, verb)

    def permissions(self, role: Role) -> Iterator[str]:
        for verb in VERBS:
            if role in self.roles(verb):
                yield self.permission(verb)


@dataclass(frozen=True, kw_only=True)
class Act:
    """A right to do something else than viewing or changing rows in the admin.

    `name` is the name of Django's permission, and `model` the label, in lower case, of
    the model to whose content type it belongs.
    """

    order: int
    section: Section
    model: str
    name: str
    label: "StrOrPromise"
    roles: Roles

    @property
    def permission(self) -> str:
        """Django's name of the permission, such as "counter.work_at_the_desk"."""
        return f"{self.model.partition('.')[0]}.{self.name}"

    def permissions(self, role: Role) -> Iterator[str]:
        if role in self.roles:
            yield self.permission


@dataclass(frozen=True, kw_only=True)
class RoleRights:
    """All rights that one app adds to the matrix."""

    rows: tuple[Rows, ...] = ()
    acts: tuple[Act, ...] = ()


def permission_on(model: str, verb: Verb) -> str:
    app, _dot, name = model.partition(".")
    return f"{app}.{verb}_{name}"
