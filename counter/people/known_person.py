"""What the desk shows of a person who came before, before a new visit is begun."""

from dataclasses import dataclass, field
from datetime import datetime

from django.views.decorators.debug import sensitive_variables

from counter.desk.additions import ActiveKey
from counter.desk.search import Result
from counter.dossiers.doubts import Doubt
from counter.enums import OPEN_STATES
from counter.identity.shown_person import DocumentPerson
from counter.identity.spelling import keep_spelling
from counter.models import Applicant, Clerk, Dossier
from counter.people.keys import active_keys
from counter.people.person import doubts_about, known_by
from counter.scans.scanned_document import Scan, visit_of


@dataclass(frozen=True, repr=False)
class KnownPerson:
    """A person who came before, with what the clerk may see.

    `open_dossier` and `dossiers` are those of the clerk's office; `more` is true when
    there are more. `keys` are the active keys. `visit` has the first values of a new
    recording form, by field. `doubts` are the differences between the scanned document
    and what is known.
    """

    person: Applicant
    open_dossier: Dossier | None
    dossiers: list[Dossier]
    more: bool
    keys: list[ActiveKey]
    visit: dict[str, str]
    scan: Scan | None
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def is_other_name(self) -> bool:
        """Whether there is a doubt that is not slight: then the Enter key does not go
        on to a new visit before the clerk has looked.
        """
        return not all(doubt.slight for doubt in self.doubts)

    @property
    def has_only_an_open_dossier(self) -> bool:
        """Whether the open dossier may be opened at once, because there is nothing else
        to choose or to tell.
        """
        refused = self.scan is not None and self.scan.refusal is not None
        alone = len(self.dossiers) == 1 and not self.keys
        clear = not refused and not self.is_other_name
        return self.open_dossier is not None and alone and clear


@dataclass(frozen=True, repr=False)
class Elsewhere:
    """A scan whose number is known in another office under another name."""

    scan: Scan
    doubts: list[Doubt]


def known_person(
    result: Result, scan: Scan | None, *, clerk: Clerk, at: datetime
) -> KnownPerson:
    """Collect what is known of the person whom a search by number found.

    `at` decides which keys are active. Raises ValueError for another result.
    """
    if result.person is None or result.number is None:
        raise ValueError("A known person was found by a number.")
    of_state = (d for d in result.dossiers if d.state in OPEN_STATES)
    return KnownPerson(
        person=result.person,
        open_dossier=next(of_state, None),
        dossiers=result.dossiers,
        more=result.more,
        keys=list(active_keys(result.person, at=at)),
        visit=visit_of(result.person, result.number.formatted, scan),
        scan=scan,
        doubts=doubts_of_scan(scan, clerk=clerk) if scan else [],
    )


@sensitive_variables()
def doubts_of_scan(scan: Scan, *, clerk: Clerk) -> list[Doubt]:
    """The doubts when the scanned number is known under another name, in any office.

    A machine-readable zone transliterates names and cuts off long ones: a name that
    differs only by that is the known name, and gives no doubt.
    """
    number = scan.mrz.national_number
    known = known_by(number, clerk=clerk) if number else None
    if known is None or not any(scan.on_document.name):
        return []
    cut_off = scan.mrz.name_is_full
    name = keep_spelling(known.name, scan.on_document.name, cut_off=cut_off)
    return list(doubts_about(known, DocumentPerson(name, scan.on_document.birth_date)))
