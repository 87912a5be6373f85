"""The form data from a scanned document, and the reason if it is refused at once.

The scanned lines are not stored (counter.scans.mrz). Their data go only into the page
of the answer, and not into a session, a URL or a log.
"""

import datetime
import re
from dataclasses import dataclass

from django.views.decorators.debug import sensitive_variables

from counter.identity import birth_century, countries, documents
from counter.identity.documents import DocumentError, DocumentType
from counter.identity.last_day import NO_END_WORDS
from counter.identity.shown_person import DocumentPerson
from counter.identity.spelling import PersonName, keep_spelling
from counter.models import Applicant
from counter.scans import mrz
from counter.scans.mrz import Mrz

_DATE = "%d/%m/%Y"


@dataclass(frozen=True, repr=False)
class Scan:
    """A document that was read. `refusal` says why it is refused; None if it is not."""

    mrz: Mrz
    refusal: DocumentError | None
    asks_old_model: bool
    #: No birth date, one, or two of which the clerk chooses
    #: (counter.identity.birth_century).
    births: tuple[datetime.date, ...] = ()

    @property
    def nationality(self) -> str:
        """The country's name in the reader's language; it is not stored."""
        return _country(self.mrz.nationality)

    @property
    def kind_is_unknown(self) -> bool:
        return self.mrz.document_type is None

    @property
    def asks_last_day(self) -> bool:
        """Whether the clerk has to type the last day, which the zone does not have."""
        return self.mrz.expiry is None and not self.mrz.without_end

    @property
    def asks_century(self) -> bool:
        return len(self.births) > 1

    @property
    def unchecked_number(self) -> str:
        """Eleven digits that are no valid national number; shown, but not filled in."""
        digits = self.mrz.unchecked_national_number
        return re.sub(r"(..)(..)(..)(...)(..)", r"\1.\2.\3-\4.\5", digits)

    @property
    def on_document(self) -> DocumentPerson:
        """The name and birth date in the zone."""
        name = PersonName(_cased(self.mrz.surname), _cased(self.mrz.given_names))
        return DocumentPerson(name, _only(self.births))

    @property
    def fields(self) -> dict[str, str]:
        """The values for the form, by field name; of a refused document only those of
        the person.
        """
        fields = self._person()
        if self.refusal is None:
            fields |= self._document()
        return {name: text for name, text in fields.items() if text}

    @property
    def visit(self) -> dict[str, str]:
        """The first values of a new visit, for a person who never came before."""
        return self.fields | {"scanned": ",".join(self.fields)}

    def _person(self) -> dict[str, str]:
        number = self.mrz.national_number
        return {
            "last_name": self.on_document.name.last_name,
            "first_names": self.on_document.name.first_names,
            "birth_date": _written(self.on_document.birth_date),
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

    Raises only MrzError, for any text.
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
    """The first values of a new visit of a person who came before, by field name.

    A scanned value replaces the known one. A name that is the same keeps the known
    spelling, because a zone has no accents and cuts long names off
    (counter.identity.spelling). The e-mail is not filled in but asked for again,
    because it changes most often.
    """
    known = {
        "last_name": person.last_name,
        "first_names": person.first_names,
        "birth_date": _written(person.birth_date),
        "national_number": number,
    }
    read = scan.fields if scan else {}
    if scan is not None and any(scan.on_document.name):
        name = PersonName(person.last_name, person.first_names)
        kept = keep_spelling(name, scan.on_document.name, cut_off=scan.mrz.name_is_full)
        names = {"last_name": kept.last_name, "first_names": kept.first_names}
        read = {field: names.get(field, text) for field, text in read.items()}
        # A name that is equal to the known one is not marked as scanned.
        read = {f: t for f, t in read.items() if f not in names or t != known[f]}
    fields = {**known, **read, "scanned": ",".join(read)}
    return {name: text for name, text in fields.items() if text}


def _written(day: datetime.date | None) -> str:
    return day.strftime(_DATE) if day else ""


def _cased(name: str) -> str:
    """JEAN PIERRE as Jean Pierre; the clerk corrects a name with other capitals."""
    return name.title()


def _country(code: str) -> str:
    return countries.name(countries.read(code) or code)
