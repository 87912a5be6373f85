"""What a visit writes, written by Django's models and nothing else.

The limit of figure 4: the same rows in one transaction, without the rules, the locks,
the marks and whoever is told. No program on these models can be quicker.
"""

import datetime
import os
import uuid
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from activation.codes.validity import link_end
from activation.models import ActivationCode
from counter.enums import ActorKind, DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.enums import Channel, Kind
from notifications.models import Delivery
from payments.enums import Method
from payments.models import DrawerSession, Payment, Receipt, ReceiptCounter, Tariff


@transaction.atomic
def write(
    dossier: Dossier,
    clerk: Clerk,
    *,
    tariff: Tariff,
    drawer: DrawerSession,
    at: datetime.datetime,
) -> None:
    this = Dossier.objects.filter(pk=dossier.pk)
    this.update(state=DossierState.PAID, paid_at=at)
    _note(Event.PAYMENT_TAKEN, dossier, clerk, {"amount": "10.00", "method": "cash"})
    payment = Payment.objects.create(
        submission=uuid.uuid4(),
        dossier=dossier,
        tariff=tariff,
        taken_by=clerk,
        taken_at=at,
        method=Method.CASH,
        amount=tariff.amount,
        tendered=Decimal("20.00"),
        drawer=drawer,
    )
    counter = ReceiptCounter.objects.filter(office=dossier.office_id, year=at.year)
    counter.update(last=F("last") + 1)
    Receipt.objects.create(
        office_id=dossier.office_id,
        year=at.year,
        # Numbers of its own, so that those of the visits stay without a gap.
        number=uuid.uuid4().int % 2**30 + 2**30,
        payment=payment,
        issued_at=at,
        desk="Loket 1",
        username=clerk.username,
    )
    this.update(state=DossierState.CODE_ISSUED, code_issued_at=at)
    _note(Event.CODE_ISSUED, dossier, clerk, {})
    code = ActivationCode.objects.create(
        dossier=dossier, issued_by=clerk, issued_at=at, valid_until=link_end(at)
    )
    Delivery.objects.create(
        kind=Kind.ACTIVATION_LINK,
        channel=Channel.MAIL,
        subject=code.pk,
        dossier=dossier,
        created_at=at,
        not_before=at,
    )


def _note(
    event: Event, dossier: Dossier, clerk: Clerk, details: dict[str, str]
) -> None:
    JournalEntry.objects.create(
        event=event,
        actor_kind=ActorKind.CLERK,
        clerk=clerk,
        office_id=dossier.office_id,
        dossier=dossier,
        details=details,
        mark=os.urandom(32),
    )
