"""The search of the desk's field: by national number, reference, e-mail address or
name, and by what other apps search for (counter.desk.registry).
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.timezone import localdate
from django.views.decorators.debug import sensitive_variables

from counter.desk import registry
from counter.enums import RevealReason
from counter.identity import national_number, typed_digits
from counter.identity.national_number import NationalNumber
from counter.journal import journal, looks
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier
from counter.people import name_search
from counter.people.keys import with_keys
from counter.querysets import DossierQuerySet

MOST: Final = 25
#: Longer texts are refused: no e-mail address is longer.
LONGEST: Final = 254
_REFERENCE: Final = re.compile(r"[0-9a-fA-F]{8}")
# A text with at least this many digits and no letters is taken for a national number,
# valid or not.
_NUMBER_DIGITS: Final = 9

type Rows = DossierQuerySet[Dossier]


@dataclass(frozen=True, repr=False)
class Result:
    """At most MOST dossiers, the newest first.

    `number` is the national number that was typed, if one was; `person` has it and came
    to this office before. `more` is true when more dossiers match, so that the clerk
    has to type more of the name. `guessed` is true when no name matches the text and
    these names are only similar.
    """

    dossiers: list[Dossier] = field(default_factory=list)
    number: NationalNumber | None = None
    person: Applicant | None = None
    more: bool = False
    guessed: bool = False


@sensitive_variables()
def search(text: str, *, clerk: Clerk, reason: RevealReason | None = None) -> Result:
    """Find the dossiers of the clerk's office that match the text.

    `reason` is why the clerk searches by number, on pages that ask for it. Raises
    NationalNumberError when the text looks like a national number and is not valid.
    """
    text = text.strip()
    rows = _rows(clerk)
    for finder in registry.finders():
        if (matching := finder.find(text, rows)) is not None:
            return _first(matching)
    if _means_number(text):
        number_typed = national_number.parse(text, today=localdate())
        return search_number(number_typed, clerk=clerk, reason=reason)
    if "@" in text:
        return _first(rows.with_email(text))
    reference = typed_digits.without_separators(text)
    if _REFERENCE.fullmatch(reference):
        result = _first(rows.filter(_reference(reference)))
        if result.dossiers:
            return result
    return _by_name(rows, text)


@sensitive_variables()
def search_number(
    number: NationalNumber, *, clerk: Clerk, reason: RevealReason | None = None
) -> Result:
    """The person with this number and their dossiers in the clerk's office.

    Every such search is written in the journal, with the newest dossier found and the
    reason given.
    """
    people = Applicant.objects.visible_to(clerk).with_national_number(number.digits)
    applicant = with_keys(people).first()
    result = Result(number=number)
    if applicant is not None:
        dossiers = _first(_rows(clerk).filter(applicant=applicant))
        result = Result(dossiers.dossiers, number, applicant, more=dossiers.more)
    journal.write(
        Event.NUMBER_SEARCHED if reason else Event.NUMBER_LOOKED_UP,
        {"reason": reason.value} if reason else {},
        dossier=result.dossiers[0] if result.dossiers else None,
        clerk=clerk,
    )
    return result


def note_list(result: Result, *, clerk: Clerk, at: datetime) -> None:
    """Write in the journal that the clerk sees the dossiers of the result as a list
    (docs/decisions/032-lists-are-one-entry.md).
    """
    looks.note_list(
        Dossier,
        count=len(result.dossiers),
        people=result.dossiers[:2],
        clerk=clerk,
        at=at,
    )


def _rows(clerk: Clerk) -> Rows:
    rows = Dossier.objects.visible_to(clerk).select_related("applicant", "recorded_by")
    return registry.with_columns(rows)


def _first(rows: Rows) -> Result:
    dossiers = list(rows[: MOST + 1])
    return Result(dossiers[:MOST], more=len(dossiers) > MOST)


@sensitive_variables()
def _by_name(rows: Rows, text: str) -> Result:
    """Names that begin with the words first, then names that contain them; only when
    there are none, similar names.
    """
    dossiers = list(name_search.beginning_with(rows, text)[: MOST + 1])
    if len(dossiers) <= MOST:
        seen = [dossier.pk for dossier in dossiers]
        others = name_search.containing(rows, text).exclude(pk__in=seen)
        dossiers += others[: MOST + 1 - len(dossiers)]
    if dossiers:
        return Result(dossiers[:MOST], more=len(dossiers) > MOST)
    dossiers = name_search.alike(rows, text, most=MOST)
    return Result(dossiers, guessed=bool(dossiers))


def looks_for_number(text: str) -> bool:
    """Whether `search` will take this text for a national number, valid or not."""
    text, nothing = text.strip(), Dossier.objects.none()
    finders = registry.finders()
    is_another = any(finder.find(text, nothing) is not None for finder in finders)
    return not is_another and _means_number(text)


def _means_number(text: str) -> bool:
    letters = any(character.isalpha() for character in text)
    return typed_digits.digit_count(text) >= _NUMBER_DIGITS and not letters


def _reference(text: str) -> Q:
    """The first eight characters of the dossier's id, as its reference prints them."""
    return Q(
        pk__gte=uuid.UUID(text + "0" * 24),
        pk__lte=uuid.UUID(text + "f" * 24),
    )
