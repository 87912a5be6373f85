"""The figures of each lane and channel, as operators read them."""

import datetime
import uuid
from typing import Any

import pytest
from django.utils import timezone

from activation.models import ActivationCode
from counter.models import Dossier
from notifications.enums import Channel, DeliveryState, Kind, Lane, lane_of
from notifications.models import Circuit, Delivery
from notifications.outbox import backlog, circuits, deciding
from notifications.outbox.backlog import Figures
from notifications.outbox.circuits import LaneState

NOW = timezone.now()


def put(dossier: Dossier, kind: Kind, minutes: int = 0, **columns: Any) -> None:
    at = NOW - datetime.timedelta(minutes=minutes)
    Delivery.objects.create(
        kind=kind,
        subject=uuid.uuid4(),
        dossier=dossier,
        created_at=at,
        **{"channel": Channel.MAIL, "not_before": at, **columns},
    )


def of(lane: Lane, channel: Channel = Channel.MAIL) -> Figures:
    return next(
        row
        for row in backlog.figures(at=NOW)
        if (row.lane, row.channel) == (lane, channel)
    )


@pytest.mark.django_db
def test_every_lane_of_every_channel_is_told_also_where_nothing_is() -> None:
    assert backlog.figures(at=NOW) == [
        Figures(lane, channel) for lane in Lane for channel in Channel
    ]


@pytest.mark.parametrize("kind", Kind)
def test_a_row_knows_its_lane_however_it_is_put_in(
    kind: Kind, dossier: Dossier
) -> None:
    put(dossier, kind)

    assert Delivery.objects.get().lane == lane_of(kind)


def test_what_waits_is_told_by_its_age_and_by_what_holds_it(dossier: Dossier) -> None:
    later = NOW + datetime.timedelta(hours=1)
    put(dossier, Kind.ACTIVATION_LINK, 3)
    put(dossier, Kind.LINK_AGAIN, 20, attempts=4, not_before=later)
    put(dossier, Kind.ENQUIRY, 1, attempts=1, leased_until=later)
    put(dossier, Kind.ONE_TIME_CODE, 2, channel=Channel.SMS)

    assert of(Lane.DESK) == Figures(
        Lane.DESK,
        Channel.MAIL,
        waiting=3,
        oldest_unsent_seconds=1200.0,
        put_off=1,
        in_hand=1,
    )
    assert of(Lane.URGENT, Channel.SMS).oldest_unsent_seconds == 120.0
    assert of(Lane.URGENT).waiting == 0


def test_what_became_of_the_rest_is_counted_over_a_day(dossier: Dossier) -> None:
    yesterday = NOW - datetime.timedelta(hours=25)
    for kind in (Kind.REMINDER_WEEK, Kind.REMINDER_LAST):
        put(dossier, kind, state=DeliveryState.SENT, sent_at=NOW)
    put(dossier, Kind.REMINDER_WEEK, state=DeliveryState.SENT, sent_at=yesterday)
    put(dossier, Kind.REMINDER_WEEK, state=DeliveryState.REFUSED, refused_at=NOW)
    put(dossier, Kind.REMINDER_WEEK, state=DeliveryState.DROPPED, dropped_at=NOW)
    for state in (DeliveryState.UNKNOWN, DeliveryState.DEAD):
        put(dossier, Kind.KEY_EXPIRES_30, 0, state=state, **{f"{state}_at": yesterday})

    assert of(Lane.BULK) == Figures(
        Lane.BULK, Channel.MAIL, unknown=1, dead=1, sent=2, refused=1, dropped=1
    )


def unknown(dossier: Dossier, kind: Kind, minutes: int, **columns: Any) -> None:
    columns |= {"state": DeliveryState.UNKNOWN, "unknown_at": NOW}
    put(dossier, kind, minutes, **columns)


def test_what_nobody_is_asked_about_is_not_told_as_waiting_for_a_word(
    dossier: Dossier, code: ActivationCode
) -> None:
    """Such as digits for an activation, and a link that was sent once more."""
    unknown(dossier, Kind.ONE_TIME_CODE, 3, channel=Channel.SMS)
    unknown(dossier, Kind.ACTIVATION_LINK, 20)
    assert of(Lane.URGENT, Channel.SMS).unknown == 0
    assert of(Lane.DESK).unknown == 1
    put(dossier, Kind.LINK_AGAIN, 10, state=DeliveryState.SENT, sent_at=NOW)
    assert of(Lane.DESK).unknown == 0
    unknown(dossier, Kind.KEY_ACTIVATED, 30)
    assert of(Lane.DESK).unknown == 1


def test_the_figures_tell_what_pages_offer_to_decide(
    dossier: Dossier, code: ActivationCode
) -> None:
    for number, kind in enumerate(Kind):
        unknown(dossier, kind, number)
    put(dossier, Kind.LINK_AGAIN, state=DeliveryState.DROPPED, dropped_at=NOW)
    offered = deciding.of_last_mail(dossier) | Delivery.objects.of_no_visit(NOW)
    counted = sum(one.unknown for one in backlog.figures(at=NOW))
    assert counted == offered.distinct().count() > 1


@pytest.mark.django_db
def test_a_lane_that_rests_says_since_when_and_when_it_is_tried_next() -> None:
    next_try = NOW + datetime.timedelta(minutes=1)
    Circuit.objects.create(
        lane=Lane.BULK,
        channel=Channel.MAIL,
        failures=4,
        opened_at=NOW,
        paused_until=next_try,
    )

    first, *_, bulk_mail, bulk_text = circuits.lane_states()

    assert bulk_mail == LaneState(Lane.BULK, Channel.MAIL, 4, NOW, next_try)
    assert bulk_mail.is_resting
    assert not first.is_resting
    assert bulk_text == LaneState(Lane.BULK, Channel.SMS)
