"""Who sees what, and when: the only way from a view to a row."""

from typing import TYPE_CHECKING, Self

from django.db import models

from counter import encryption
from counter.enums import OPEN_STATES, Role

if TYPE_CHECKING:
    from counter.models import Clerk

NATIONAL_NUMBER = "national number"


class OfficeQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        if clerk.is_superuser and clerk.office_id is None:
            return self
        return self.filter(pk=clerk.office_id)


class ClerkQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        if clerk.is_superuser and clerk.office_id is None:
            return self
        return self.filter(office=clerk.office_id, office__isnull=False)

    def supervisors(self) -> Self:
        return self.filter(role=Role.SUPERVISOR, is_active=True)


class ApplicantQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        """People with a dossier in the clerk's office."""
        if clerk.is_superuser and clerk.office_id is None:
            return self
        return self.filter(dossiers__office=clerk.office_id).distinct()

    def with_national_number(self, digits: str) -> Self:
        """The person with these 11 digits, under any index key in force."""
        wanted = models.Q()
        for kid, digest in encryption.indexes(digits, purpose=NATIONAL_NUMBER).items():
            wanted |= models.Q(**{f"national_number_index_{kid}": digest})
        return self.filter(wanted)


class DossierQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        """The dossiers of the clerk's own office; none without an office."""
        if clerk.is_superuser and clerk.office_id is None:
            return self
        return self.filter(office=clerk.office_id, office__isnull=False)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)


class JournalQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        if clerk.is_superuser and clerk.office_id is None:
            return self
        return self.filter(office=clerk.office_id, office__isnull=False)
