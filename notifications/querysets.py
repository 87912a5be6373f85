"""Which messages are due, and who sees them."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from counter.models import Clerk
from notifications.enums import DeliveryState


class DeliveryQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: Clerk) -> Self:
        if clerk.sees_every_office:
            return self
        return self.filter(
            dossier__office=clerk.office_id, dossier__office__isnull=False
        )

    def unsent(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def due(self, at: datetime) -> Self:
        """Waiting, its time come, and in nobody's hands or in dead ones."""
        return self.unsent().filter(
            Q(leased_until__isnull=True) | Q(leased_until__lte=at),
            not_before__lte=at,
        )
