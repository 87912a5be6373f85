"""Offices, dossiers and codes by the hundred, written in a few statements.

Every national number in here is generated: valid in form, read from no document.
"""

import datetime
import uuid
from collections.abc import Iterable

from django.utils import timezone

from activation.codes.validity import link_end
from activation.models import ActivationCode
from counter.enums import DossierState, Reason
from counter.identity.national_number import NumberKind
from counter.models import Applicant, Clerk, Dossier
from tests import cast

_FIRST_BIRTHDAY = datetime.date(1940, 1, 1)
_A_DAY = 998  # serials 001 to 998


def national_number(place: int) -> str:
    """The `place`-th generated number, with the check digits of the 1900s."""
    born = _FIRST_BIRTHDAY + datetime.timedelta(days=place // _A_DAY)
    nine = f"{born:%y%m%d}{place % _A_DAY + 1:03}"
    return f"{nine}{97 - int(nine) % 97:02}"


def make_clerk() -> Clerk:
    """Els at her desk, in an office with a price."""
    office = cast.make_office()
    cast.make_tariff(office)
    return cast.make_clerk("els", office, desk="Loket 1")


def colleagues(clerk: Clerk, count: int) -> list[Clerk]:
    """`count` more clerks of the office, each with a desk and a drawer.

    A slip can be printed until its clerk goes on to the next person, so several at
    once are several clerks'.
    """
    places = range(count)
    return [
        cast.make_clerk(f"clerk{place}", clerk.office, desk=f"Loket {place + 2}")
        for place in places
    ]


class Visitors:
    """People nobody has seen before, as many as are asked for."""

    def __init__(self, clerk: Clerk) -> None:
        if clerk.office is None:
            raise ValueError("A dossier is recorded in an office.")
        self.clerk, self.office, self.seen = clerk, clerk.office, 0

    def recorded(self, count: int) -> list[Dossier]:
        """Dossiers that wait to be paid."""
        numbers = range(self.seen, self.seen + count)
        self.seen += count
        applicants = Applicant.objects.bulk_create(map(self._applicant, numbers))
        return Dossier.objects.bulk_create(map(self._dossier, applicants))

    def with_codes(
        self, count: int, *, issued_at: datetime.datetime | None = None
    ) -> list[ActivationCode]:
        """Live codes, issued as if paid for; no mail is put in."""
        at = issued_at or timezone.now()
        dossiers = self.recorded(count)
        for dossier in dossiers:
            dossier.state = DossierState.CODE_ISSUED
            dossier.paid_at = dossier.code_issued_at = at
        changed = ["state", "paid_at", "code_issued_at"]
        Dossier.objects.bulk_update(dossiers, changed)
        return ActivationCode.objects.bulk_create(self._codes(dossiers, at))

    def _applicant(self, place: int) -> Applicant:
        applicant = Applicant(
            first_names="Peter",
            last_name=f"Janssens {place}",
            birth_date=_FIRST_BIRTHDAY + datetime.timedelta(days=place // _A_DAY),
            number_kind=NumberKind.REGISTER,
            first_seen_at=timezone.now(),
        )
        applicant.set_national_number(national_number(place))
        return applicant

    def _dossier(self, applicant: Applicant) -> Dossier:
        dossier = Dossier(
            submission=uuid.uuid4(),
            office=self.office,
            applicant=applicant,
            recorded_by=self.clerk,
            last_name=applicant.last_name,
            first_names=applicant.first_names,
            birth_date=applicant.birth_date,
            document_type="BE_PASS",
            document_country="BEL",
            document_expiry=datetime.date(2040, 1, 1),
            original_seen_at=timezone.now(),
            email=f"{applicant.pk}@example.org",
            language="fr",
            reason=Reason.NO_OTHER_KEY,
            recorded_at=timezone.now(),
        )
        dossier.document_number = "EN123456"
        return dossier

    def _codes(
        self, dossiers: Iterable[Dossier], at: datetime.datetime
    ) -> Iterable[ActivationCode]:
        for dossier in dossiers:
            yield ActivationCode(
                dossier=dossier,
                issued_by=self.clerk,
                issued_at=at,
                valid_until=link_end(at),
            )
