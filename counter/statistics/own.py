"""The breakdowns of the counter app itself."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from django.db.models.functions import ExtractHour
from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices
from counter.enums import (
    Language,
    Outcome,
    Reason,
    RedirectReason,
    RefusalReason,
)
from counter.identity.documents import DocumentType
from counter.models import Dossier, Office, TurnedAway
from counter.overview.spans import Span
from counter.statistics.brought import Breakdown, Counted
from counter.statistics.counting import by_month

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    type Labels = Mapping[str, str | StrPromise]


def of_choices(choices: type[Choices]) -> "Callable[[], Labels]":
    return lambda: {choice.value: choice.label for choice in choices}


def _dossiers(column: str) -> Callable[[Office, Span], Counted]:
    def count(office: Office, span: Span) -> Counted:
        rows = Dossier.objects.filter(office=office)
        return by_month(rows, "recorded_at", span, column)

    return count


def _turned_away(outcome: Outcome) -> Callable[[Office, Span], Counted]:
    def count(office: Office, span: Span) -> Counted:
        rows = TurnedAway.objects.filter(office=office, outcome=outcome)
        return by_month(rows, "at", span, "reason")

    return count


def _by_hour(office: Office, span: Span) -> Counted:
    rows = Dossier.objects.filter(office=office)
    return by_month(rows, "recorded_at", span, ExtractHour("recorded_at"))


def _hours() -> "Labels":
    return {str(hour): _("%(n)d h") % {"n": hour} for hour in range(24)}


BREAKDOWNS: Final = (
    Breakdown(10, _("Why they came"), of_choices(Reason), _dossiers("reason")),
    Breakdown(
        20, _("Language of the papers"), of_choices(Language), _dossiers("language")
    ),
    Breakdown(
        30,
        _("Identity document"),
        of_choices(DocumentType),
        _dossiers("document_type"),
    ),
    Breakdown(40, _("Hour of the day"), _hours, _by_hour),
    Breakdown(
        50,
        _("Redirected to a free route"),
        of_choices(RedirectReason),
        _turned_away(Outcome.REDIRECTED),
    ),
    Breakdown(
        60,
        _("Refused, by reason"),
        of_choices(RefusalReason),
        _turned_away(Outcome.REFUSED),
    ),
)
