"""The machine-readable zone of passports and cards (docs/domain.md#identity-documents).

The lines hold everything about a person, so they are never logged, kept or echoed:
they are read, checked and forgotten. Every check digit must match.
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
# A card for the state's own nationals begins with I or C; so do these permits.
_PERMITS: Final = frozenset({"IR", "CR", "IV"})


class MrzError(ValueError):
    """The zone cannot be read. `code` is for machines, str() is a sentence for the
    clerk.

    Codes: "format" (length, characters, kind of document), "check" (a check digit),
    "date" (impossible date). Nothing of the lines is in it.
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
    """What the zone says; names may be cut off or transliterated: they only pre-fill.

    `birth_date` is set only when all its parts are known; its century is the latest
    possible one (counter.identity.birth_century). `expiry` is None when the zone does
    not tell the last day, and `without_end` then says that the document has none.
    `national_number` passed every rule and may pre-fill; `unchecked_national_number`
    holds eleven digits that did not, to be shown only. `repaired` means that the
    reader's keyboard layout was wrong and was undone.
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
    #: The name field is used to its last character: the name may go on.
    name_is_full: bool = False

    def __repr__(self) -> str:
        # Error pages and logs print reprs.
        return f"<Mrz {self.format.name}>"

    @property
    def document_type(self) -> DocumentType | None:
        """The likely type, to pre-select; None when the zone does not tell.

        A Belgian kids-ID looks like an eID here; the age rule finds the child.
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
    """Read what a reader typed: two or three lines, or all in one go.

    `today` is the local date in Europe/Brussels and decides the century of the birth
    date. Says nothing about validity: an expired document reads well. Raises MrzError
    and nothing else, whatever `text` holds.
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
        # That the keyboard's layout was wrong was a guess; its own error says nothing.
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
    # Visas share the passport's size and not its fields.
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
    """Whether the card may have no last day, as other states give to older people.

    Belgian cards and all passports have one. Whether the kind that the clerk chooses
    may have none is checked again (counter.identity.documents.MAY_BE_UNLIMITED).
    """
    return zone.format is not MrzFormat.TD3 and zone.state != "BEL"


def _name_ends(zone: Zone) -> tuple[int, ...]:
    """The places of the name field that are filled when a part of the name may be cut
    off.

    The French card has a field for each part, and so two of them.
    """
    return (24, -1) if zone.format is MrzFormat.FRENCH_CARD else (-1,)


def _words(name: str) -> str:
    return " ".join(name.replace("<", " ").split())


def _matches(field: str, digit: str) -> bool:
    if digit == "<":
        # Allowed only where there is nothing to check.
        return not field.strip("<")
    return digit.isdigit() and int(digit) == check_digit(field)


def _checked_number(zone: Zone) -> str:
    """The document number, which may run on into the optional field.

    Then its check digit's place holds `<`, and the rest of the number and the check
    digit follow. ICAO leaves that `<` out of the sum; Portuguese cards count it, and
    Belgian cards exist both ways.
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
    """Return the number that may pre-fill the form, and otherwise the eleven digits.

    It is the second optional field of Belgian cards. One official specimen has an
    impossible number there, so a wrong one does not make the zone unreadable.
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
