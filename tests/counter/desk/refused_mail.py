"""A mail of a dossier that was refused, and where the desk shows it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.models import ActivationCode
from counter.desk.dashboard import problems
from counter.models import Clerk, Dossier
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from tests import cast

ALARM = "The mail was refused: the person gets no link"


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    made, _ = cast.make_code(dossier, els, issued_at=timezone.now() - timedelta(days=1))
    return made


def mail(
    dossier: Dossier,
    state: DeliveryState,
    *,
    minute: int = 0,
    kind: Kind = Kind.LINK_AGAIN,
    channel: Channel = Channel.MAIL,
) -> Delivery:
    """Make a message of the dossier, `minute` minutes after the first one."""
    at = timezone.now() - timedelta(hours=1) + timedelta(minutes=minute)
    when = {f"{state}_at": at} if state != DeliveryState.WAITING else {}
    return Delivery.objects.create(
        kind=kind,
        channel=channel,
        subject=Delivery().pk,
        dossier=dossier,
        state=state,
        created_at=at,
        not_before=at,
        **when,
    )


def page(
    client: Client, dossier: Dossier, name: str = "counter_dossiers:dossier"
) -> str:
    url = reverse(name, args=[dossier.pk])
    return client.get(url).content.decode()


def is_listed(clerk: Clerk) -> bool:
    labels = [str(problem.label) for problem in problems(clerk, at=timezone.now())]
    return "mail refused" in labels
