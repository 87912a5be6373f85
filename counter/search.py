"""What the desk's one field finds: by number, reference, e-mail or name."""

import re
import string
import uuid
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.timezone import localdate
from django.views.decorators.debug import sensitive_variables

from counter import journal, national_number
from counter.enums import Event
from counter.models import Applicant, Clerk, Dossier
from counter.national_number import NationalNumber

MOST: Final = 25
_REFERENCE: Final = re.compile(r"[0-9a-fA-F]{8}")
# So many digits and no letters are meant as a national number, right or wrong.
_NUMBER_DIGITS: Final = 9
_MOST_WORDS: Final = 6


@dataclass(frozen=True, repr=False)
class Result:
    """At most MOST dossiers, newest first, and the number that was typed, if one was.

    `more` when there are others: the clerk types more of the name.
    """

    dossiers: list[Dossier]
    number: NationalNumber | None = None
    more: bool = False


@sensitive_variables()
def search(text: str, *, clerk: Clerk) -> Result:
    """Find dossiers of the clerk's office.

    A search by national number is in the journal, with the dossier it led to. Raises
    NationalNumberError when a number was meant and is none.
    """
    rows = Dossier.objects.visible_to(clerk).select_related("applicant", "recorded_by")
    if _means_number(text):
        number = national_number.parse(text, today=localdate())
        person = Applicant.objects.with_national_number(number.digits)
        result = _first(rows.filter(applicant__in=person), number)
        journal.write(
            Event.NUMBER_LOOKED_UP,
            dossier=result.dossiers[0] if result.dossiers else None,
            clerk=clerk,
        )
        return result
    if "@" in text:
        address = Lower("email")
        return _first(rows.alias(address=address).filter(address=text.strip().lower()))
    if _REFERENCE.fullmatch(text.strip()):
        result = _first(rows.filter(_reference(text.strip())))
        if result.dossiers:
            return result
    return _first(rows.filter(_named(text)))


def _first(rows: QuerySet[Dossier], number: NationalNumber | None = None) -> Result:
    found = list(rows.prefetch_related("deliveries")[: MOST + 1])
    return Result(found[:MOST], number, more=len(found) > MOST)


def _means_number(text: str) -> bool:
    digits = sum(character in string.digits for character in text)
    letters = any(character.isalpha() for character in text)
    return digits >= _NUMBER_DIGITS and not letters


def _reference(text: str) -> Q:
    """The first eight characters of the dossier's id, as its reference prints them."""
    return Q(
        pk__gte=uuid.UUID(text + "0" * 24),
        pk__lte=uuid.UUID(text + "f" * 24),
    )


def _named(text: str) -> Q:
    """Every word somewhere in the names, accents aside."""
    every = Q()
    for word in text.split()[:_MOST_WORDS]:
        every &= Q(applicant__last_name__unaccent__icontains=word) | Q(
            applicant__first_names__unaccent__icontains=word
        )
    return every
