"""What a supervisor can do about a dossier from its page in the admin.

Each app brings its own (counter.desk.registry), a higher one too: the page names none.
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
    """What a supervisor sends: on which dossier, at what, and why."""

    dossier: "Dossier"
    clerk: "Clerk"
    at: datetime
    #: One of the act's targets, by the first of its two words; empty without targets.
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that a supervisor can do about a dossier, from its page in the admin.

    With `do` the admin asks for a reason and confirmation itself and calls it, in a
    transaction with the reason; CounterError is shown. Without, `page` is the name of
    the desk's page that asks what it needs. `targets` are what it can be done to, each
    with its words, where there are several. `about` are the ids and states that it is
    done to: it is refused when they are others than the page showed
    (counter.desk.as_shown).
    """

    order: int
    #: In the address; one word.
    name: str
    label: "str | StrPromise"
    is_possible: "Callable[[Dossier, datetime], bool]"
    page: str = ""
    explanation: "str | StrPromise" = ""
    done: "str | StrPromise" = ""
    do: "Callable[[ActAsked], None] | None" = None
    targets: "Callable[[Dossier, datetime], list[tuple[str, str]]] | None" = None
    about: "Callable[[Dossier, datetime], Iterable[object]] | None" = None

    def shown(self, dossier: "Dossier", at: datetime) -> list[object]:
        """What the act's page shows, compared with the same before the act is done."""
        about = self.about(dossier, at) if self.about else ()
        return [self.name, dossier.pk, dossier.state, *about]
