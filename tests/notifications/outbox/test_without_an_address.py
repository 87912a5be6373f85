"""A message whose reader has no address is dropped, and says so."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from activation.enums import Change
from activation.models import AddressChange, HolderChange
from counter.enums import AccountAct
from counter.models import AccountChange, Clerk, Dossier, Office
from notifications.enums import Channel, DeliveryState, Kind, Skipped
from notifications.models import Delivery
from notifications.outbox import outbox
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.activation.holder.helpers import make_holder
from tests.mail_server import MailServer
from tests.notifications.acts import state_of


def test_without_an_address_it_says_that(
    waiting: Delivery, mail_server: MailServer
) -> None:
    Dossier.objects.update(email="")

    deliver_due()

    assert state_of(waiting) == DeliveryState.DROPPED
    assert waiting.dropped_because == Skipped.NO_ADDRESS


def without_old_address(_els: Clerk, dossier: Dossier) -> None:
    change = AddressChange.objects.create(
        dossier=dossier, clerk=dossier.recorded_by, at=timezone.now(), old_email=""
    )
    put(Kind.ADDRESS_CHANGED, change.pk, dossier=dossier)


def without_office_address(_els: Clerk, dossier: Dossier) -> None:
    Office.objects.update(email="")
    change = AddressChange.objects.create(
        dossier=dossier, clerk=dossier.recorded_by, at=timezone.now()
    )
    put(Kind.ADDRESS_OBJECTED, change.pk, dossier=dossier)


def without_address_of_a_colleague(els: Clerk, _dossier: Dossier) -> None:
    change = AccountChange.objects.create(
        account=els, act=AccountAct.APP_RESET, at=timezone.now()
    )
    put(Kind.ACCOUNT_OWNER, change.pk, account_change=change)


def without_address_of_a_holder(els: Clerk, dossier: Dossier) -> None:
    holder = make_holder(dossier, els)
    holder.email = dossier.email = ""
    holder.save()
    dossier.save()
    change = HolderChange.objects.create(
        holder=holder, at=timezone.now(), act=Change.PASSWORD
    )
    put(Kind.HOLDER_CHANGED, change.pk, holder=holder)


def put(kind: Kind, subject: uuid.UUID, **filed_under: Any) -> None:
    outbox.put(
        kind=kind,
        channel=Channel.MAIL,
        subject=subject,
        at=timezone.now(),
        **filed_under,
    )


@pytest.mark.parametrize(
    "mail",
    [
        without_old_address,
        without_office_address,
        without_address_of_a_colleague,
        without_address_of_a_holder,
    ],
)
def test_whatever_it_is_about_without_an_address_it_says_that(
    els: Clerk,
    dossier: Dossier,
    mail_server: MailServer,
    mail: Callable[[Clerk, Dossier], None],
) -> None:
    mail(els, dossier)

    assert deliver_due().outcomes == {SendingOutcome.DROPPED: 1}

    assert Delivery.objects.get().dropped_because == Skipped.NO_ADDRESS
