"""Which price holds, whose money a clerk sees, and which drawer is at work."""

import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from counter.models import Clerk, Office
from payments.enums import (
    WITH_THE_CLERK,
    DrawerState,
    Method,
    ReversalState,
    TariffCategory,
)


class OfOffice[M: models.Model](models.QuerySet[M]):
    """Rows of one office; `office_path` leads from the row to it."""

    office_path: ClassVar[str] = "office"

    def visible_to(self, clerk: Clerk) -> Self:
        if clerk.sees_every_office:
            return self
        if clerk.office_id is None:
            return self.none()
        return self.of_office(clerk.office_id)

    def of_office(self, office: Office | int) -> Self:
        return self.filter(**{self.office_path: office})


class TariffQuerySet[M: models.Model](OfOffice[M]):
    def in_force(
        self,
        *,
        office: Office,
        on: datetime.date,
        category: str = TariffCategory.STANDARD,
    ) -> Self:
        """The price of this office and category on this date: at most one row."""
        return self._on(on).filter(office=office, category=category)

    def priced(self, *, office: Office, on: datetime.date) -> Self:
        """What a person may have to pay on this date: at most one row a category."""
        return (
            self._on(on).filter(office=office).exclude(category=TariffCategory.WAIVER)
        )

    def _on(self, date: datetime.date) -> Self:
        until = Q(valid_until__isnull=True) | Q(valid_until__gte=date)
        return self.filter(until, valid_from__lte=date)


class PaymentQuerySet[M: models.Model](OfOffice[M]):
    office_path = "dossier__office"

    def by(self, method: Method) -> Self:
        return self.filter(method=method)

    def taken_between(self, start: datetime.datetime, end: datetime.datetime) -> Self:
        """From `start` until just before `end`."""
        return self.filter(taken_at__gte=start, taken_at__lt=end)


class TerminalQuerySet[M: models.Model](OfOffice[M]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)


class TerminalTotalQuerySet[M: models.Model](OfOffice[M]):
    office_path = "terminal__office"


class DrawerQuerySet[M: models.Model](OfOffice[M]):
    def open(self) -> Self:
        """Those that money may be booked on."""
        return self.filter(state=DrawerState.OPEN)

    def with_clerk(self, clerk: Clerk) -> Self:
        """The clerk's own that is not closed yet: at most one row."""
        return self.filter(clerk=clerk, state__in=WITH_THE_CLERK)


class MovementQuerySet[M: models.Model](OfOffice[M]):
    office_path = "session__office"


class ReceiptQuerySet[M: models.Model](OfOffice[M]):
    pass


class ReversalQuerySet[M: models.Model](OfOffice[M]):
    office_path = "payment__dossier__office"

    def asked(self) -> Self:
        return self.filter(state=ReversalState.ASKED)

    def confirmed(self) -> Self:
        return self.filter(state=ReversalState.CONFIRMED)

    def by_bank(self) -> Self:
        """Those that the finance service pays back."""
        return self.confirmed().filter(by_bank_transfer=True)

    def not_paid_yet(self) -> Self:
        return self.by_bank().filter(bank_refund__isnull=True)


class BankRefundQuerySet[M: models.Model](OfOffice[M]):
    office_path = "reversal__payment__dossier__office"


class ExportQuerySet[M: models.Model](OfOffice[M]):
    pass
