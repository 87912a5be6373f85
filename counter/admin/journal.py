"""The journal, and the chain that seals it."""

import uuid
from collections.abc import Sequence
from typing import Any, override

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from counter.journal import looks
from counter.models import Applicant, Dossier, JournalEntry, JournalSeal
from counter.supervision.house_admin import HouseAdmin, ReferenceSearch, VisibleFilter
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY

#: So much of a sentence stands in a list.
_IN_A_LIST = 240


class AboutFilter(admin.SimpleListFilter):
    """The entries about one row: what "History" on its page leads to.

    Offers nothing by itself; the row is named by the address, as `subject_of` does.
    """

    title = _("about")
    parameter_name = "about"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        about = request.GET.get(self.parameter_name, "")
        return [(about, JournalEntry(subject=about).subject_shown)] if about else []

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        about = self.value()
        if not about:
            return queryset
        label, _colon, key = about.partition(":")
        wanted = Q(subject=about)
        try:
            if label == Dossier._meta.label_lower:
                wanted |= Q(dossier=uuid.UUID(key))
            if label == Applicant._meta.label_lower:
                dossiers = Dossier.objects.filter(applicant=uuid.UUID(key))
                # Looked up first: each entry is then found by an index.
                wanted |= Q(dossier__in=list(dossiers.values_list("pk", flat=True)))
        except ValueError:
            return queryset.none()
        return queryset.filter(wanted)


@admin.register(JournalEntry)
class JournalEntryAdmin(ReferenceSearch):
    """The journal, newest first."""

    place = Place(Heading.JOURNAL, 10)
    leads_to = ("dossier",)
    list_display = ("at", "beginning", "dossier", "office")
    list_display_links = ("at",)
    list_filter = (
        AboutFilter,
        "event",
        ("clerk", VisibleFilter),
        "at",
        "actor_kind",
    )
    list_select_related = ("clerk", "office", "dossier")
    parameters = (AboutFilter.parameter_name, "event__in")
    ordering = ("-id",)
    fields = ("at", "sentence", "event", "actor_kind", "clerk", "office", "dossier")

    @override
    def people_of(
        self, rows: Sequence[models.Model], *, up_to: int | None = None
    ) -> list[Any]:
        """Also those that an entry names as its subject."""
        found = super().people_of(rows, up_to=up_to)
        for subject in sorted({getattr(row, "subject", "") for row in rows}):
            label, _colon, key = subject.partition(":")
            for model in looks.PEOPLE:
                if label == model._meta.label_lower:
                    found += model._default_manager.filter(pk=key)
            if up_to and len(found) >= up_to:
                break
        return found[:up_to]

    @admin.display(description=_("what happened"))
    def beginning(self, entry: JournalEntry) -> str:
        """The whole of it, with a text of three thousand signs, is on its own page."""
        return Truncator(sentence_of(entry)).chars(_IN_A_LIST)

    @admin.display(description=_("what happened"))
    def sentence(self, entry: JournalEntry) -> str:
        return sentence_of(entry)


@admin.register(JournalSeal)
class JournalSealAdmin(HouseAdmin):
    """The chain over the journal; it says nothing about anybody, so all see all."""

    place = Place(Heading.TECHNICAL, 10)
    leads_to = NOBODY
    list_display = ("sealed_at", "first_id", "last_id", "entries")
    ordering = ("-last_id",)
    fields = ("sealed_at", "first_id", "last_id", "entries", "key_id", "head")
    readonly_fields = ("head",)

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return JournalSeal.objects.order_by(*self.ordering)

    @admin.display(description=_("head"))
    def head(self, seal: JournalSeal) -> str:
        return seal.head


def sentence_of(entry: JournalEntry) -> str:
    """The entry's sentence; a row that somebody forged is shown, not hidden."""
    try:
        return entry.sentence
    except (KeyError, ValueError, IndexError):
        return f"{entry.event} {entry.details}"
