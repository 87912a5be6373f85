"""Asking no fee: a supervisor's decision, with its reason (DOMAIN.md, section 6)."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from counter import journal
from counter.enums import DossierState, Event, Role
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier
from counter.services import move
from payments.enums import Method, WaiverReason
from payments.models import Payment
from payments.services.booking import book
from payments.services.taking import tariff_in_force


class WaiverRefusedError(CounterError):
    """Who agreed is no supervisor of this office."""


def waive_fee(
    *,
    dossier: Dossier,
    clerk: Clerk,
    supervisor: Clerk,
    reason: WaiverReason,
    submission: uuid.UUID,
    at: datetime,
) -> Payment:
    """Book a payment of nothing and move the dossier to paid.

    The tariff that would have been due stays on it, and it has a receipt's number, so
    that codes and receipts go on matching. Raises WaiverRefusedError, NoTariffError,
    PriceChangedError, or MoveRefusedError when the dossier was paid or closed
    meanwhile.
    """
    if supervisor.role != Role.SUPERVISOR or supervisor.office_id != dossier.office_id:
        raise WaiverRefusedError(_("A supervisor of this office has to agree."))
    tariff = tariff_in_force(dossier.office, at=at)
    with transaction.atomic(savepoint=False):
        move(
            dossier,
            to=DossierState.PAID,
            at=at,
            by=clerk,
            event=Event.PAYMENT_TAKEN,
            details={"amount": "0.00", "method": Method.WAIVER.value},
        )
        journal.write(
            Event.FEE_WAIVED,
            {"reason": reason},
            dossier=dossier,
            clerk=supervisor,
        )
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
