"""Querysets of payments: prices in force, what a clerk may see, open drawers."""

import datetime
from typing import Any, Final, Self

from django.db import models
from django.db.models import Q

from counter.journal.recorded_models import RecordedQuerySet
from counter.models import Clerk, Dossier, Office
from counter.offices.own_rows import OfOffice
from payments.enums import (
    WITH_THE_CLERK,
    DrawerState,
    Method,
    RefundMethod,
    ReversalState,
    TariffCategory,
)
from payments.taking.methods import Place, lying_in

#: Payments that are not a correction of another payment.
AS_TAKEN: Final = Q(replaces__isnull=True)


class SlipKey(models.Func):
    """A slip number in the form in which it is compared with others.

    In capitals, without signs, spaces and leading zeros.
    """

    template = (
        "ltrim(upper(regexp_replace(%(expressions)s, '[^[:alnum:]]', '', 'g')), '0')"
    )
    output_field = models.CharField()


class BrusselsDay(models.Func):
    """The date in Brussels, as an expression that PostgreSQL accepts in an index
    (immutable).
    """

    template = "((%(expressions)s) AT TIME ZONE 'Europe/Brussels')::date"
    output_field = models.DateField()


class TariffQuerySet[M: models.Model](OfOffice, RecordedQuerySet[M]):
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
        """Prices in force on this date, without free ones: at most one a category."""
        return (
            self._on(on).filter(office=office).exclude(category=TariffCategory.WAIVER)
        )

    def every(self, *, office: Office, on: datetime.date) -> Self:
        """All prices in force on this date, free ones included: at most one row a
        category.
        """
        return self._on(on).filter(office=office)

    def _on(self, date: datetime.date) -> Self:
        until = Q(valid_until__isnull=True) | Q(valid_until__gte=date)
        return self.filter(until, valid_from__lte=date)


class PaymentQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    office_path = "dossier__office"

    def by(self, method: Method) -> Self:
        return self.filter(method=method)

    def not_replaced(self) -> Self:
        """The payments that no correction has replaced: at most one a dossier."""
        return self.filter(replaced_by__isnull=True)

    def that_stands(self, dossier: Dossier) -> M | None:
        """The dossier's payment that no correction has replaced, or None."""
        return self.not_replaced().filter(dossier=dossier).first()

    def as_taken(self) -> Self:
        """The payments that are not corrections: at most one a dossier."""
        return self.filter(AS_TAKEN)

    def corrections(self) -> Self:
        return self.filter(replaces__isnull=False)

    def in_their_place(self) -> Self:
        """The payments that count in a drawer or on a terminal, under their method.

        Not those that a correction took off it while it could still be counted, and not
        the late corrections, which are counted nowhere. The sums of a day are those of
        the report (payments.closing.report), except for a drawer that stays open at
        night: what is corrected on the next day leaves the day on which it was taken.
        """
        reversals: Any = self.model._meta.get_field("reversals").related_model
        taken_off = reversals.objects.corrections().filter(
            payment=models.OuterRef("pk"), late=False
        )
        return self.filter(~models.Exists(taken_off), late=False)

    def taken_between(self, start: datetime.datetime, end: datetime.datetime) -> Self:
        """From `start` until just before `end`."""
        return self.filter(taken_at__gte=start, taken_at__lt=end)

    def with_slip(self, slip: str, *, on: datetime.date) -> Self:
        """Card payments of this date in Brussels that use this slip number.

        Without the late ones, which count on no terminal (`Payment.late`).
        """
        today = self._using_slip(slip).filter(late=False)
        return today.alias(_day=BrusselsDay("taken_at")).filter(_day=on)

    def late_with_slip(self, slip: str, *, on: datetime.date) -> Self:
        """Late corrections to card that use this slip number (`Payment.late`).

        `on` is the date in Brussels of the dossier's first payment, because that is the
        day on which the slip was printed.
        """
        first = self.model._default_manager.filter(replaces__isnull=True)
        then = first.alias(_day=BrusselsDay("taken_at")).filter(_day=on)
        late = self._using_slip(slip).filter(late=True)
        return late.filter(dossier__in=then.values("dossier"))

    def _using_slip(self, slip: str) -> Self:
        """Card payments with this slip number that no correction has replaced."""
        cards = self.not_replaced().filter(method__in=lying_in(Place.TERMINAL))
        keyed = cards.alias(_slip=SlipKey("terminal_slip"))
        return keyed.filter(_slip=SlipKey(models.Value(slip)))


class TerminalQuerySet[M: models.Model](OfOffice, RecordedQuerySet[M]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def preset_for(self, clerk: Clerk) -> M | None:
        """The terminal at the clerk's desk, or the only one of the office.

        None when there are several: then the clerk has to choose.
        """
        desk_id = clerk.sign_in.desk_id
        there = self.filter(desks=desk_id) if desk_id else self.none()
        for rows in (there, self):
            first_two = list(rows[:2])
            if first_two:
                return first_two[0] if len(first_two) == 1 else None
        return None


class TerminalTotalQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    office_path = "terminal__office"


class DrawerQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    def open(self) -> Self:
        """Open drawers: the only ones on which money may be booked."""
        return self.filter(state=DrawerState.OPEN)

    def own(self, clerk: Clerk) -> Self:
        """The clerk's own drawers, also those of an office where the clerk worked
        before: whoever opened a drawer counts and closes it.
        """
        return self.filter(clerk=clerk)

    def with_clerk(self, clerk: Clerk) -> Self:
        """The clerk's own drawer that is not closed yet: at most one row."""
        return self.own(clerk).filter(state__in=WITH_THE_CLERK)


class CountQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    office_path = "session__office"


class MovementQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    office_path = "session__office"


class ReceiptQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    pass


class ReversalQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    office_path = "payment__dossier__office"

    def with_slip(self, slip: str, *, on: datetime.date) -> Self:
        """Refunds on a terminal booked on this date with this slip number."""
        with_slip = self.booked_on(on).exclude(refund_slip="")
        keyed = with_slip.alias(_slip=SlipKey("refund_slip"))
        return keyed.filter(_slip=SlipKey(models.Value(slip)))

    def asked(self) -> Self:
        return self.filter(state=ReversalState.ASKED)

    def agreed(self) -> Self:
        """Reversals that are agreed to and whose money is not handed over yet."""
        return self.filter(state=ReversalState.AGREED)

    def settled(self) -> Self:
        """Reversals that count in drawers, day closings and exports.

        The money was handed over or refunded on the terminal, the finance service makes
        a bank transfer, or the method was corrected in the books.
        """
        return self.filter(state=ReversalState.SETTLED)

    def booked_on(self, date: datetime.date) -> Self:
        return self.settled().filter(booked_on=date)

    def money(self) -> Self:
        """Reversals that give the person money, now or by bank transfer."""
        return self.settled().exclude(refund_method=RefundMethod.BOOKS)

    def corrections(self) -> Self:
        return self.settled().filter(refund_method=RefundMethod.BOOKS)

    def by_bank(self) -> Self:
        """Reversals that the finance service pays by bank transfer."""
        return self.settled().filter(refund_method=RefundMethod.TRANSFER)

    def not_paid_yet(self) -> Self:
        return self.by_bank().filter(bank_refund__isnull=True)


class BankRefundQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    office_path = "reversal__payment__dossier__office"


class ExportQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    pass
