"""Who sees what, and when: the only way from a view to a row."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import Lower

from counter import encryption
from counter.enums import OPEN_STATES, DossierState, Role

if TYPE_CHECKING:
    from counter.models import Clerk

NATIONAL_NUMBER = "national number"


class OfficeQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        if clerk.sees_every_office:
            return self
        return self.filter(pk=clerk.office_id)


class ClerkQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        if clerk.sees_every_office:
            return self
        return self.filter(office=clerk.office_id, office__isnull=False)

    def supervisors(self) -> Self:
        return self.filter(role=Role.SUPERVISOR, is_active=True)


class ApplicantQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        """People with a dossier in the clerk's office.

        Asked row by row in the order wanted, so that a list's first page does not
        sort everybody who ever came.
        """
        if clerk.sees_every_office:
            return self
        dossiers = apps.get_model("counter", "Dossier")._default_manager
        here = dossiers.filter(applicant=OuterRef("pk"), office=clerk.office_id)
        return self.filter(Exists(here))

    def with_national_number(self, digits: str) -> Self:
        """The person with these 11 digits, under any index key in force."""
        wanted = models.Q()
        for kid, digest in encryption.indexes(digits, purpose=NATIONAL_NUMBER).items():
            wanted |= models.Q(**{f"national_number_index_{kid}": digest})
        return self.filter(wanted)


class DossierQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        """The dossiers of the clerk's own office; none without an office."""
        if clerk.sees_every_office:
            return self
        return self.filter(office=clerk.office_id, office__isnull=False)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def recorded_since(self, at: datetime) -> Self:
        return self.filter(recorded_at__gte=at)

    def with_email(self, address: str) -> Self:
        """Those written to at this address, however its letters are cased."""
        lowered = self.alias(_address=Lower("email"))
        return lowered.filter(_address=address.strip().lower())

    def with_refused_mail(self) -> Self:
        """Waiting for the person, who was not reached: a message was refused."""
        return self.filter(
            state=DossierState.CODE_ISSUED, deliveries__state="refused"
        ).distinct()


class JournalQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        if clerk.sees_every_office:
            return self
        return self.filter(office=clerk.office_id, office__isnull=False)


class TurnedAwayQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        if clerk.sees_every_office:
            return self
        return self.filter(office=clerk.office_id, office__isnull=False)


# A message from the public is somebody's words, perhaps with an address. It goes when
# it was handled a while ago, and when nobody ever marked it (DOMAIN 8: the minimum).
ENQUIRY_KEPT_HANDLED = timedelta(days=90)
ENQUIRY_KEPT_OPEN = timedelta(days=365)


class EnquiryQuerySet[M: models.Model](models.QuerySet[M]):
    def past(self, at: datetime) -> Self:
        """Handled three months ago, or come in a year ago."""
        return self.filter(
            models.Q(handled_at__lte=at - ENQUIRY_KEPT_HANDLED)
            | models.Q(received_at__lte=at - ENQUIRY_KEPT_OPEN)
        )

    def visible_to(self, clerk: "Clerk") -> Self:
        if clerk.sees_every_office:
            return self
        return self.filter(office=clerk.office_id, office__isnull=False)


# Failures in a row, and how long the next try under that name has to wait. It never
# grows beyond a quarter of an hour: nobody can lock a colleague out for good.
SIGN_IN_WAITS = (
    (15, timedelta(minutes=15)),
    (14, timedelta(minutes=8)),
    (13, timedelta(minutes=4)),
    (12, timedelta(minutes=2)),
    (11, timedelta(minutes=1)),
    (10, timedelta(seconds=30)),
)
# After a day without a try the count starts again.
SIGN_IN_FORGOTTEN = timedelta(days=1)


class SecondFactorQuerySet[M: models.Model](models.QuerySet[M]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def of_attempt(self, attempt: UUID) -> Self:
        """Being set up, under the secret that this attempt was shown."""
        return self.filter(confirmed_at__isnull=True, attempt=attempt)

    def use_step(self, step: int) -> int:
        """Take the digits of a step; 0 when they, or later ones, were taken before."""
        return self.filter(last_step__lt=step).update(last_step=step)


class SignInFailureQuerySet[M: models.Model](models.QuerySet[M]):
    def stale(self, at: datetime) -> Self:
        return self.filter(last_at__lt=at - SIGN_IN_FORGOTTEN)

    def claim_try(self, at: datetime) -> int:
        """Count a try as failed before its password is looked at; 0 if it must wait.

        One conditional UPDATE, so tries at the same instant cannot share a count.
        """
        old = models.Q(last_at__lt=at - SIGN_IN_FORGOTTEN)
        return self.filter(free_from__lte=at).update(
            failures=Case(When(old, then=Value(1)), default=F("failures") + 1),
            # Where there is nothing to wait for it stays in the past: who tries at the
            # same instant, by a clock a moment behind, does not wait either.
            free_from=Case(
                When(old, then=F("free_from")),
                *(
                    When(failures__gte=failures - 1, then=Value(at + wait))
                    for failures, wait in SIGN_IN_WAITS
                ),
                default=F("free_from"),
            ),
            last_at=at,
        )
