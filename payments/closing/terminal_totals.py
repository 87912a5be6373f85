"""What a terminal says it took on a day, noted and noted anew."""

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
    """Keep the terminal's total of the date in Brussels, in euros.

    Noted again, the later one counts, and the journal has both; the same amount again
    changes nothing.
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
