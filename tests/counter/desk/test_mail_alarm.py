"""A refused mail is an alarm while it is the last mail of its dossier."""

import itertools
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes.issuing import new_code
from activation.codes.reissuing import correct_email
from activation.models import ActivationCode
from counter.desk.dashboard import counts_since
from counter.desk.search import search
from counter.models import Clerk, Dossier
from notifications.bounces import noting
from notifications.desk.unreached import with_refused_mail
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from notifications.outbox import marking, outbox
from tests.counter.desk.refused_mail import ALARM, code, is_listed, mail, page
from tests.notifications.bounces.test_noting import report

__all__ = ["code"]


pytestmark = pytest.mark.usefixtures("english")
START = datetime.fromisoformat("2026-03-20T10:00:00+01:00")


def counted(clerk: Clerk) -> int:
    midnight = timezone.now() - timedelta(hours=12)
    return {str(name): n for name, n in counts_since(midnight, clerk=clerk)}[
        "mails refused"
    ]


def alarms(client: Client, clerk: Clerk, dossier: Dossier) -> set[bool]:
    """Whether each place shows the alarm: one value when all places agree."""
    desk = client.get(reverse("counter_desk:desk")).content.decode()
    (listed,) = search("Janssens", clerk=clerk).dossiers
    last = listed.deliveries.all()[:1]
    admin = with_refused_mail(Dossier.objects.all()).filter(pk=dossier.pk)
    return {
        is_listed(clerk),
        counted(clerk) == 1,
        "Correct the address" in desk,
        ALARM in page(client, dossier),
        ALARM in page(client, dossier, "notifications_desk:mail_state"),
        bool(last) and last[0].state == DeliveryState.REFUSED,
        admin.exists(),
    }


@pytest.mark.parametrize(
    ("later", "is_alarm"),
    [
        (None, True),
        (DeliveryState.WAITING, False),
        (DeliveryState.SENT, False),
        (DeliveryState.REFUSED, True),
        (DeliveryState.DROPPED, True),
    ],
)
def test_a_refused_mail_counts_while_it_is_the_last_one(
    els: Clerk,
    els_client: Client,
    code: ActivationCode,
    later: DeliveryState | None,
    *,
    is_alarm: bool,
) -> None:
    mail(code.dossier, DeliveryState.REFUSED, kind=Kind.ACTIVATION_LINK)
    if later is not None:
        mail(code.dossier, later, minute=5)
    assert alarms(els_client, els, code.dossier) == {is_alarm}


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        (Kind.NOT_MINE, Channel.MAIL),  # to the office's own mailbox
        (Kind.ONE_TIME_CODE, Channel.SMS),  # to a number that the person typed
    ],
)
def test_a_message_to_somebody_or_somewhere_else_says_nothing_of_the_address(
    els: Clerk,
    els_client: Client,
    code: ActivationCode,
    kind: Kind,
    channel: Channel,
) -> None:
    mail(code.dossier, DeliveryState.SENT)
    other = mail(
        code.dossier, DeliveryState.REFUSED, minute=5, kind=kind, channel=channel
    )
    assert alarms(els_client, els, code.dossier) == {False}
    other.delete()
    mail(code.dossier, DeliveryState.REFUSED, minute=6)
    mail(code.dossier, DeliveryState.SENT, minute=7, kind=kind, channel=channel)
    assert alarms(els_client, els, code.dossier) == {True}


def test_one_dossier_is_one_alarm_in_whatever_order_the_mails_went(
    els: Clerk, els_client: Client, code: ActivationCode
) -> None:
    states = (DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.DROPPED)
    for order in itertools.product(states, repeat=3):
        Delivery.objects.all().delete()
        for minute, state in enumerate(order):
            mail(code.dossier, state, minute=minute)
        delivered = [state for state in order if state != DeliveryState.DROPPED]
        is_alarm = bool(delivered) and delivered[-1] == DeliveryState.REFUSED
        assert with_refused_mail(Dossier.objects.all()).exists() == is_alarm, order
        assert is_listed(els) == is_alarm
        assert counted(els) == int(is_alarm)


def test_a_mail_that_is_put_off_is_no_refusal(
    els: Clerk, els_client: Client, code: ActivationCode
) -> None:
    mail(code.dossier, DeliveryState.WAITING)
    held = outbox.claim(at=timezone.now())
    assert held
    assert marking.put_off(held, at=timezone.now(), answer="452 mailbox full")
    assert alarms(els_client, els, code.dossier) == {False}


def test_a_corrected_address_ends_the_alarm_and_a_late_bounce_does_not_bring_it_back(
    els: Clerk, sofie: Clerk, els_client: Client, code: ActivationCode
) -> None:
    dossier = code.dossier
    old = mail(dossier, DeliveryState.SENT, kind=Kind.ACTIVATION_LINK)
    earlier = mail(dossier, DeliveryState.REFUSED, minute=1)
    assert alarms(els_client, els, dossier) == {True}
    dossier.refresh_from_db()
    correct_email(
        dossier=dossier,
        clerk=els,
        email="peter.janssens@example.org",
        code_id=code.pk,
        at=timezone.now(),
        document_seen=True,
        supervisor=sofie,
    )
    assert alarms(els_client, els, dossier) == {False}
    came_back = noting.note_bounce(report(old.message_id), at=timezone.now())
    assert came_back == old
    assert alarms(els_client, els, dossier) == {False}
    shown = page(els_client, dossier)
    assert shown.count("A later mail took its place") == 2
    assert "Ask the person to read it to you" not in shown
    links = Delivery.objects.filter(kind=Kind.ACTIVATION_LINK)
    new = links.exclude(pk__in=[old.pk, earlier.pk]).get()
    Delivery.objects.filter(pk=new.pk).update(
        state=DeliveryState.SENT, sent_at=timezone.now()
    )
    noting.note_bounce(report(new.message_id), at=timezone.now())
    assert alarms(els_client, els, dossier) == {True}
    assert "It came back after it was sent" in page(els_client, dossier)


def test_the_new_code_s_mail_is_the_last_one_whatever_became_of_the_old(
    els: Clerk, els_client: Client, code: ActivationCode
) -> None:
    mail(code.dossier, DeliveryState.REFUSED)
    ActivationCode.objects.update(state="replaced", replaced_at=timezone.now())
    new_code(code.dossier, clerk=els, at=timezone.now())
    assert alarms(els_client, els, code.dossier) == {False}


def test_the_admin_lists_those_that_the_desk_lists(
    sofie: Clerk, code: ActivationCode
) -> None:
    client = Client()
    client.force_login(sofie)
    url = reverse("admin:counter_dossier_changelist") + "?mail=refused"
    row = reverse("admin:counter_dossier_change", args=[code.dossier_id])
    mail(code.dossier, DeliveryState.REFUSED)
    assert row in client.get(url).content.decode()
    mail(code.dossier, DeliveryState.SENT, minute=5)
    assert row not in client.get(url).content.decode()


def test_another_office_sees_nothing_of_it(
    gust: Clerk, code: ActivationCode, els_client: Client
) -> None:
    mail(code.dossier, DeliveryState.REFUSED)
    assert not is_listed(gust)
    assert counted(gust) == 0
