"""Which price holds, and whose payments a clerk sees."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from counter.models import Clerk, Office


class TariffQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: Clerk) -> Self:
        if clerk.sees_every_office:
            return self
        return self.filter(office=clerk.office_id, office__isnull=False)

    def in_force(self, *, office: Office, on: datetime.date) -> Self:
        """The price of this office on this date: at most one row."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            office=office,
            valid_from__lte=on,
        )


class PaymentQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: Clerk) -> Self:
        if clerk.sees_every_office:
            return self
        return self.filter(
            dossier__office=clerk.office_id, dossier__office__isnull=False
        )
