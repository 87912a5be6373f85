"""The breakdowns of codes and keys for the statistics page."""

from datetime import timedelta
from typing import Final

from django.db.models import Case, F, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from activation.enums import KeyKind
from activation.models import DigitalKey
from counter.journal.events import Event
from counter.models import Dossier, JournalEntry, Office
from counter.overview.spans import Span
from counter.statistics.brought import Breakdown, Counted
from counter.statistics.counting import by_month
from counter.statistics.own import of_choices

#: Durations from recording to the code and from the code to the key, by upper limit:
#: value, limit and label.
_DESK: Final = (
    ("5", timedelta(minutes=5), _("up to 5 minutes")),
    ("10", timedelta(minutes=10), _("up to 10 minutes")),
    ("30", timedelta(minutes=30), _("up to half an hour")),
)
_KEY: Final = (
    ("1", timedelta(days=1), _("within a day")),
    ("7", timedelta(days=7), _("within 7 days")),
    ("14", timedelta(days=14), _("within 14 days")),
)
#: After so long a visit without a key counts as one without: a code is valid for two
#: weeks, and so is one that replaces it on its last day. A second new code may make a
#: key later still, and that no longer changes the figures of the month.
_SETTLES: Final = 2 * timedelta(days=15)
_LONGER: Final = "longer"
_NOT: Final = "not"


def _kinds(office: Office, span: Span) -> Counted:
    rows = DigitalKey.objects.filter(code__dossier__office=office)
    return by_month(rows, "activated_at", span, "kind")


def _codes(office: Office) -> "QuerySet[Dossier]":
    return Dossier.objects.filter(office=office)


def _at_the_desk(office: Office, span: Span) -> Counted:
    took = F("code_issued_at") - F("recorded_at")
    rows = _codes(office).annotate(took=took)
    limits = [When(took__lte=most, then=Value(key)) for key, most, _label in _DESK]
    value = Case(*limits, default=Value(_LONGER))
    return by_month(rows, "code_issued_at", span, value)


def _to_key(office: Office, span: Span) -> Counted:
    took = F("activated_at") - F("code_issued_at")
    rows = _codes(office).annotate(took=took)
    limits = [When(took__lte=most, then=Value(key)) for key, most, _label in _KEY]
    value = Case(
        When(activated_at__isnull=True, then=Value(_NOT)),
        When(took__gt=_SETTLES, then=Value(_NOT)),
        *limits,
        default=Value(_LONGER),
    )
    return by_month(rows, "code_issued_at", span, value)


def _resent(office: Office, span: Span) -> Counted:
    rows = JournalEntry.objects.filter(office=office, event=Event.LINK_RESENT)
    return by_month(rows, "at", span, "event")


BREAKDOWNS: Final = (
    Breakdown(70, _("Keys activated, by kind"), of_choices(KeyKind), _kinds),
    Breakdown(
        80,
        _("From recording to code"),
        lambda: {
            **{key: label for key, _most, label in _DESK},
            _LONGER: _("longer"),
        },
        _at_the_desk,
    ),
    Breakdown(
        90,
        _("From code to key"),
        lambda: {
            **{key: label for key, _most, label in _KEY},
            _LONGER: _("longer"),
            _NOT: _("not within 30 days"),
        },
        _to_key,
        settles=_SETTLES,
    ),
    Breakdown(
        100,
        _("Mail sent again"),
        lambda: {Event.LINK_RESENT.value: _("sent again at the desk")},
        _resent,
    ),
)
