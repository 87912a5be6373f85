"""The matrix of roles as text, for the page that shows it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from counter.enums import Role
from counter.roles import matrix
from counter.roles.kinds import VERBS, Act, Rows, Verb

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_WORDS: "Final[dict[Verb, StrOrPromise]]" = {
    "view": _("read"),
    "add": _("add"),
    "change": _("alter"),
    "delete": _("remove"),
}


@dataclass(frozen=True)
class Line:
    """One right, with a text for each role; "" when the role does not have it."""

    label: str
    cells: tuple[str, ...]


def roles() -> list[str]:
    """The headings of the columns, in the order of `Line.cells`."""
    return [capfirst(str(role.label)) for role in Role]


def sections() -> list[tuple[str, list[Line]]]:
    """Each heading with its lines."""
    return [
        (str(section.label), [_line(line) for line in lines])
        for section, lines in matrix.lines().items()
        if lines
    ]


def _line(line: Rows | Act) -> Line:
    if isinstance(line, Act):
        yes = str(_("yes"))
        return Line(
            str(line.label), tuple(yes if role in line.roles else "" for role in Role)
        )
    name = apps.get_model(line.model)._meta.verbose_name_plural
    return Line(capfirst(str(name)), tuple(_may(line, role) for role in Role))


def _may(line: Rows, role: Role) -> str:
    return ", ".join(str(_WORDS[verb]) for verb in VERBS if role in line.roles(verb))
