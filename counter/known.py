"""What there is of a person who came before: said before anything new is begun."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from counter.enums import OPEN_STATES
from counter.models import Applicant, Dossier
from counter.scan import Scan, visit_of
from counter.search import Result


@dataclass(frozen=True, repr=False)
class KnownPerson:
    """`open_dossier` and `dossiers` are those of the clerk's office, `keys` the active
    ones. `visit` is what a new visit begins with, by field of the recording form.
    """

    person: Applicant
    open_dossier: Dossier | None
    dossiers: list[Dossier]
    more: bool
    keys: list[Any]
    visit: dict[str, str]
    scan: Scan | None

    @property
    def has_only_an_open_dossier(self) -> bool:
        """Nothing to choose and nothing to say: it may be opened at once."""
        refused = self.scan is not None and self.scan.refusal is not None
        alone = len(self.dossiers) == 1 and not self.keys
        return self.open_dossier is not None and alone and not refused


def known_person(result: Result, scan: Scan | None, *, at: datetime) -> KnownPerson:
    """Of a search by number that found a person; `at` decides which keys are alive."""
    if result.person is None or result.number is None:
        raise ValueError("A known person was found by a number.")
    of_state = (d for d in result.dossiers if d.state in OPEN_STATES)
    return KnownPerson(
        person=result.person,
        open_dossier=next(of_state, None),
        dossiers=result.dossiers,
        more=result.more,
        keys=list(_keys(result.person, at)),
        visit=visit_of(result.person, result.number.formatted, scan),
        scan=scan,
    )


def _keys(person: Applicant, at: datetime) -> Iterable[Any]:
    """What a higher app hangs on the person, without knowing it."""
    holder = getattr(person, "key_holder", None)
    return holder.keys.active(at).order_by("valid_until") if holder else ()
