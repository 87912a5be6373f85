"""An export makes as many queries for many rows as for few."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activation.enums import SignInResult
from activation.models import SignInActivity
from counter.enums import DossierState
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from counter.retention.reasons import ExportReason
from counter.rights import exporting
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from tests import cast
from tests.counter.retention.person import EMAIL, Whole, end, paid


def queries(whole: Whole, supervisor: Clerk) -> int:
    with CaptureQueriesContext(connection) as asked:
        made = exporting.export(
            person=whole.person,
            clerk=supervisor,
            reason=ExportReason.ASKED,
            language="nl",
            at=timezone.now(),
        )
    assert made.parts
    return len(asked)


def came_again(whole: Whole, els: Clerk) -> None:
    """Another visit of the same person, with one more of each of several rows."""
    now = timezone.now()
    dossier = cast.make_dossier(whole.person, els, email=EMAIL)
    paid(dossier, els)
    end(dossier, DossierState.LAPSED, "lapsed_at")
    SignInActivity.objects.create(
        holder=whole.holder,
        key=whole.key,
        at=now,
        kind=whole.key.kind,
        result=SignInResult.SIGNED_IN,
    )
    Delivery.objects.create(
        kind=Kind.ACTIVATION_LINK,
        channel=Channel.MAIL,
        subject=dossier.pk,
        dossier=dossier,
        state=DeliveryState.SENT,
        created_at=now,
        not_before=now,
        sent_at=now,
    )
    journal.write(Event.DOSSIER_OPENED, dossier=dossier, clerk=els)


def test_it_makes_no_query_for_each_row(peter: Whole, els: Clerk, sofie: Clerk) -> None:
    came_again(peter, els)
    of_two = queries(peter, sofie)
    for _ in range(3):
        came_again(peter, els)
    assert queries(peter, sofie) == of_two
