"""Taking the fee."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.enums import DossierState, Event
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier, Office
from counter.services import move
from payments.enums import Method
from payments.models import Payment, Tariff


class NoTariffError(CounterError):
    """The office has no price for this day."""


class TooLittleTenderedError(CounterError):
    """Less was handed over than is due."""


class NoTerminalSlipError(CounterError):
    """A card payment without the number on the terminal's slip."""


def tariff_in_force(office: Office, *, at: datetime) -> Tariff:
    """The office's price on the Brussels date of `at`; NoTariffError without one."""
    on = timezone.localdate(at)
    tariff = Tariff.objects.in_force(office=office, on=on).first()
    if tariff is None:
        raise NoTariffError(_("No price is set for today. Ask the supervisor."))
    return tariff


def take_payment(
    *,
    dossier: Dossier,
    clerk: Clerk,
    method: Method,
    tendered: Decimal | None,
    terminal_slip: str,
    submission: uuid.UUID,
    at: datetime,
) -> Payment:
    """Take the fee of a recorded dossier and move it to paid.

    `tendered` in euros for cash, None for a card; `terminal_slip` for a card.
    Raises NoTariffError, TooLittleTenderedError or NoTerminalSlipError, or
    MoveRefusedError when the dossier was paid, cancelled or redirected meanwhile;
    then nothing is written, and a transaction around it is to be undone.
    """
    tariff = tariff_in_force(dossier.office, at=at)
    if method is Method.CASH and (tendered is None or tendered < tariff.amount):
        raise TooLittleTenderedError(_("Less was handed over than is due."))
    if method is Method.CARD and not terminal_slip:
        raise NoTerminalSlipError(_("Type the number on the terminal's slip."))
    # No savepoint: it is one step of a visit's transaction (PERFORMANCE.md, target 4).
    with transaction.atomic(savepoint=False):
        move(
            dossier,
            to=DossierState.PAID,
            at=at,
            by=clerk,
            event=Event.PAYMENT_TAKEN,
            details={"amount": str(tariff.amount), "method": method.value},
        )
        return Payment.objects.create(
            submission=submission,
            dossier=dossier,
            tariff=tariff,
            taken_by=clerk,
            taken_at=at,
            method=method,
            amount=tariff.amount,
            tendered=tendered if method is Method.CASH else None,
            terminal_slip=terminal_slip if method is Method.CARD else "",
        )
