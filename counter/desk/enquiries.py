"""What is done with the public's messages."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Enquiry


@transaction.atomic
def mark_handled(*, enquiries: QuerySet[Enquiry], by: Clerk, at: datetime) -> int:
    """Say who and when, once: what a colleague marked stays theirs. How many."""
    open_ones = enquiries.filter(handled_at__isnull=True).select_for_update(
        of=("self",)
    )
    marked = 0
    for enquiry in open_ones:
        enquiry.handled_at, enquiry.handled_by = at, by
        enquiry.save(update_fields=["handled_at", "handled_by"])
        office = enquiry.office
        journal.write(Event.ENQUIRY_HANDLED, subject=enquiry, clerk=by, office=office)
        marked += 1
    return marked
