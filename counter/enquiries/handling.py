"""The services by which supervisors handle messages of the public.

Each service locks the message, writes a journal entry, and refuses a message that a
colleague has handled already. Supervisors may not handle messages of themselves or
their family (counter.enquiries.own_people), but may give them to somebody else.
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


class TakenMeanwhileError(CounterError):
    """The message got another owner after this supervisor's page was opened."""

    def __init__(self, enquiry: Enquiry) -> None:
        sentence = _(
            "%(who)s has this message since you opened the page. Send your answer "
            "again if it has to go all the same."
        )
        super().__init__(sentence % {"who": str(enquiry.owner or "")})


class NoAddressError(CounterError):
    """The sender left no e-mail address."""

    def __init__(self) -> None:
        super().__init__(_("The sender left no e-mail address to answer to."))


@transaction.atomic
def give(*, enquiry: Enquiry, to: Clerk, by: Clerk) -> Enquiry:
    """Make `to` the owner of the message, who has to answer it.

    Does nothing when `to` is the owner already. Raises AlreadyHandledError, and
    OwnMessageError or FamilyMessageError when it is a message of `to` or their family.
    """
    enquiry = lock_open(enquiry)
    own_people.refuse(enquiry, to)
    if enquiry.owner_id == to.pk:
        return enquiry
    enquiry.owner = to
    enquiry.save(update_fields=["owner"])
    details = {"who": to}
    journal.write(
        Event.ENQUIRY_GIVEN, details, subject=enquiry, clerk=by, office=enquiry.office
    )
    return enquiry


@transaction.atomic
def answer(*, enquiry: Enquiry, text: str, by: Clerk, at: datetime) -> Enquiry:
    """Mail this text to the sender, through the outbox, and mark the message handled.

    Raises AlreadyHandledError, NoAddressError, OwnMessageError and FamilyMessageError.
    """
    enquiry = lock_open(enquiry)
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
    """Mark the open ones of these messages as handled without an answer; returns how
    many.

    Raises OwnMessageError or FamilyMessageError when one of them may not be handled by
    this supervisor; then none is marked.
    """
    marked = 0
    messages = still_open(enquiries).select_related("office")
    for enquiry in messages.select_for_update(of=("self",)):
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


def lock_open(enquiry: Enquiry) -> Enquiry:
    """Lock the message until the transaction ends, and return it as it is now.

    Raises AlreadyHandledError.
    """
    rows = Enquiry.objects.select_for_update(of=("self",))
    locked = rows.select_related("office", "owner", "handled_by").get(pk=enquiry.pk)
    if locked.handled_at is not None:
        raise AlreadyHandledError(locked)
    return locked
