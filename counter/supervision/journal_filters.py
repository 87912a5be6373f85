"""The filters of the journal: about which row, what happened, and on which day."""

import datetime
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, override

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from counter.journal import subject_names
from counter.journal.events import Event
from counter.journal.kinds import EVENTS, Kind, in_short, kind_of
from counter.models import Applicant, Dossier, JournalEntry


class AboutFilter(admin.SimpleListFilter):
    """The entries about one row; "History" on that row's page links to them.

    The filter offers no choice but the present one. The URL names the row in the format
    of `subject_of`.
    """

    title = _("about")
    parameter_name = "about"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        about = request.GET.get(self.parameter_name, "")
        if not about:
            return []
        entry = JournalEntry(subject=about)
        subject_names.name_subjects([entry], reader=request.user)
        return [(about, entry.subject_shown)]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        about = self.value()
        if not about:
            return queryset
        label, _colon, key = about.partition(":")
        try:
            if label == Dossier._meta.label_lower:
                about_it = Q(dossier=uuid.UUID(key)) | Q(subject=about)
                return queryset.filter(about_it)
            if label == Applicant._meta.label_lower:
                return queryset.filter(about_people([uuid.UUID(key)]))
        except ValueError:
            return queryset.none()
        return queryset.filter(subject=about)


class KindFilter(admin.SimpleListFilter):
    """Entries by kind; within the chosen kind also by event."""

    title = _("what happened")
    parameter_name = "kind"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.value, str(capfirst(kind.label))) for kind in Kind]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        value = self.value()
        if value is None:
            return queryset
        kind, event = kind_and_event(value)
        if kind is None:
            return queryset.none()
        return queryset.filter(event__in=[event] if event else EVENTS[kind])

    @override
    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        chosen, event = kind_and_event(self.value() or "")
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("All"),
        }
        for kind in Kind:
            yield self._choice(
                changelist,
                kind.value,
                capfirst(kind.label),
                is_chosen=kind is chosen and event is None,
            )
            if kind is chosen and len(EVENTS[kind]) > 1:
                for one in EVENTS[kind]:
                    words = f"- {in_short(one)}"
                    yield self._choice(
                        changelist, one.value, words, is_chosen=one is event
                    )

    def _choice(
        self, changelist: ChangeList, value: str, words: object, *, is_chosen: bool
    ) -> dict[str, Any]:
        return {
            "selected": is_chosen,
            "query_string": changelist.get_query_string({self.parameter_name: value}),
            "display": words,
        }


def kind_and_event(value: str) -> tuple[Kind | None, Event | None]:
    """The kind and event that a URL's value stands for.

    The event is None for the value of a kind; both are None for an unknown value.
    """
    if value in Kind.values:
        return Kind(value), None
    if value in Event.values:
        return kind_of(Event(value)), Event(value)
    return None, None


class DayFilter(admin.SimpleListFilter):
    """Entries of one day of the office's clock: today, yesterday, or a typed day.

    A day has few entries, however long the journal is, and an index finds them.
    """

    title = _("day")
    parameter_name = "day"
    template = "admin/counter/journalentry/day_filter.html"
    #: The URL's other parameters, which the form of the typed day keeps.
    others: Sequence[tuple[str, str]] = ()

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        today = timezone.localdate()
        yesterday = today - datetime.timedelta(days=1)
        return [
            (today.isoformat(), str(_("Today"))),
            (yesterday.isoformat(), str(_("Yesterday"))),
        ]

    @property
    def date(self) -> datetime.date | None:
        """The chosen day, or None. Raises IncorrectLookupParameters if it is no day."""
        typed = self.value()
        if not typed:
            return None
        try:
            date = datetime.date.fromisoformat(typed)
        except ValueError as error:
            raise IncorrectLookupParameters(error) from error
        # Outside these years a midnight may not be representable.
        if not datetime.date(2000, 1, 1) <= date <= datetime.date(2200, 1, 1):
            raise IncorrectLookupParameters(typed)
        return date

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        if self.date is None:
            return queryset
        zone = timezone.get_default_timezone()
        start, end = (
            datetime.datetime.combine(day, datetime.time.min, zone)
            for day in (self.date, self.date + datetime.timedelta(days=1))
        )
        return queryset.filter(at__gte=start, at__lt=end)

    @override
    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        self.others = [
            (name, value)
            for name, values in changelist.filter_params.items()
            for value in (values if isinstance(values, list) else [values])
            if name != self.parameter_name
        ]
        if changelist.query:
            self.others.append(("q", changelist.query))
        yield from super().choices(changelist)


def about_people(people: Sequence[uuid.UUID | None]) -> Q:
    """The entries about these applicants and about all their dossiers.

    The dossiers are looked up first, so that an index finds each entry.
    """
    dossiers = Dossier.objects.filter(applicant__in=people)
    keys = list(dossiers.values_list("pk", flat=True))
    subjects = [f"{Applicant._meta.label_lower}:{key}" for key in people]
    subjects += [f"{Dossier._meta.label_lower}:{key}" for key in keys]
    return Q(dossier__in=keys) | Q(subject__in=subjects)
