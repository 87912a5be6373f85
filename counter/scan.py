"""What a scanned document fills in, and why it may be refused there and then.

The lines are read and forgotten (counter.mrz); what they said goes into the page that
answers, and nowhere else: no session, no address, no log.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass

from django.views.decorators.debug import sensitive_variables

from counter import countries, documents, mrz
from counter.documents import DocumentError, DocumentType
from counter.models import Applicant
from counter.mrz import Mrz

_DATE = "%d/%m/%Y"


@dataclass(frozen=True, repr=False)
class Scan:
    """A document that was read. `refusal` says why it cannot serve, if so."""

    mrz: Mrz
    refusal: DocumentError | None
    asks_old_model: bool

    @property
    def nationality(self) -> str:
        """In the reader's language; no column keeps it."""
        return _country(self.mrz.nationality)

    @property
    def kind_is_unknown(self) -> bool:
        return self.mrz.document_type is None

    @property
    def unchecked_number(self) -> str:
        """Eleven digits on the card that are no national number: to be shown only."""
        digits = self.mrz.unchecked_national_number
        return re.sub(r"(..)(..)(..)(...)(..)", r"\1.\2.\3-\4.\5", digits)

    @property
    def fields(self) -> dict[str, str]:
        """By the names of the recording form. A refused document is left out."""
        found = self._person()
        if self.refusal is None:
            found |= self._document()
        return {name: text for name, text in found.items() if text}

    def _person(self) -> dict[str, str]:
        number = self.mrz.national_number
        return {
            "last_name": _cased(self.mrz.surname),
            "first_names": _cased(self.mrz.given_names),
            "birth_date": _written(_born(self.mrz)),
            "sex": self.mrz.sex.value,
            "national_number": number.formatted if number else "",
        }

    def _document(self) -> dict[str, str]:
        kind = self.mrz.document_type
        return {
            "document_type": kind.value if kind else "",
            "document_number": self.mrz.number,
            "document_country": countries.read(self.mrz.issuing_state) or "",
            "document_expiry": _written(self.mrz.expiry),
        }


@sensitive_variables()
def read_scan(text: str, *, today: datetime.date, minimum_age: int) -> Scan:
    """What a reader typed. `today` is the local date in Europe/Brussels.

    Raises MrzError and nothing else, whatever `text` holds.
    """
    read = mrz.parse(text, today=today)
    kind = read.document_type
    return Scan(
        mrz=read,
        refusal=documents.why_refused(
            kind,
            expiry=read.expiry,
            birth_date=_born(read),
            today=today,
            minimum_age=minimum_age,
        ),
        asks_old_model=kind is DocumentType.BE_RES
        and documents.asks_old_model(kind, today),
    )


def _born(read: Mrz) -> datetime.date | None:
    """The zone writes two digits of the year, and takes the latest century for it; the
    national number on the same card knows the century of a person of a hundred.
    """
    number = read.national_number
    known = number.birth_date if number else None
    if known and read.birth_date and f"{known:%y%m%d}" == f"{read.birth_date:%y%m%d}":
        return known
    return read.birth_date


@sensitive_variables()
def visit_of(person: Applicant, number: str, scan: Scan | None) -> dict[str, str]:
    """What a new visit of somebody who came before begins with, by field.

    The scan wins, but a name spelt with its accents is not replaced by the same name
    in capitals. The e-mail is asked for again: it is what most often has changed.
    """
    known = {
        "last_name": person.last_name,
        "first_names": person.first_names,
        "birth_date": _written(person.birth_date),
        "national_number": number,
    }
    read = scan.fields if scan else {}
    for name in ("last_name", "first_names"):
        if name in read and _plain(read[name]) == _plain(known[name]):
            read = {other: text for other, text in read.items() if other != name}
    found = {**known, **read, "scanned": ",".join(read)}
    return {name: text for name, text in found.items() if text}


def _written(day: datetime.date | None) -> str:
    return day.strftime(_DATE) if day else ""


def _cased(name: str) -> str:
    """JEAN PIERRE as a person writes it; the clerk puts right what is not so."""
    return name.title()


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if c.isalpha()).casefold()


def _country(code: str) -> str:
    return countries.name(countries.read(code) or code)
