"""What this app adds to the supervisor's start page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from counter.models import Clerk
from counter.overview import measuring
from counter.overview.brought import Backlog, Figure, Overview, Value
from counter.overview.spans import Span, Spans, list_of
from notifications.admin import WaitingFilter
from notifications.enums import DeliveryState
from notifications.models import Delivery


def _refused(clerk: Clerk, spans: Spans) -> Sequence[Value]:
    rows = Delivery.objects.visible_to(clerk).filter(state=DeliveryState.REFUSED)
    return measuring.each(rows, "refused_at", spans)


def _refused_of(span: Span) -> str:
    query = span.query("refused_at", state__exact=DeliveryState.REFUSED.value)
    return list_of("notifications_delivery", query)


def _late(clerk: Clerk, at: datetime) -> int:
    return Delivery.objects.visible_to(clerk).late(at).count()


def _unknown(clerk: Clerk, at: datetime) -> int:
    rows = Delivery.objects.visible_to(clerk).to_decide(at)
    return rows.filter(state=DeliveryState.UNKNOWN).count()


def _dead(clerk: Clerk, at: datetime) -> int:
    rows = Delivery.objects.visible_to(clerk).to_decide(at)
    return rows.filter(state=DeliveryState.DEAD).count()


def _to_decide(state: DeliveryState) -> str:
    query = {
        "state__exact": state.value,
        WaitingFilter.parameter_name: WaitingFilter.TO_DECIDE,
    }
    return list_of("notifications_delivery", urlencode(query))


OVERVIEW: Final = Overview(
    figures=(Figure(80, _("mails refused"), _refused, _refused_of),),
    backlogs=(
        Backlog(
            20,
            _("mails late"),
            _late,
            lambda _at: list_of(
                "notifications_delivery",
                urlencode({WaitingFilter.parameter_name: WaitingFilter.LATE}),
            ),
            is_urgent=True,
        ),
        Backlog(
            25,
            _("mails of which nobody knows whether they arrived"),
            _unknown,
            lambda _at: _to_decide(DeliveryState.UNKNOWN),
            is_urgent=True,
        ),
        Backlog(
            26,
            _("mails given up after a day of tries"),
            _dead,
            lambda _at: _to_decide(DeliveryState.DEAD),
            is_urgent=True,
        ),
    ),
)
