"""The machine-readable zone of passports and cards (docs/domain.md#identity-documents).

The lines have all the data of a person. So they are read and checked, and never logged,
stored or shown again. Every check digit must match.
"""

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.identity import documents, national_number
from counter.identity.countries import IDENTITY_CARD_COUNTRIES
from counter.identity.documents import DocumentType
from counter.identity.national_number import NationalNumber, NationalNumberError, Sex
from counter.scans import mrz_dates
from counter.scans.mrz_dates import DateError
from counter.scans.mrz_fields import FROM_AZERTY, TO_UPPER, MrzFormat, Zone, split

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_LONGEST_INPUT: Final = 256
_WEIGHTS: Final = (7, 3, 1)
# The zone writes Germany as "D".
_EU_STATES: Final = IDENTITY_CARD_COUNTRIES - {"DEU"} | {"D"}
_COUNT_THE_FILLER: Final = frozenset({"BEL", "PRT"})
# Codes of permits. They begin with I or C, as do a state's cards for its nationals.
_PERMITS: Final = frozenset({"IR", "CR", "IV"})


class MrzError(ValueError):
    """The zone cannot be read. `code` is for programs, str() is for the clerk.

    Codes: "format" (length, characters, kind of document), "check" (a check digit),
    "date" (impossible date). Neither has a part of the lines.
    """

    SENTENCES: Final[dict[str, "StrPromise"]] = {
        "format": _(
            "This is not the machine-readable zone of a passport or card. Scan again, "
            "or type the details by hand."
        ),
        "check": _(
            "The check digits of the scanned lines do not match. Scan again, or type "
            "the details by hand."
        ),
        "date": _(
            "The scanned lines hold a date that does not exist. Type the details by "
            "hand."
        ),
    }

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return str(self.SENTENCES[self.code])


@dataclass(frozen=True, repr=False)
class Mrz:
    """The data of a zone. Names may be cut off or transliterated: they only pre-fill.

    `birth_date` is set only when all its parts are known; its century is the latest
    possible one (counter.identity.birth_century). `expiry` is None when the zone has no
    last day; `without_end` is then true if the document has none either.
    `national_number` is valid and may pre-fill the form. `unchecked_national_number` is
    eleven digits that are no valid number; they are only shown. `repaired` means that
    the reader had another keyboard layout, which was corrected.
    """

    format: MrzFormat
    document_code: str
    issuing_state: str
    number: str
    surname: str
    given_names: str
    nationality: str
    birth_date: datetime.date | None
    birth_year: int | None
    birth_month: int | None
    birth_day: int | None
    sex: Sex
    expiry: datetime.date | None
    without_end: bool
    national_number: NationalNumber | None
    unchecked_national_number: str
    repaired: bool
    #: The name fills its field, so it may be cut off.
    name_is_full: bool = False

    def __repr__(self) -> str:
        # Error pages and logs print reprs.
        return f"<Mrz {self.format.name}>"

    @property
    def document_type(self) -> DocumentType | None:
        """The likely type, to select in the form; None when the zone does not tell.

        The zone of a Belgian kids-ID looks like that of an eID; the rule for the
        minimum age recognises the child.
        """
        if self.format is MrzFormat.TD3 and self.issuing_state != "BEL":
            return DocumentType.FOR_PASS
        if self.format is MrzFormat.TD3:
            # Belgium's travel documents for refugees and others are no passports.
            return DocumentType.BE_PASS if self.nationality == "BEL" else None
        if self.issuing_state == "BEL":
            return self._belgian_card()
        # A card for someone else's national is a permit. The second letter is the
        # state's own choice: Croatia writes IO, Ireland IP.
        own_national = self.nationality == self.issuing_state
        is_card = self.document_code[:1] in {"I", "C"}
        if own_national and is_card and self.document_code not in _PERMITS:
            return DocumentType.EU_ID if self.issuing_state in _EU_STATES else None
        return None

    def _belgian_card(self) -> DocumentType | None:
        for document_type in (DocumentType.BE_EID, DocumentType.BE_RES):
            try:
                documents.check_number(document_type, self.number)
            except documents.DocumentError:
                continue
            return document_type
        return None


@sensitive_variables()
def parse(text: str, *, today: datetime.date) -> Mrz:
    """Read what a reader typed: two or three lines, or all of them as one line.

    `today` is the local date in Europe/Brussels and decides the century of the birth
    date. This does not check the last day: the zone of an expired document is read too.
    Raises only MrzError, for any text.
    """
    text = text.strip()
    if len(text) > _LONGEST_INPUT:
        raise MrzError("format")
    zone = split(text.translate(TO_UPPER))
    if zone is not None:
        return _read(zone, today, repaired=False)
    zone = split(text.translate(FROM_AZERTY))
    if zone is None:
        raise MrzError("format")
    try:
        return _read(zone, today, repaired=True)
    except MrzError:
        # The wrong layout was only a guess, so its error may be misleading.
        raise MrzError("format") from None


