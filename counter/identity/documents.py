"""The identity documents that the counter accepts (docs/domain.md#identity-documents).

A refusal is a DocumentError with a sentence for the clerk. A doubt is a
DocumentWarning, which never stops a visit. A document number is personal data: it is in
no exception and no log line.
"""

import datetime
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.database.choices import Choices
from counter.identity import typed_digits

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class DocumentType(Choices):
    BE_EID = "BE_EID", _("Belgian identity card (eID)")
    BE_KIDS = "BE_KIDS", _("Kids-ID")
    BE_RES = "BE_RES", _("Belgian residence card")
    BE_PASS = "BE_PASS", _("Belgian passport")
    EU_ID = "EU_ID", _("Identity card of an EU or EEA country or Switzerland")
    FOR_PASS = "FOR_PASS", _("Foreign passport")
    BE_SPEC = "BE_SPEC", _("Special card of Foreign Affairs")
    BE_AI = "BE_AI", _("Certificate of registration (orange card, annex 4)")
    BE_A35 = "BE_A35", _("Annex 35")
    BE_OTHER = "BE_OTHER", _("Annex 15, 19 or 19ter")


class DocumentWarning(Choices):
    """A doubt that does not stop the visit: a code, and a sentence for the clerk."""

    RETYPE = (
        "retype",
        _(
            "The check digits of this card number do not match. Type the number again "
            "from the card. Some old cards have no matching check digits."
        ),
    )
    ASK_PASSPORT = (
        "ask_passport",
        _("An annex proves a procedure, not who someone is. Ask for the passport too."),
    )


# Kinds of document that a supervisor must approve before the visit goes on.
NEEDS_SUPERVISOR: Final = frozenset({DocumentType.BE_OTHER})

# Documents of a procedure that is not finished.
_ANNEXES: Final = frozenset({DocumentType.BE_A35, DocumentType.BE_OTHER})

# Kinds that may have no last day: some EU states issue such cards to old people.
MAY_BE_UNLIMITED: Final = frozenset({DocumentType.EU_ID})

# The last day of two kinds of old card, whatever is printed on them: F and F+ cards of
# the old model, and EU identity cards without a machine-readable zone (old paper
# cards of Italy and Greece).
OLD_MODEL_LAST_DAY: Final = datetime.date(2026, 8, 3)
_HAS_OLD_MODEL: Final = frozenset({DocumentType.BE_RES, DocumentType.EU_ID})

# The ages for an office that sets no others (counter.models.Office).
MINIMUM_AGE: Final = 12
ADULT_AGE: Final = 18

# The longest document number, which is also the width of its database column.
LONGEST_NUMBER: Final = 40
_LONGEST_INPUT: Final = 80

_EID_SENTENCE: Final = _(
    "The number of a Belgian identity card has 12 digits, printed as 000-0000000-00."
)
_FREE_TEXT_SENTENCE: Final = _(
    "Type the number printed on the document: letters and digits, at most 40 "
    "characters."
)

# A type that is not here takes free text. The patterns have both cases instead of
# IGNORECASE, which would also match the Kelvin sign and the long s.
_RULES: Final[dict[DocumentType, tuple[re.Pattern[str], "StrPromise"]]] = {
    DocumentType.BE_EID: (re.compile(r"[0-9]{12}"), _EID_SENTENCE),
    DocumentType.BE_KIDS: (re.compile(r"[0-9]{12}"), _EID_SENTENCE),
    DocumentType.BE_RES: (
        re.compile(r"[A-Za-z][0-9]{9}"),
        _("The number of a residence card is one letter and 9 digits."),
    ),
    DocumentType.BE_PASS: (
        re.compile(r"[A-Za-z]{2}[0-9]{6}"),
        _("The number of a Belgian passport is two letters and 6 digits."),
    ),
    DocumentType.EU_ID: (
        re.compile(r"[A-Za-z0-9]{3,20}"),
        _("The number of an identity card has 3 to 20 letters and digits."),
    ),
    DocumentType.FOR_PASS: (
        re.compile(r"[A-Za-z0-9]{5,15}"),
        _("The number of a passport has 5 to 15 letters and digits."),
    ),
}


