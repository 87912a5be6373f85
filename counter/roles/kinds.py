"""What a right is: one line of the matrix of roles."""

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
    """The headings of the matrix, in the order in which they stand."""

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

    `model` is its label in small letters. Who may change, add or delete must be able to
    read: anything else is refused (ValueError).
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
        """By Django's name: the app, a dot, the verb and the model."""
        return permission_on(self.model, verb)

    def permissions(self, role: Role) -> Iterator[str]:
        for verb in VERBS:
            if role in self.roles(verb):
                yield self.permission(verb)


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing besides the rows of the admin that somebody may do, or not.

    `model` is whose content type Django's permission is kept under, by its label in
    small letters; `name` is the permission's.
    """

    order: int
    section: Section
    model: str
    name: str
    label: "StrOrPromise"
    roles: Roles

    @property
    def permission(self) -> str:
        """By Django's name: the app, a dot and the act's name."""
        return f"{self.model.partition('.')[0]}.{self.name}"

    def permissions(self, role: Role) -> Iterator[str]:
        if role in self.roles:
            yield self.permission


@dataclass(frozen=True, kw_only=True)
class RoleRights:
    """All that one app brings to the matrix."""

    rows: tuple[Rows, ...] = ()
    acts: tuple[Act, ...] = ()


def permission_on(model: str, verb: Verb) -> str:
    app, _dot, name = model.partition(".")
    return f"{app}.{verb}_{name}"