def check_digit(field: str) -> int:
    """ICAO 9303: weights 7, 3, 1; digits as such, A=10 to Z=35, `<`=0; sum mod 10."""
    return (
        sum(
            (0 if character == "<" else int(character, 36)) * _WEIGHTS[position % 3]
            for position, character in enumerate(field)
        )
        % 10
    )


def _read(zone: Zone, today: datetime.date, *, repaired: bool) -> Mrz:
    # A visa has the size of a passport, but other fields.
    if zone.format is MrzFormat.TD3 and not zone.code.startswith("P"):
        raise MrzError("format")
    number = _checked_number(zone)
    _require_check_digits(zone)
    try:
        year, month, day = mrz_dates.birth_parts(zone.birth, today)
        expiry = mrz_dates.expiry(zone.expiry, today, unlimited=_may_be_unlimited(zone))
        birth_date = mrz_dates.whole_date(year, month, day)
    except DateError:
        raise MrzError("date") from None
    surname, _filler, given_names = zone.name.partition("<<")
    national, unchecked = _belgian_national_number(zone, today)
    return Mrz(
        format=zone.format,
        document_code=zone.code.strip("<"),
        issuing_state=zone.state.strip("<"),
        number=number,
        surname=_words(surname),
        given_names=_words(given_names),
        nationality=zone.nationality.strip("<"),
        birth_date=birth_date,
        birth_year=year,
        birth_month=month,
        birth_day=day,
        sex=_sex(zone.sex),
        expiry=expiry,
        without_end=(expiry is None and zone.states_expiry and _may_be_unlimited(zone)),
        national_number=national,
        unchecked_national_number=unchecked,
        repaired=repaired,
        name_is_full=any(zone.name[end] != "<" for end in _name_ends(zone)),
    )


def _may_be_unlimited(zone: Zone) -> bool:
    """Whether the card may have no last day, as some states' cards for old people.

    Belgian cards and all passports have a last day. It is checked again for the kind of
    document that the clerk chooses (counter.identity.documents.MAY_BE_UNLIMITED).
    """
    return zone.format is not MrzFormat.TD3 and zone.state != "BEL"


def _name_ends(zone: Zone) -> tuple[int, ...]:
    """The positions in the name field that are filled when a name may be cut off.

    The French card has two fields, one for the surname and one for the given names.
    """
    return (24, -1) if zone.format is MrzFormat.FRENCH_CARD else (-1,)


def _words(name: str) -> str:
    return " ".join(name.replace("<", " ").split())


def _matches(field: str, digit: str) -> bool:
    if digit == "<":
        # "<" instead of a check digit is allowed only for an empty field.
        return not field.strip("<")
    return digit.isdigit() and int(digit) == check_digit(field)


def _checked_number(zone: Zone) -> str:
    """The document number, which may continue in the optional field.

    A number that continues has `<` instead of its check digit; the rest of the number
    and the check digit follow in the optional field. By ICAO's rule that `<` does not
    count for the check digit. On Portuguese cards it counts; of Belgian cards both
    kinds exist. Raises MrzError("check").
    """
    readings = [zone.number]
    number, digit = zone.number, zone.number_check
    if digit == "<" and zone.overflow:
        tail = zone.overflow.split("<", 1)[0]
        number, digit = zone.number + tail[:-1], tail[-1:]
        readings = [number]
        if zone.state in _COUNT_THE_FILLER:
            readings.append(f"{zone.number}<{tail[:-1]}")
    # "" (nothing follows) and "<" (an empty number) are no check digits.
    if not digit.isdigit() or not any(_matches(field, digit) for field in readings):
        raise MrzError("check")
    number = number.replace("<", "")
    if not number:
        raise MrzError("check")
    return number


def _require_check_digits(zone: Zone) -> None:
    pairs = [(zone.birth, zone.birth_check), (zone.expiry, zone.expiry_check)]
    if zone.optional_check:
        pairs.append((zone.optional, zone.optional_check))
    composite = zone.composite_check
    fields_match = all(_matches(field, digit) for field, digit in pairs)
    if not fields_match or composite == "<" or not _matches(zone.composite, composite):
        raise MrzError("check")


def _sex(character: str) -> Sex:
    if character in "MF":
        return Sex(character)
    if character in "<X":
        return Sex.UNKNOWN
    raise MrzError("format")


def _belgian_national_number(
    zone: Zone, today: datetime.date
) -> tuple[NationalNumber | None, str]:
    """Return a valid number and "", or None and eleven digits that are not valid.

    The number is in the second optional field of Belgian cards. When it is not valid,
    the zone is still read, because an official specimen has an impossible number.
    """
    digits = zone.optional.strip("<")
    if zone.format is not MrzFormat.TD1 or zone.state != "BEL":
        return None, ""
    if not re.fullmatch(r"[0-9]{11}", digits):
        return None, ""
    try:
        return national_number.parse(digits, today=today), ""
    except NationalNumberError:
        return None, digits
