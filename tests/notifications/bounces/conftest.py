"""A mail that was sent, and has not come back yet."""

import pytest
from django.utils import timezone

from counter.models import Clerk, Dossier
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from tests import cast


@pytest.fixture
def sent(dossier: Dossier, els: Clerk) -> Delivery:
    code, _ = cast.make_code(dossier, els)
    now = timezone.now()
    return Delivery.objects.create(
        kind=Kind.ACTIVATION_LINK,
        channel="mail",
        subject=code.pk,
        dossier=dossier,
        created_at=now,
        not_before=now,
        state=DeliveryState.SENT,
        sent_at=now,
    )
