"""Noting that the finance service paid a reversal back (docs/domain.md#money)."""

import uuid
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.exceptions import is_unique_violation
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from counter.roles import matrix
from payments.desk import role_rights
from payments.models import BankRefund, Reversal
from payments.reversals.reversing import ReversalRefusedError


def note_refund(
    *, reversal_id: uuid.UUID, supervisor: Clerk, paid_on: date, at: datetime
) -> BankRefund:
    """Note that a reversal was paid back on `paid_on`, a date in Brussels; once only.

    Raises ReversalRefusedError for somebody who is no supervisor, for a reversal that
    the finance service does not pay, for a date in the future or before the reversal,
    and when it was noted already.
    """
    if not matrix.may(supervisor, role_rights.DECIDE_REVERSAL):
        raise ReversalRefusedError(_("Only a supervisor decides on a reversal."))
    rows = Reversal.objects.visible_to(supervisor).by_bank()
    reversal = rows.select_related("payment__dossier").filter(pk=reversal_id).first()
    if reversal is None or reversal.booked_on is None:
        raise ReversalRefusedError(_("The finance service has nothing to pay back."))
    if paid_on > timezone.localdate(at):
        raise ReversalRefusedError(_("This date lies in the future."))
    if paid_on < reversal.booked_on:
        raise ReversalRefusedError(
            _("It was left to the finance service after that day.")
        )
    try:
        with transaction.atomic():
            refund = BankRefund.objects.create(
                reversal=reversal, paid_on=paid_on, noted_by=supervisor, noted_at=at
            )
            journal.write(
                Event.REFUND_PAID,
                {"amount": str(reversal.amount), "date": paid_on.isoformat()},
                dossier=reversal.payment.dossier,
                clerk=supervisor,
            )
    except IntegrityError as error:
        if not is_unique_violation(error, BankRefund):
            raise
        raise ReversalRefusedError(_("That was noted already.")) from None
    return refund
