"""The admin of the journal, and of the chain of seals over it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, override
from urllib.parse import urlencode

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from counter.journal import looks, subject_names
from counter.models import Applicant, JournalEntry, JournalSeal
from counter.supervision.house_admin import HouseAdmin, ReferenceSearch
from counter.supervision.journal_filters import (
    AboutFilter,
    DayFilter,
    KindFilter,
    about_people,
    kind_and_event,
)
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY
from counter.supervision.visible_rows import VisibleFilter

#: How many characters of a sentence a list shows.
_IN_A_LIST = 240


@admin.register(JournalEntry)
class JournalEntryAdmin(ReferenceSearch):
    """The journal, newest first: who did what, to whom and when.

    A dossier's reference finds everything about its person.
    """

    place = Place(Heading.JOURNAL, 10)
    rows_called = _("journal entries")
    leads_to = ("dossier",)
    # Facets would count the rows of each kind over the whole journal.
    show_facets = admin.ShowFacets.NEVER
    list_display = ("at", "beginning", "whom", "office")
    list_display_links = ("at",)
    list_filter = (
        AboutFilter,
        KindFilter,
        ("clerk", VisibleFilter),
        DayFilter,
        "actor_kind",
    )
    list_select_related = ("clerk", "office", "dossier")
    parameters = (
        AboutFilter.parameter_name,
        KindFilter.parameter_name,
        DayFilter.parameter_name,
    )
    search_help_text = _("A dossier's reference: everything about its person.")
    ordering = ("-at",)
    fields = ("at", "sentence", "kind", "actor_kind", "clerk", "office", "whom")

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """The entries about this dossier's person, and about all their dossiers."""
        if not search_term.strip():
            return queryset, False
        of_dossier, _more = super().get_search_results(request, queryset, search_term)
        people = of_dossier.order_by().values_list("dossier__applicant", flat=True)
        return queryset.filter(about_people(list(people.distinct()[:2]))), False

    @override
    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        subject_names.name_subjects(changelist.result_list, reader=request.user)
        return changelist

    @override
    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> JournalEntry | None:
        entry: JournalEntry | None = super().get_object(request, object_id, from_field)
        if entry is not None:
            subject_names.name_subjects([entry], reader=request.user)
        return entry

    @override
    def people_of(
        self, rows: Sequence[models.Model], *, up_to: int | None = None
    ) -> list[Any]:
        """The people of the entries' dossiers, and those who are an entry's subject."""
        people = super().people_of(rows, up_to=up_to)
        keys: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            label, _colon, key = getattr(row, "subject", "").partition(":")
            keys[label].add(key)
        for model in looks.PEOPLE:
            if theirs := keys.get(model._meta.label_lower):
                possible = subject_names.possible_keys(model, theirs)
                people += model._default_manager.filter(pk__in=possible)[:up_to]
        return people[:up_to]

    @admin.display(description=_("what happened"))
    def beginning(self, entry: JournalEntry) -> str:
        """The beginning of the sentence; the entry's page shows it whole, up to three
        thousand characters.
        """
        return Truncator(entry.sentence).chars(_IN_A_LIST)

    @admin.display(description=_("what happened"))
    def sentence(self, entry: JournalEntry) -> str:
        return entry.sentence

    @admin.display(description=_("about whom"))
    def whom(self, entry: JournalEntry) -> str:
        """The person's name as the dossier has it now, with a link to all entries."""
        if entry.dossier is not None:
            name = entry.dossier.name
            words = f"{name} ({entry.dossier})" if name else str(entry.dossier)
            person = f"{Applicant._meta.label_lower}:{entry.dossier.applicant_id}"
            return _about_link(person, words)
        if entry.subject:
            return _about_link(entry.subject, entry.subject_shown)
        return ""

    @admin.display(description=_("kind"))
    def kind(self, entry: JournalEntry) -> str:
        group, _event = kind_and_event(entry.event)
        return str(capfirst(group.label)) if group else entry.event


def _about_link(subject: str, words: str) -> str:
    """A link to all entries about the same person or row."""
    query = urlencode({AboutFilter.parameter_name: subject})
    address = reverse("admin:counter_journalentry_changelist")
    return format_html('<a href="{}?{}">{}</a>', address, query, words)


@admin.register(JournalSeal)
class JournalSealAdmin(HouseAdmin):
    """The seals of the journal. They name nobody, so every reader sees all of them."""

    place = Place(Heading.TECHNICAL, 10)
    leads_to = NOBODY
    list_display = ("sealed_at", "first_id", "last_id", "entries")
    ordering = ("-last_id",)
    fields = ("sealed_at", "first_id", "last_id", "entries", "key_id", "head")
    readonly_fields = ("head",)

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return JournalSeal.objects.defer("marks").order_by(*self.ordering)

    @admin.display(description=_("head"))
    def head(self, seal: JournalSeal) -> str:
        return seal.head
