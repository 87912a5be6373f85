"""Finds the messages of the public that belong to a person.

Nobody signs in to write to an office, so a message has no relation to a person. It
belongs to a person when it came from an e-mail address that the person has proved to
own, or from one in a dossier of theirs if the sender has the same family name; or when
its text contains the person's national number or the reference of a dossier.
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

#: The patterns of counter.models.enquiries for Python; numbers found may overlap.
_EACH_NUMBER: Final = re.compile(f"(?=({NUMBER.replace('(', '(?:', 1)}))")
_EACH_REFERENCE: Final = re.compile(r"\b[0-9a-f]{8}\b", re.IGNORECASE)


@sensitive_variables()
def of_people(people: Iterable[UUID]) -> QuerySet[Enquiry]:
    """The messages that belong to any of these people."""
    keys = list(people)
    if not keys:
        return Enquiry.objects.none()
    own = {*_by_address(keys), *_by_mention(keys)}
    return Enquiry.objects.filter(pk__in=own)


@sensitive_variables()
def is_from(person: Applicant, enquiry: Enquiry) -> bool:
    """Whether the message came from an address of the person, and does not only mention
    them.
    """
    return enquiry.pk in set(_by_address([person.pk]))


@sensitive_variables()
def _by_address(keys: list[UUID]) -> Iterator[UUID]:
    dossiers = Dossier.objects.filter(applicant__in=keys).exclude(email="")
    # The address of an activated dossier is proved: the mailed link was opened.
    proven = set(registry.addresses(keys))
    names_by_address: dict[str, set[str]] = {}
    for dossier in dossiers.only("email", "state", "last_name"):
        if dossier.state == DossierState.ACTIVATED:
            proven.add(dossier.email)
        names_by_address.setdefault(comparable(dossier.email), set()).add(
            dossier.last_name
        )
    known = {comparable(address) for address in proven if address}
    written = Enquiry.objects.alias(_address=Lower("email"))
    for enquiry in written.filter(_address__in=known | set(names_by_address)):
        address = comparable(enquiry.email)
        names = names_by_address.get(address, ())
        if address in known or any(_is_called(enquiry.name, name) for name in names):
            yield enquiry.pk


def _is_called(written: str, last_name: str) -> bool:
    """Whether the sender's name contains this last name; it is one field for first and
    last name, in any order.
    """
    return bool(written) and share_last_name(last_name, written)


@sensitive_variables()
def _by_mention(keys: list[UUID]) -> Iterator[UUID]:
    """The messages with a national number or a dossier's reference of these people.

    The database searches all texts once for anything that looks like a number or a
    reference. With one pattern for each person it would search once for each.
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
    """All sequences of eleven digits in the text, also overlapping ones."""
    for match in _EACH_NUMBER.finditer(text):
        yield re.sub(r"[^0-9]", "", match[1])


def _references_in(text: str) -> list[str]:
    return [reference.upper() for reference in _EACH_REFERENCE.findall(text)]
