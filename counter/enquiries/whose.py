"""Whose a message of the public is: it says so by its address, a number or a visit.

Nobody signs in to write to an office, so a message stands under no person. It is
somebody's when it came from an address that was shown to be theirs, or from one given
at the counter under the same family name; and when the text has their national number
or the reference of a visit.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.views.decorators.debug import sensitive_variables

from counter.crypto.encryption import UnsealError
from counter.email.mail_syntax import comparable
from counter.enums import DossierState
from counter.identity.spelling import share_last_name
from counter.models import Applicant, Dossier, Enquiry
from counter.models.enquiries import MENTIONS, NUMBER
from counter.retention import registry

#: Where they may overlap (counter.models.enquiries has them for the database).
_EACH_NUMBER: Final = re.compile(f"(?=({NUMBER.replace('(', '(?:', 1)}))")
_EACH_REFERENCE: Final = re.compile(r"\b[0-9a-f]{8}\b", re.IGNORECASE)


@sensitive_variables()
def of_people(people: Iterable[UUID]) -> QuerySet[Enquiry]:
    """The messages of these people."""
    keys = list(people)
    if not keys:
        return Enquiry.objects.none()
    own = {*_by_address(keys), *_by_mention(keys)}
    return Enquiry.objects.filter(pk__in=own)


@sensitive_variables()
def is_from(person: Applicant, enquiry: Enquiry) -> bool:
    """Whether it came from the person's own address, and is not only about them."""
    return enquiry.pk in set(_by_address([person.pk]))


@sensitive_variables()
def _by_address(keys: list[UUID]) -> Iterator[UUID]:
    dossiers = Dossier.objects.filter(applicant__in=keys).exclude(email="")
    # Its link was opened, so whoever has the dossier reads what comes there.
    proven = set(registry.addresses(keys))
    given: dict[str, set[str]] = {}
    for dossier in dossiers.only("email", "state", "last_name"):
        if dossier.state == DossierState.ACTIVATED:
            proven.add(dossier.email)
        given.setdefault(comparable(dossier.email), set()).add(dossier.last_name)
    known = {comparable(address) for address in proven if address}
    written = Enquiry.objects.alias(_address=Lower("email"))
    for enquiry in written.filter(_address__in=known | set(given)):
        address = comparable(enquiry.email)
        names = given.get(address, ())
        if address in known or any(_is_called(enquiry.name, name) for name in names):
            yield enquiry.pk


def _is_called(written: str, last_name: str) -> bool:
    """First and last name come in one field, in whichever order."""
    return bool(written) and share_last_name(last_name, written)


@sensitive_variables()
def _by_mention(keys: list[UUID]) -> Iterator[UUID]:
    """Messages with a number of these people in it, or the reference of a visit.

    The database looks once through the texts for anything that may be one, however
    many people are asked about: with a pattern for each number it would look as often.
    """
    numbers = set(_numbers(keys))
    dossiers = Dossier.objects.filter(applicant__in=keys).only("pk")
    references = {dossier.reference for dossier in dossiers}
    perhaps = Enquiry.objects.filter(MENTIONS).order_by()
    for key, text in perhaps.values_list("pk", "text"):
        if numbers & set(_numbers_in(text)) or references & set(_references_in(text)):
            yield key


@sensitive_variables()
def _numbers(keys: list[UUID]) -> Iterator[str]:
    people = Applicant.objects.filter(pk__in=keys, anonymised_at__isnull=True)
    for person in people.only("national_number_sealed"):
        try:
            yield person.national_number
        except UnsealError:
            continue


def _numbers_in(text: str) -> Iterator[str]:
    """Eleven digits, wherever they begin."""
    for match in _EACH_NUMBER.finditer(text):
        yield re.sub(r"[^0-9]", "", match[1])


def _references_in(text: str) -> list[str]:
    return [reference.upper() for reference in _EACH_REFERENCE.findall(text)]
