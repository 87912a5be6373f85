"""The right method of a payment, and booking a second payment with it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, assert_never

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError
from counter.models import Clerk
from payments.enums import Method, WaiverReason
from payments.models import DrawerSession, Payment, Tariff, Terminal
from payments.taking import methods
from payments.taking.booking import book
from payments.taking.methods import Place
from payments.taking.taking import tariff_in_force
from payments.taking.waiving import free_tariff


class CorrectionRefusedError(CounterError):
    """The method cannot be corrected, or not by this person."""


@dataclass(frozen=True, kw_only=True)
class RightMethod:
    """How the person really paid; fields of other methods stay empty.

    `category` is the category of the price that was paid or waived. It is needed only
    when the payment was booked on the free tariff and the office has several prices.
    """

    method: Method
    terminal: Terminal | None = None
    terminal_slip: str = ""
    waiver_reason: WaiverReason | None = None
    category: str | None = None

    @property
    def place(self) -> Place:
        """Where money that is paid with this method is: drawer, terminal or nowhere."""
        return methods.record(self.method).place

    def is_of(self, payment: Payment) -> bool:
        """Whether the payment is booked like this already."""
        return is_booked_so(
            payment,
            method=self.method,
            terminal=str(self.terminal.pk if self.terminal else ""),
            terminal_slip=self.terminal_slip,
            waiver_reason=self.waiver_reason or "",
        )


def is_booked_so(
    payment: Payment,
    *,
    method: str,
    terminal: str,
    terminal_slip: str,
    waiver_reason: str,
) -> bool:
    """Whether the payment has this method already, with what belongs to the method.

    `terminal` is the terminal's key as a form sends it. What belongs to another method
    is ignored.
    """
    if method != payment.method:
        return False
    place = methods.record(Method(payment.method)).place
    match place:
        case Place.DRAWER:
            return True
        case Place.TERMINAL:
            booked = (str(payment.terminal_id or ""), payment.terminal_slip)
            return (terminal, terminal_slip) == booked
        case Place.NOWHERE:
            return waiver_reason == payment.waiver_reason
        case _:
            assert_never(place)


def book_right(
    payment: Payment, right: RightMethod, supervisor: Clerk, *, at: datetime
) -> Payment:
    """Book the payment with the right method, which replaces this one; with a receipt.

    Raises CorrectionRefusedError, PriceChangedError or SlipUsedError, as
    `correcting.correct_method` says.
    """
    first = payment.dossier.payments.as_taken().get()
    is_free = right.place is Place.NOWHERE
    tariff = _tariff(payment, right, at=first.taken_at)
    return book(
        dossier=payment.dossier,
        replaces=payment,
        submission=uuid.uuid4(),
        tariff=tariff,
        taken_by=payment.taken_by,
        taken_at=at,
        amount=Decimal("0.00") if is_free else tariff.amount,
        method=right.method,
        waiver_reason=right.waiver_reason or "" if is_free else "",
        approved_by=supervisor if is_free else None,
        **_where(first, right, tariff, at=at),
    )


def _tariff(payment: Payment, right: RightMethod, *, at: datetime) -> Tariff:
    """The tariff for the right method on the day on which the person paid.

    The free tariff is only for those who are exempt under the regulation (decision
    012); another waiver names the price that is waived.
    """
    office = payment.dossier.office
    if right.waiver_reason is not None:
        free = free_tariff(office, right.waiver_reason, at=at)
        if free is not None:
            return free
    if payment.tariff.amount:
        return payment.tariff
    return tariff_in_force(office, at=at, category=right.category)


def _where(
    first: Payment, right: RightMethod, tariff: Tariff, *, at: datetime
) -> dict[str, Any]:
    """The fields that say on which drawer or terminal the payment is booked.

    That depends on when and by whom the dossier's `first` payment was taken.
    """
    match right.place:
        case Place.DRAWER:
            drawer = still_open(_drawer_of_then(first).pk)
            return {"drawer": drawer, "late": drawer is None, "tendered": tariff.amount}
        case Place.TERMINAL:
            return {
                "terminal": right.terminal,
                "terminal_slip": right.terminal_slip,
                "late": not is_today(first.taken_at, at),
            }
        case Place.NOWHERE:
            return {}
        case _:
            assert_never(right.place)


def _drawer_of_then(first: Payment) -> DrawerSession:
    """The drawer that the clerk had open when the person paid."""
    then = first.taken_at
    not_counted = Q(counted_at__isnull=True) | Q(counted_at__gt=then)
    drawer = DrawerSession.objects.filter(
        not_counted,
        office=first.dossier.office_id,
        clerk=first.taken_by_id,
        opened_at__lte=then,
    ).first()
    if drawer is None:
        raise CorrectionRefusedError(
            _("%(who)s had no open drawer then, so no cash can have been taken.")
            % {"who": first.taken_by}
        )
    return drawer


def still_open(drawer_id: uuid.UUID | None) -> DrawerSession | None:
    """Lock the drawer if it is open, so that nobody counts it meanwhile; else None."""
    if drawer_id is None:
        return None
    drawers = DrawerSession.objects.open().filter(pk=drawer_id)
    return drawers.select_for_update(no_key=True).first()


def is_today(then: datetime, at: datetime) -> bool:
    return timezone.localdate(then) == timezone.localdate(at)
