"""The figures about money on the supervisor's start page."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from counter.models import Clerk
from counter.overview.brought import Backlog, Figure, Overview, Value, as_euro
from counter.overview.measuring import within
from counter.overview.spans import Span, Spans, list_of
from payments.enums import OPEN_REVERSALS, WITH_THE_CLERK, DrawerState, Method
from payments.models import DrawerSession, Payment, Reversal
from payments.taking.methods import PAID_BY

#: The parameter of the list's filter for what these figures add up.
COUNTED: Final = "counted"


def _taken_by(method: Method, order: int) -> Figure:
    """The sum of the payments by this method, as in the report of the takings.

    A payment that was corrected in time counts as it was paid. A later correction
    changes neither day: it is in the report's column of its own.
    """

    def measure(clerk: Clerk, spans: Spans) -> Sequence[Value]:
        rows = Payment.objects.visible_to(clerk).in_their_place().by(method).order_by()
        wanted = {
            f"span{place}": Sum(
                "amount", filter=within("taken_at", span), default=Decimal(0)
            )
            for place, span in enumerate(spans)
        }
        recent = rows.filter(taken_at__gte=spans.first)
        return list(recent.aggregate(**wanted).values())

    def address(span: Span) -> str:
        query = span.query("taken_at", method__exact=method.value, **{COUNTED: "yes"})
        return list_of("payments_payment", query)

    return Figure(order, method.label, measure, address, as_euro)


def _open_drawers(clerk: Clerk, _at: datetime) -> int:
    rows = DrawerSession.objects.visible_to(clerk)
    return rows.filter(state__in=WITH_THE_CLERK).count()


def _unapproved_drawers(clerk: Clerk, _at: datetime) -> int:
    rows = DrawerSession.objects.visible_to(clerk)
    return rows.filter(state=DrawerState.CLOSED).count()


def _reversals(clerk: Clerk, _at: datetime) -> int:
    rows = Reversal.objects.visible_to(clerk)
    return rows.filter(state__in=OPEN_REVERSALS).count()


def _in_states(model: str, states: Sequence[str]) -> str:
    return list_of(f"payments_{model}", urlencode({"state__in": ",".join(states)}))


OVERVIEW: Final = Overview(
    figures=tuple(
        _taken_by(method, 100 + 10 * place) for place, method in enumerate(PAID_BY)
    ),
    backlogs=(
        Backlog(
            30,
            _("drawers open"),
            _open_drawers,
            lambda _at: _in_states("drawersession", WITH_THE_CLERK),
        ),
        Backlog(
            40,
            _("drawers to approve"),
            _unapproved_drawers,
            lambda _at: _in_states("drawersession", [DrawerState.CLOSED]),
            is_urgent=True,
        ),
        Backlog(
            50,
            _("money to give back"),
            _reversals,
            lambda _at: _in_states("reversal", OPEN_REVERSALS),
            is_urgent=True,
        ),
    ),
)
