"""The numbers on the start page of the counter app itself."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from counter.desk import closing_days
from counter.enums import Outcome
from counter.models import Clerk, Dossier, Draft, Enquiry, TurnedAway
from counter.overview import measuring
from counter.overview.brought import Backlog, Figure, Overview, Series, Value
from counter.overview.spans import Span, Spans, list_of


def _visits(clerk: Clerk, spans: Spans) -> Sequence[Value]:
    return measuring.each(Dossier.objects.visible_to(clerk), "recorded_at", spans)


def _visits_by_day(clerk: Clerk, span: Span) -> Iterable[tuple[date, int]]:
    return measuring.by_day(Dossier.objects.visible_to(clerk), "recorded_at", span)


def _visits_of(span: Span) -> str:
    return list_of("counter_dossier", span.query("recorded_at"))


def _turned_away(outcome: Outcome) -> Figure:
    def measure(clerk: Clerk, spans: Spans) -> Sequence[Value]:
        rows = TurnedAway.objects.visible_to(clerk).filter(outcome=outcome)
        return measuring.each(rows, "at", spans)

    def address(span: Span) -> str:
        return list_of(
            "counter_turnedaway", span.query("at", outcome__exact=outcome.value)
        )

    return Figure(_PLACES[outcome], outcome.label, measure, address)


_PLACES: Final = {Outcome.REDIRECTED: 60, Outcome.REFUSED: 70}


def _drafts(clerk: Clerk, at: datetime) -> int:
    return Draft.objects.supervised_by(clerk).kept(at).count()


def _enquiries(clerk: Clerk, _at: datetime) -> int:
    return Enquiry.objects.visible_to(clerk).filter(handled_at__isnull=True).count()


def _holidays(clerk: Clerk, at: datetime) -> int:
    return len(list(closing_days.to_confirm(clerk, at)))


OVERVIEW: Final = Overview(
    figures=(
        Figure(10, _("visits recorded"), _visits, _visits_of),
        *(_turned_away(outcome) for outcome in Outcome),
    ),
    backlogs=(
        Backlog(
            60,
            _("messages of the public"),
            _enquiries,
            lambda _at: list_of("counter_enquiry", urlencode({"state": "open"})),
        ),
        Backlog(
            70,
            _("visits begun and not finished"),
            _drafts,
            lambda _at: list_of("counter_draft", ""),
        ),
        # Shown here too for a supervisor of all offices, who does not see the desk's
        # notice.
        Backlog(
            75,
            _("offices with holidays to confirm"),
            _holidays,
            lambda _at: list_of("counter_office", "holidays=open"),
            is_urgent=True,
        ),
    ),
    series=(Series(10, _("visits recorded"), _visits_by_day, _visits_of),),
)
