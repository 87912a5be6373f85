"""Acts: what a supervisor can do about a dossier from its page in the admin.

Each app registers its own acts (counter.desk.registry), so the page need not know them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from counter.models import Clerk, Dossier


@dataclass(frozen=True)
class ActAsked:
    """A supervisor's request to do an act: on which dossier, by whom and when."""

    dossier: "Dossier"
    clerk: "Clerk"
    at: datetime
    #: The value of the chosen target (`Act.targets`); "" for an act without targets.
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that a supervisor can do about a dossier, from its page in the admin.

    When `do` is given, the admin asks for a reason and a confirmation, and calls `do`
    in the transaction that records the reason; the message of a CounterError is shown.
    Without `do`, `page` is the URL name of the desk page where the act is done.
    `targets` returns pairs of value and label, for an act that can be done to one of
    several things. `about` returns the ids and states of what the act changes: when
    they differ from what the page showed, the act is refused (counter.desk.as_shown).
    """

    order: int
    #: Part of the URL; one word.
    name: str
    label: "str | StrPromise"
    is_possible: "Callable[[Dossier, datetime], bool]"
    page: str = ""
    explanation: "str | StrPromise" = ""
    done: "str | StrPromise" = ""
    do: "Callable[[ActAsked], None] | None" = None
    targets: "Callable[[Dossier, datetime], list[tuple[str, str]]] | None" = None
    about: "Callable[[Dossier, datetime], Iterable[object]] | None" = None

    def values_on_page(self, dossier: "Dossier", at: datetime) -> list[object]:
        """The values that the act's page is stamped with. They are compared with those
        of the moment in which the act is done.
        """
        about = self.about(dossier, at) if self.about else ()
        return [self.name, dossier.pk, dossier.state, *about]
