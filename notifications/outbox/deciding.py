"""What a clerk or supervisor decides about a mail that was given up, or whose outcome
is unknown.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError
from counter.journal.events import Event
from counter.models import Clerk, Dossier
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox import marking
from notifications.outbox.waking import wake_up
from notifications.querysets import DeliveryQuerySet


class DecidedError(CounterError):
    """Somebody has decided about the mail already, a newer mail replaced it, or its
    code was used, has lapsed or was paid back.
    """

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing is left to decide: somebody decided it meanwhile, the mail "
                "server said it at last, or the code is over."
            )
        )


def of_last_mail(dossier: Dossier) -> DeliveryQuerySet[Delivery]:
    """The last mail to the dossier's person, if somebody is asked about it; else
    empty.
    """
    return Delivery.objects.of_visits().filter(dossier=dossier)


def of_no_visit(supervisor: Clerk, *, at: datetime) -> DeliveryQuerySet[Delivery]:
    """Undecided mails that belong to no visit, of the supervisor's office or of
    none.
    """
    return Delivery.objects.of_no_visit(at).supervised_by(supervisor)


def dossier_of(supervisor: Clerk, delivery_id: uuid.UUID) -> Dossier | None:
    """The dossier of the person to whom such a mail went; None for mails to staff and
    to the office, and if the supervisor may not see the dossier.
    """
    mails = Delivery.objects.supervised_by(supervisor).select_related("holder")
    mail = mails.filter(pk=delivery_id).first()
    dossiers = Dossier.objects.visible_to(supervisor)
    if mail is not None and mail.holder:
        of_person = dossiers.filter(applicant=mail.holder.applicant_id)
        return of_person.order_by("-recorded_at").first()
    if mail is not None and mail.dossier_id:
        return dossiers.filter(pk=mail.dossier_id).first()
    return None


@transaction.atomic
def send_again(
    *,
    among: DeliveryQuerySet[Delivery],
    delivery_id: uuid.UUID,
    clerk: Clerk,
    at: datetime,
) -> None:
    """Send a mail again, with the same link and a new count of attempts.

    `among` are the mails about which this clerk may decide; raises DecidedError if the
    mail is not among them. If its reason is gone by now, it is dropped when its turn
    comes.
    """
    delivery = _held(among, delivery_id)
    delivery.state = DeliveryState.WAITING
    delivery.planned_for = delivery.not_before = at
    delivery.attempts = delivery.unconfirmed = 0
    delivery.unknown_at = delivery.dead_at = delivery.put_off_since = None
    delivery.save()
    marking.note(Event.MAIL_SENT_AGAIN, delivery, clerk=clerk)
    transaction.on_commit(wake_up)


@transaction.atomic
def note_arrived(
    *,
    among: DeliveryQuerySet[Delivery],
    delivery_id: uuid.UUID,
    clerk: Clerk,
    at: datetime,
) -> None:
    """Note that the mail arrived.

    Raises DecidedError if it is not `among` the mails about which this clerk may
    decide, or if it was given up: then no server ever took it.
    """
    delivery = _held(among.exclude(state=DeliveryState.DEAD), delivery_id)
    delivery.state = DeliveryState.SENT
    delivery.sent_at = at
    delivery.answer = ""
    delivery.save()
    marking.note(Event.MAIL_ARRIVED, delivery, clerk=clerk)


def _held(among: DeliveryQuerySet[Delivery], delivery_id: uuid.UUID) -> Delivery:
    """Lock the row and end its lease, in case a sender that seemed dead is still
    running.

    Raises DecidedError if the row is not `among` those given.
    """
    delivery = (
        among.with_what_it_is_filed_under()
        .select_for_update(of=("self",))
        .filter(pk=delivery_id)
        .first()
    )
    if delivery is None:
        raise DecidedError
    delivery.lease = delivery.leased_until = delivery.handed_over_at = None
    return delivery
