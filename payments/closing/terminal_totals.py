"""Noting a terminal's total of a day."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from payments.models import Terminal, TerminalTotal


@transaction.atomic
def note_total(
    *, terminal: Terminal, date: datetime.date, amount: Decimal, clerk: Clerk
) -> None:
    """Store the total, in euros, that the terminal reports for a date in Brussels.

    A later call replaces the amount, and the journal has both; a call with the same
    amount changes nothing.
    """
    details = {
        "terminal": str(terminal),
        "date": date.isoformat(),
        "amount": str(amount),
    }
    event = Event.TERMINAL_COUNTED
    noted = {"amount": amount, "noted_by": clerk, "noted_at": timezone.now()}
    total, is_first = TerminalTotal.objects.select_for_update().get_or_create(
        terminal=terminal, date=date, defaults=noted
    )
    if not is_first:
        if total.amount == amount:
            return
        event = Event.TERMINAL_COUNTED_ANEW
        details["amount_before"] = str(total.amount)
        TerminalTotal.objects.filter(pk=total.pk).update(**noted)
    journal.write(event, details, clerk=clerk, office=terminal.office)
