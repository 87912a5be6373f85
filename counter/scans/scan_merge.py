"""Merges a scan into a recording form that is already partly filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from counter.identity import typed_digits
from counter.identity.spelling import Difference, PersonName, compare, keep_spelling
from counter.people.known_person import KnownPerson
from counter.scans.scanned_document import Scan

#: Fields that describe the document; emptied when another document is scanned.
_OF_A_DOCUMENT: Final = frozenset(
    {
        "document_type",
        "document_country",
        "document_number",
        "document_expiry",
        "old_model",
    }
)
#: Fields that are emptied when another person's document is scanned.
_OF_A_PERSON: Final = _OF_A_DOCUMENT | {
    "national_number",
    "last_name",
    "first_names",
    "birth_date",
    "sex",
    "original_seen",
}


@dataclass(frozen=True, repr=False)
class Merged:
    """The fields of the form, and whether the form was begun for another person."""

    fields: dict[str, str]
    is_of_another: bool


def merge(written: Mapping[str, str], read: Mapping[str, str], scan: Scan) -> Merged:
    """Merge the data of a scan into the typed fields `written`.

    A typed field for which the scan has no data stays, unless it is about another
    document or person. `read` is `scan.fields`, or the fields for a person who came
    before (counter.scans.scanned_document.visit_of). A typed name that is the same as
    the scanned one keeps its spelling, because the zone has no accents.
    """
    is_of_another = _is_of_another(written, read)
    emptied = _OF_A_PERSON if is_of_another else frozenset()
    if _is_another_document(written, read):
        emptied |= _OF_A_DOCUMENT
    kept = {name: text for name, text in written.items() if name not in emptied}
    fields = {**kept, **read}
    if any(_name(written)) and not is_of_another:
        spelt = keep_spelling(
            _name(written), _name(read), cut_off=scan.mrz.name_is_full
        )
        names = {"last_name": spelt.last_name, "first_names": spelt.first_names}
        fields |= {name: text for name, text in names.items() if text}
    from_scan = [name for name, text in scan.fields.items() if fields[name] == text]
    return Merged(fields | {"scanned": ",".join(from_scan)}, is_of_another)


def may_be_filled_in(known: KnownPerson) -> bool:
    """Whether the form can be filled in without first showing the known person.

    An open dossier, digital keys and doubts about the name are shown first.
    """
    return known.open_dossier is None and not known.keys and not known.doubts


def _is_of_another(written: Mapping[str, str], read: Mapping[str, str]) -> bool:
    """Whether the two are about different people: by number; without one, by name."""
    before = typed_digits.without_separators(written.get("national_number", ""))
    now = typed_digits.without_separators(read.get("national_number", ""))
    if before and now:
        return before != now
    if not written.get("last_name") or not read.get("last_name"):
        return False
    return compare(_name(written), _name(read)) is Difference.WHOLLY


def _is_another_document(written: Mapping[str, str], read: Mapping[str, str]) -> bool:
    """Whether the scanned document is not the one whose details were typed.

    False for a refused document, which has no such fields in `read`.
    """
    kind, number = written.get("document_type"), written.get("document_number", "")
    number = typed_digits.without_separators(number).upper()
    return bool(kind and read.get("document_type", kind) != kind) or bool(
        number and read.get("document_number", number).upper() != number
    )


def _name(fields: Mapping[str, str]) -> PersonName:
    return PersonName(fields.get("last_name", ""), fields.get("first_names", ""))
