"""What supervisors do with the public's messages.

Each act locks the message, writes the journal and is refused where the message is
handled already: what a colleague did stays theirs. Nobody handles their own or their
family's (counter.enquiries.own_people); all may give it to somebody else.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from counter import signals
from counter.enquiries import own_people
from counter.enquiries.reasons import HandledReason
from counter.exceptions import CounterError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Enquiry

LONGEST_ANSWER: Final = 4000


class AlreadyHandledError(CounterError):
    """A colleague handled the message meanwhile."""

    def __init__(self, enquiry: Enquiry) -> None:
        who = str(enquiry.handled_by or "")
        super().__init__(_("%(who)s handled this message already.") % {"who": who})


class NoAddressError(CounterError):
    """The sender left no address."""

    def __init__(self) -> None:
        super().__init__(_("The sender left no e-mail address to answer to."))


@transaction.atomic
def give(*, enquiry: Enquiry, to: Clerk, by: Clerk) -> Enquiry:
    """Make `to` the owner: who answers it, and is asked when it is late.

    Nothing is written when it is theirs already. AlreadyHandledError; OwnMessageError
    and FamilyMessageError of `to`.
    """
    enquiry = _lock_open(enquiry)
    own_people.refuse(enquiry, to)
    if enquiry.owner_id == to.pk:
        return enquiry
    enquiry.owner = to
    enquiry.save(update_fields=["owner"])
    details = {"who": to.username}
    journal.write(
        Event.ENQUIRY_GIVEN, details, subject=enquiry, clerk=by, office=enquiry.office
    )
    return enquiry


@transaction.atomic
def answer(*, enquiry: Enquiry, text: str, by: Clerk, at: datetime) -> Enquiry:
    """Send this text to who asked, through the outbox, and mark the message handled.

    AlreadyHandledError; NoAddressError where there is nobody to send it to;
    OwnMessageError and FamilyMessageError.
    """
    enquiry = _lock_open(enquiry)
    own_people.refuse(enquiry, by)
    if not enquiry.email:
        raise NoAddressError
    enquiry.answer = text
    enquiry.owner = enquiry.owner or by
    enquiry.handled_at, enquiry.handled_by = at, by
    enquiry.save(update_fields=["answer", "owner", "handled_at", "handled_by"])
    journal.write(
        Event.ENQUIRY_ANSWERED, subject=enquiry, clerk=by, office=enquiry.office
    )
    signals.enquiry_answered.send(sender=Enquiry, enquiry=enquiry, at=at)
    return enquiry


@transaction.atomic
def mark_handled(
    *,
    enquiries: QuerySet[Enquiry],
    reason: HandledReason,
    by: Clerk,
    at: datetime,
) -> int:
    """Say who, when and why, once, without an answer from here. How many there were.

    OwnMessageError and FamilyMessageError for one of them leave all as they are.
    """
    marked = 0
    for enquiry in still_open(enquiries).select_for_update(of=("self",)):
        own_people.refuse(enquiry, by)
        enquiry.handled_at, enquiry.handled_by = at, by
        enquiry.save(update_fields=["handled_at", "handled_by"])
        journal.write(
            Event.ENQUIRY_HANDLED,
            {"reason": reason},
            subject=enquiry,
            clerk=by,
            office=enquiry.office,
        )
        marked += 1
    return marked


def still_open(enquiries: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    return enquiries.filter(handled_at__isnull=True)


def _lock_open(enquiry: Enquiry) -> Enquiry:
    """The message as it is now, until the transaction ends."""
    rows = Enquiry.objects.select_for_update(of=("self",))
    locked = rows.select_related("office", "owner", "handled_by").get(pk=enquiry.pk)
    if locked.handled_at is not None:
        raise AlreadyHandledError(locked)
    return locked
