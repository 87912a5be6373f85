"""Steps of tests that issue a code and reissue it."""

import pytest
from django.utils import timezone

from activation.codes.reissuing import reissue_code
from activation.enums import ReissueReason
from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from notifications.enums import DeliveryState
from notifications.models import Delivery
from tests import cast


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    return cast.make_code(dossier, els)[0]


def all_sent() -> None:
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=timezone.now())


def reissued(
    dossier: Dossier,
    clerk: Clerk,
    code: ActivationCode,
    supervisor: Clerk | None = None,
) -> ActivationCode:
    return reissue_code(
        dossier=dossier,
        clerk=clerk,
        reason=ReissueReason.SHEET_LOST,
        code_id=code.pk,
        document_seen=True,
        supervisor=supervisor,
        at=timezone.now(),
    )
