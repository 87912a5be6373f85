"""Ensures that an address is one person's (docs/domain.md#one-address-one-person).

Partners cannot share an address, because each would receive the other's link. The clerk
is not told whose the address is, nor in which office.
"""

from typing import Final

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

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
    others = Dossier.objects.with_email(address)
    if applicant is not None:
        return others.exclude(applicant=applicant)
    return others.exclude(applicant__in=Applicant.objects.with_national_number(digits))


def is_taken(
    address: str, *, applicant: Applicant | None = None, digits: str = ""
) -> bool:
    """Whether another person has an open dossier with the address."""
    others = others_at(address, applicant=applicant, digits=digits)
    return others.filter(state__in=OPEN_STATES).exists()


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
