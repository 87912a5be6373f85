"""Waiving the fee: a supervisor decides it, with a reason (docs/domain.md#the-fee)."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.dossiers.moves import move
from counter.enums import DossierState
from counter.exceptions import CounterError
from counter.journal.events import Event
from counter.models import Clerk, Dossier, Office
from counter.roles import matrix
from counter.staff import same_hands
from payments.desk import role_rights
from payments.enums import Method, TariffCategory, WaiverReason
from payments.models import Payment, Tariff
from payments.taking.booking import book
from payments.taking.taking import tariff_in_force


class WaiverRefusedError(CounterError):
    """The person who agreed is no supervisor of this office."""


def waive_fee(
    *,
    dossier: Dossier,
    clerk: Clerk,
    supervisor: Clerk,
    reason: WaiverReason,
    submission: uuid.UUID,
    at: datetime,
    category: str | None = None,
) -> Payment:
    """Book a payment of 0.00 euros with a receipt, and move the dossier to paid.

    The payment refers to the tariff that is waived: the one of `category`, or without a
    category the office's only price. For a person who is exempt under the regulation it
    refers to the office's free tariff, if there is one (decision 012).

    Raises WaiverRefusedError, SameHandsError (counter.staff.same_hands), NoTariffError,
    PriceChangedError, or MoveRefusedError when the dossier was paid or closed.
    """
    if (
        not matrix.may(supervisor, role_rights.WAIVE_FEE)
        or supervisor.office_id != dossier.office_id
    ):
        raise WaiverRefusedError(_("A supervisor of this office has to agree."))
    same_hands.refuse(clerk, supervisor, at=at, may_alone=True)
    tariff = _waived_tariff(dossier, reason, category, at=at)
    with transaction.atomic(savepoint=False):
        _move_to_paid(dossier, supervisor, reason, at=at)
        return book(
            dossier=dossier,
            submission=submission,
            tariff=tariff,
            taken_by=clerk,
            taken_at=at,
            method=Method.WAIVER,
            amount=Decimal("0.00"),
            waiver_reason=reason,
            approved_by=supervisor,
        )


def _move_to_paid(
    dossier: Dossier, supervisor: Clerk, reason: WaiverReason, *, at: datetime
) -> None:
    move(
        dossier,
        to=DossierState.PAID,
        at=at,
        by=supervisor,
        event=Event.FEE_WAIVED,
        details={"reason": reason.value},
    )


def says_the_same(payment: Payment, reason: str, category: str | None) -> bool:
    """Whether a form that was sent again has the same details as the booked waiver.

    `category` is None or empty when the form asks for none. Under the office's free
    tariff no price is waived, whichever one the form names.
    """
    booked = payment.tariff.category
    is_same_price = booked in (category or booked, TariffCategory.WAIVER)
    return payment.waiver_reason == reason and is_same_price


def _waived_tariff(
    dossier: Dossier, reason: WaiverReason, category: str | None, *, at: datetime
) -> Tariff:
    free = free_tariff(dossier.office, reason, at=at)
    return free or tariff_in_force(dossier.office, at=at, category=category)


def free_tariff(office: Office, reason: WaiverReason, *, at: datetime) -> Tariff | None:
    """The office's free tariff on the Brussels date of `at` (decision 012).

    None when the reason is not an exemption under the regulation, or when the office
    has no free tariff.
    """
    if reason is not WaiverReason.REGULATION:
        return None
    return Tariff.objects.in_force(
        office=office, on=timezone.localdate(at), category=TariffCategory.WAIVER
    ).first()