class DocumentError(ValueError):
    """The document is refused. `code` is for programs, str() is for the clerk.

    Codes: "number", "expired", "old_model", "no_end", "age". str() translates the
    sentence to the language that is active at that moment.
    """

    def __init__(
        self,
        code: str,
        sentence: "StrPromise | str",
        date: datetime.date | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.date = date
        self._sentence = sentence

    def __str__(self) -> str:
        if self.date is None:
            return str(self._sentence)
        return self._sentence % {"date": formats.date_format(self.date)}


@sensitive_variables()
def check_number(document_type: DocumentType, number: str) -> str:
    """The number as it is stored: in upper case, without separators.

    A number of a free-text type keeps its punctuation, and single spaces inside. Raises
    only DocumentError("number"), for any text in `number`.
    """
    number = number.strip()
    if document_type not in _RULES:
        return _check_free_text(number)
    pattern, sentence = _RULES[document_type]
    if len(number) > _LONGEST_INPUT:
        raise DocumentError("number", sentence)
    number = typed_digits.without_separators(number)
    if not pattern.fullmatch(number):
        raise DocumentError("number", sentence)
    return number.upper()


@sensitive_variables()
def warnings(document_type: DocumentType, number: str) -> list[DocumentWarning]:
    """What the clerk should check again; `number` is the result of `check_number`.

    Never raises. Wrong check digits are only a warning, because real specimen cards
    have them too.
    """
    warned: list[DocumentWarning] = []
    has_check = document_type in {DocumentType.BE_EID, DocumentType.BE_KIDS}
    if has_check and not _passes_mod_97(number):
        warned.append(DocumentWarning.RETYPE)
    if document_type in _ANNEXES:
        warned.append(DocumentWarning.ASK_PASSPORT)
    return warned


def asks_old_model(document_type: DocumentType, today: datetime.date) -> bool:
    """Whether the clerk must say if the card is of the old model.

    F and F+ cards of the old model, and EU cards without a machine-readable zone, are
    not valid after 3 August 2026. Until that day the answer makes no difference.
    """
    return document_type in _HAS_OLD_MODEL and today > OLD_MODEL_LAST_DAY


def last_valid_day(
    document_type: DocumentType,
    expiry: datetime.date | None,
    *,
    old_model: bool = False,
) -> datetime.date | None:
    """The printed date, or the earlier last day of an old model; None without any."""
    if old_model and document_type in _HAS_OLD_MODEL:
        return min(expiry or OLD_MODEL_LAST_DAY, OLD_MODEL_LAST_DAY)
    return expiry


def check_expiry(
    document_type: DocumentType,
    expiry: datetime.date | None,
    today: datetime.date,
    *,
    old_model: bool = False,
) -> None:
    """Refuse an expired document. On its last day it is still valid.

    `expiry` is the printed date, or the latest extension of a document that was
    extended; None when the document has no last day. `today` is the local date in
    Europe/Brussels. Raises DocumentError, code "expired", "old_model" or "no_end".
    """
    if expiry is None and document_type not in MAY_BE_UNLIMITED:
        raise DocumentError(
            "no_end", _("This kind of document has a last day. Type it as printed.")
        )
    last_day = last_valid_day(document_type, expiry, old_model=old_model)
    if last_day is None or last_day >= today:
        return
    if expiry is None or last_day < expiry:
        raise DocumentError(
            "old_model",
            _(
                "Cards of this old model ended on %(date)s, whatever date is printed "
                "on them. Ask for another document."
            ),
            last_day,
        )
    raise DocumentError(
        "expired",
        _("This document expired on %(date)s. Ask for one that is still valid."),
        last_day,
    )


def why_refused(
    document_type: DocumentType | None,
    *,
    expiry: datetime.date | None,
    birth_date: datetime.date | None,
    today: datetime.date,
    minimum_age: int = MINIMUM_AGE,
) -> DocumentError | None:
    """The error by which a scan alone refuses a document: it expired, or its holder is
    too young. None otherwise; the clerk may still see that the card is an old model.

    `document_type` is None when the scan does not tell the kind. A date is None when
    the document does not have it, or not as a whole date.
    """
    try:
        if expiry is not None:
            # FOR_PASS has no old model, so only the printed date counts.
            check_expiry(document_type or DocumentType.FOR_PASS, expiry, today)
        if birth_date is not None:
            check_age(birth_date, today, minimum=minimum_age)
    except DocumentError as error:
        return error
    return None


def check_age(
    birth_date: datetime.date,
    today: datetime.date,
    *,
    minimum: int = MINIMUM_AGE,
) -> None:
    """Refuse a person under the minimum age, which the office sets.

    The age is in whole years on `today`, by the birth date of the document and not of
    the national number. Raises DocumentError("age"). Most holders of a kids-ID are
    refused here, but some turned 12 while the card was valid; so the age decides, not
    the kind of card. Whether a parent has to be present is asked by
    counter.dossiers.doubts.
    """
    if age_on(birth_date, today) < minimum:
        sentence = _("A digital key is for people of %(age)s years or older.")
        raise DocumentError("age", sentence % {"age": minimum})


def age_on(birth_date: datetime.date, day: datetime.date) -> int:
    """The age in whole years on that day. Somebody born on 29 February has the birthday
    on 1 March in other years.
    """
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def _check_free_text(number: str) -> str:
    error = DocumentError("number", _FREE_TEXT_SENTENCE)
    if len(number) > _LONGEST_INPUT:
        raise error
    number = " ".join(typed_digits.plain(number).split()).upper()
    # Control, format and unassigned characters are refused: the database cannot store
    # NUL, and with direction marks a number looks like another one.
    if any(unicodedata.category(character).startswith("C") for character in number):
        raise error
    if len(number) > LONGEST_NUMBER or not any(map(str.isalnum, number)):
        raise error
    return number


def _passes_mod_97(number: str) -> bool:
    """Whether the last two digits are the first ten mod 97; for 0 they must be 97."""
    if not re.fullmatch(r"[0-9]{12}", number):
        return False
    return int(number[10:]) == (int(number[:10]) % 97 or 97)
