"""What a scanned document fills in, and why it may be refused there and then.

The lines are read and forgotten (counter.scans.mrz); what they said goes into the page
that answers, and nowhere else: no session, no address, no log.
"""

import datetime
import re
from dataclasses import dataclass

from django.views.decorators.debug import sensitive_variables

from counter.identity import birth_century, countries, documents
from counter.identity.documents import DocumentError, DocumentType
from counter.identity.last_day import NO_END_WORDS
from counter.identity.shown_person import Shown
from counter.identity.spelling import PersonName, keep_spelling
from counter.models import Applicant
from counter.scans import mrz
from counter.scans.mrz import Mrz

_DATE = "%d/%m/%Y"


@dataclass(frozen=True, repr=False)
class Scan:
    """A document that was read. `refusal` is the sentence why it is not accepted, if
    so.
    """

    mrz: Mrz
    refusal: DocumentError | None
    asks_old_model: bool
    #: One birth date, two to choose from (counter.identity.birth_century), or none.
    births: tuple[datetime.date, ...] = ()

    @property
    def nationality(self) -> str:
        """In the reader's language; no column keeps it."""
        return _country(self.mrz.nationality)

    @property
    def kind_is_unknown(self) -> bool:
        return self.mrz.document_type is None

    @property
    def asks_last_day(self) -> bool:
        """Whether the clerk has to read the last day: it is printed and not in the
        zone.
        """
        return self.mrz.expiry is None and not self.mrz.without_end

    @property
    def asks_century(self) -> bool:
        return len(self.births) > 1

    @property
    def unchecked_number(self) -> str:
        """Eleven digits that are no national number: shown, not filled in."""
        digits = self.mrz.unchecked_national_number
        return re.sub(r"(..)(..)(..)(...)(..)", r"\1.\2.\3-\4.\5", digits)

    @property
    def shown(self) -> Shown:
        """The person, as far as the zone tells."""
        name = PersonName(_cased(self.mrz.surname), _cased(self.mrz.given_names))
        return Shown(name, _only(self.births))

    @property
    def fields(self) -> dict[str, str]:
        """What fills the form, by field name; of a refused document only the person."""
        fields = self._person()
        if self.refusal is None:
            fields |= self._document()
        return {name: text for name, text in fields.items() if text}

    @property
    def visit(self) -> dict[str, str]:
        """What a new visit begins with when nobody here knows the person."""
        return self.fields | {"scanned": ",".join(self.fields)}

    def _person(self) -> dict[str, str]:
        number = self.mrz.national_number
        return {
            "last_name": self.shown.name.last_name,
            "first_names": self.shown.name.first_names,
            "birth_date": _written(self.shown.birth_date),
            "sex": self.mrz.sex.value,
            "national_number": number.formatted if number else "",
        }

    def _document(self) -> dict[str, str]:
        kind = self.mrz.document_type
        return {
            "document_type": kind.value if kind else "",
            "document_number": self.mrz.number,
            "document_country": countries.read(self.mrz.issuing_state) or "",
            "document_expiry": self._last_day(),
        }

    def _last_day(self) -> str:
        return str(NO_END_WORDS) if self.mrz.without_end else _written(self.mrz.expiry)


@sensitive_variables()
def read_scan(text: str, *, today: datetime.date, minimum_age: int) -> Scan:
    """Read what a reader typed. `today` is the local date in Europe/Brussels.

    Raises MrzError and nothing else, whatever `text` holds.
    """
    read = mrz.parse(text, today=today)
    kind = read.document_type
    births = birth_century.births(read, today=today, minimum_age=minimum_age)
    return Scan(
        mrz=read,
        refusal=documents.why_refused(
            kind,
            expiry=read.expiry,
            birth_date=_only(births),
            today=today,
            minimum_age=minimum_age,
        ),
        asks_old_model=kind is DocumentType.BE_RES
        and documents.asks_old_model(kind, today),
        births=births,
    )


def _only(births: tuple[datetime.date, ...]) -> datetime.date | None:
    """The birth date; None when there are two to choose from."""
    return births[0] if len(births) == 1 else None


@sensitive_variables()
def visit_of(person: Applicant, number: str, scan: Scan | None) -> dict[str, str]:
    """What a new visit of somebody who came before begins with, by field.

    The scan wins, but a name that is the known one keeps the known spelling: a zone
    has no accents and cuts long names off (counter.identity.spelling). The e-mail is
    asked for again: it is what most often has changed.
    """
    known = {
        "last_name": person.last_name,
        "first_names": person.first_names,
        "birth_date": _written(person.birth_date),
        "national_number": number,
    }
    read = scan.fields if scan else {}
    if scan is not None and any(scan.shown.name):
        name = PersonName(person.last_name, person.first_names)
        kept = keep_spelling(name, scan.shown.name, cut_off=scan.mrz.name_is_full)
        names = {"last_name": kept.last_name, "first_names": kept.first_names}
        read = {field: names.get(field, text) for field, text in read.items()}
        # What is as it was known was not changed by the scan, and is not marked so.
        read = {f: t for f, t in read.items() if f not in names or t != known[f]}
    fields = {**known, **read, "scanned": ",".join(read)}
    return {name: text for name, text in fields.items() if text}


def _written(day: datetime.date | None) -> str:
    return day.strftime(_DATE) if day else ""


def _cased(name: str) -> str:
    """JEAN PIERRE as Jean Pierre; the clerk corrects what is written otherwise."""
    return name.title()


def _country(code: str) -> str:
    return countries.name(countries.read(code) or code)
