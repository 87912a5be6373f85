"""What the outbox keeps of messages, and for how long (counter.retention).

It keeps that a message was sent, when, and with which answer. It never contained the
text and the address.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from counter.retention.own_rules import PUBLIC_TASK
from counter.retention.registry import DAY, Act, Retention, Rule
from notifications.enums import DeliveryState
from notifications.models import Delivery

#: Longer than the period in which one reminder may be sent, because the row itself
#: shows that it was sent (notifications.reminders).
DELIVERY_KEPT: Final = 62 * DAY


def _settled(until: datetime) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(created_at__lte=until)
    return rows.exclude(state=DeliveryState.WAITING)


def _forget_dossiers(dossiers: list[UUID], _at: datetime) -> None:
    Delivery.objects.filter(dossier__in=dossiers).delete()


def _forget_people(people: list[UUID], _at: datetime) -> None:
    Delivery.objects.filter(
        Q(holder__applicant__in=people) | Q(dossier__applicant__in=people)
    ).delete()


RETENTION: Final = Retention(
    rules=(
        Rule(
            code="delivery",
            order=80,
            model="notifications.Delivery",
            data=_("that a message was sent, and what the mail server answered"),
            event=_("the day it was put in the outbox"),
            act=Act.DELETED,
            ground=PUBLIC_TASK,
            period=DELIVERY_KEPT,
            past=_settled,
            dossiers=("dossier",),
            people=("holder__applicant",),
        ),
    ),
    forget_dossiers=_forget_dossiers,
    forget_people=_forget_people,
)
