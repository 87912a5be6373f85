"""The figures about codes and keys on the supervisor's start page."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Q, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from activation.desk.stopped_codes import SOON
from activation.enums import CodeState, KeyState
from activation.models import ActivationCode, KeyEndings
from counter.models import Clerk, Dossier
from counter.overview import measuring
from counter.overview.brought import (
    Backlog,
    Figure,
    Forecast,
    Overview,
    Series,
    Value,
    as_duration,
    as_share,
)
from counter.overview.measuring import Median, within
from counter.overview.spans import Span, Spans, list_of, rest_of_year

if TYPE_CHECKING:
    from counter.desk.additions import Rows


#: The end of a span is not part of it, so its last day is that of one instant before.
_INSTANT: Final = timedelta(microseconds=1)


def _recent(clerk: Clerk, spans: Spans) -> "Rows":
    """The dossiers whose code was issued or key activated since the first span began.

    It does not matter when they were recorded.
    """
    since = Q(code_issued_at__gte=spans.first) | Q(activated_at__gte=spans.first)
    return Dossier.objects.visible_to(clerk).filter(since).order_by()


def _codes(clerk: Clerk, spans: Spans) -> Sequence[Value]:
    return measuring.each(_recent(clerk, spans), "code_issued_at", spans)


def _activated(clerk: Clerk, spans: Spans) -> Sequence[Value]:
    return measuring.each(_recent(clerk, spans), "activated_at", spans)


def _share_activated(clerk: Clerk, spans: Spans) -> Sequence[Value]:
    """For each span: of the dossiers that got a code in it, the share that has a key.

    None for a span without codes.
    """
    issued, activated = {}, {}
    for place, span in enumerate(spans):
        of_span = within("code_issued_at", span)
        issued[f"issued{place}"] = Count("pk", filter=of_span)
        activated[f"activated{place}"] = Count(
            "pk", filter=of_span & Q(activated_at__isnull=False)
        )
    row = _recent(clerk, spans).aggregate(**issued, **activated)
    return [
        row[f"activated{place}"] / row[f"issued{place}"]
        if row[f"issued{place}"]
        else None
        for place in range(len(issued))
    ]


def _time_to_key(clerk: Clerk, spans: Spans) -> Sequence[Value]:
    """For each span: the median time from code to key of the keys activated in it."""
    took = F("activated_at") - F("code_issued_at")
    wanted = {
        f"span{place}": Median(took, filter=within("activated_at", span))
        for place, span in enumerate(spans)
    }
    return list(_recent(clerk, spans).aggregate(**wanted).values())


def _codes_of(span: Span) -> str:
    return list_of("counter_dossier", span.query("code_issued_at"))


def _activated_of(span: Span) -> str:
    return list_of("counter_dossier", span.query("activated_at"))


def _codes_by_day(clerk: Clerk, span: Span) -> Iterable[tuple[date, int]]:
    rows = Dossier.objects.visible_to(clerk)
    return measuring.by_day(rows, "code_issued_at", span)


def _activated_by_day(clerk: Clerk, span: Span) -> Iterable[tuple[date, int]]:
    rows = Dossier.objects.visible_to(clerk)
    return measuring.by_day(rows, "activated_at", span)


def _lapsing(clerk: Clerk, at: datetime) -> int:
    codes = ActivationCode.objects.visible_to(clerk).usable(at)
    return codes.filter(within("valid_until", Span(at, at + SOON))).count()


def _lapsing_list(at: datetime) -> str:
    query = Span(at, at + SOON).query("valid_until", state__exact=CodeState.LIVE.value)
    return list_of("activation_activationcode", query)


def _endings(clerk: Clerk, span: Span) -> Iterable[tuple[date, int]]:
    """Months and how many keys end in them, as counted in the last night's run.

    The count is made in activation.desk.key_endings.
    """
    first, last = localdate(span.start), localdate(span.end - _INSTANT)
    rows = KeyEndings.objects.visible_to(clerk).between(first, last).order_by()
    return rows.values_list("month").annotate(n=Sum("count"))


def _ending_this_year(clerk: Clerk, at: datetime) -> int:
    return sum(count for _month, count in _endings(clerk, rest_of_year(at)))


def _ending_list(span: Span) -> str:
    query = span.query("valid_until", state__exact=KeyState.ACTIVE.value, issued="here")
    return list_of("activation_digitalkey", query)


OVERVIEW: Final = Overview(
    figures=(
        Figure(20, _("codes issued"), _codes, _codes_of),
        Figure(30, _("activated"), _activated, _activated_of),
        Figure(
            40,
            _("of these codes, activated until now"),
            _share_activated,
            _codes_of,
            as_share,
        ),
        Figure(
            50,
            _("from code to key (median)"),
            _time_to_key,
            _activated_of,
            as_duration,
        ),
    ),
    backlogs=(
        Backlog(10, _("codes about to lapse"), _lapsing, _lapsing_list),
        Backlog(
            80,
            _("keys that end this year, as counted last night"),
            _ending_this_year,
            lambda at: _ending_list(rest_of_year(at)),
        ),
    ),
    series=(
        Series(20, _("codes issued"), _codes_by_day, _codes_of),
        Series(30, _("activated"), _activated_by_day, _activated_of),
    ),
    forecasts=(
        Forecast(
            10,
            _("keys that end, by month, as counted last night"),
            _endings,
            _ending_list,
        ),
    ),
)
