"""Which codes and keys are alive at an instant, and who sees them."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models

from activation.enums import CodeState, KeyState, OneTimeCodeState
from counter.models import Applicant, Clerk


class ActivationCodeQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: Clerk) -> Self:
        if clerk.sees_every_office:
            return self
        return self.filter(
            dossier__office=clerk.office_id, dossier__office__isnull=False
        )

    def usable(self, at: datetime) -> Self:
        return self.filter(state=CodeState.LIVE, valid_until__gt=at)

    def printable(self, at: datetime) -> Self:
        """Live, and issued so short a time ago that the person still stands there."""
        since = at - timedelta(minutes=settings.SLIP_MINUTES)
        return self.filter(state=CodeState.LIVE, issued_at__gt=since)

    def due_to_lapse(self, at: datetime) -> Self:
        return self.filter(
            state__in=(CodeState.LIVE, CodeState.LOCKED), valid_until__lte=at
        )


class KeyHolderQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: Clerk) -> Self:
        if clerk.sees_every_office:
            return self
        return self.filter(applicant__in=Applicant.objects.visible_to(clerk))


class DigitalKeyQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: Clerk) -> Self:
        if clerk.sees_every_office:
            return self
        return self.filter(
            code__dossier__office=clerk.office_id, code__dossier__office__isnull=False
        )

    def active(self, at: datetime) -> Self:
        return self.filter(state=KeyState.ACTIVE, valid_until__gt=at)

    def due_to_expire(self, at: datetime) -> Self:
        return self.filter(state=KeyState.ACTIVE, valid_until__lte=at)


class OneTimeCodeQuerySet[M: models.Model](models.QuerySet[M]):
    def live(self, at: datetime) -> Self:
        return self.filter(state=OneTimeCodeState.LIVE, valid_until__gt=at)


class AddressCountQuerySet[M: models.Model](models.QuerySet[M]):
    def past(self, at: datetime) -> Self:
        """The minutes that count no more."""
        return self.filter(minute__lt=at - timedelta(minutes=1))
