"""Ensures that an address is one person's (docs/domain.md#one-address-one-person).

Partners cannot share an address, because each would receive the other's link. The clerk
is not told whose the address is, nor in which office. In an open dossier of another
person an address is refused; about one that another person used or has elsewhere the
clerk is asked (counter.dossiers.doubts).
"""

from typing import Final

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.desk import registry
from counter.email import mail_syntax
from counter.enums import OPEN_STATES
from counter.exceptions import CounterError
from counter.models import Applicant, Dossier

SENTENCE: Final = _(
    "Another person has an open dossier with this address. Ask for an own address."
)


class AddressTakenError(CounterError):
    """Another person's open dossier has this address."""


@sensitive_variables()
def others_at(
    address: str, *, applicant: Applicant | None = None, digits: str = ""
) -> QuerySet[Dossier]:
    """The dossiers of other people with this address, in all offices.

    The person who will have the address is given by `applicant` or by `digits`, the
    national number. Without either, all dossiers count as those of others.
    """
    owners = _owners(applicant, digits)
    return Dossier.objects.with_email(address).exclude(applicant__in=owners)


@sensitive_variables()
def _owners(applicant: Applicant | None, digits: str) -> QuerySet[Applicant]:
    """The person who will have the address, as rows; none for a new person."""
    if applicant is not None:
        return Applicant.objects.filter(pk=applicant.pk)
    return Applicant.objects.with_national_number(digits)


def is_taken(
    address: str, *, applicant: Applicant | None = None, digits: str = ""
) -> bool:
    """Whether another person has an open dossier with the address."""
    others = others_at(address, applicant=applicant, digits=digits)
    return others.filter(state__in=OPEN_STATES).exists()


@sensitive_variables()
def is_of_another(
    address: str, *, applicant: Applicant | None = None, digits: str = ""
) -> bool:
    """Whether another person used the address before, or has it in an account."""
    before = others_at(address, applicant=applicant, digits=digits)
    if before.exclude(state__in=OPEN_STATES).exists():
        return True
    return registry.has_address(address, _owners(applicant, digits))


@sensitive_variables()
def claim(address: str, *, applicant: Applicant) -> None:
    """Refuse an address that another person's open dossier has.

    To be called in the transaction that gives the address to `applicant`. It locks the
    address, so that of two people at the same time only one gets it. Raises
    AddressTakenError.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [mail_syntax.comparable(address)],
        )
    if is_taken(address, applicant=applicant):
        raise AddressTakenError(SENTENCE)
