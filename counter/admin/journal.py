"""The journal, and the chain that seals it."""

from typing import Any, override

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from counter.models import JournalEntry, JournalSeal
from counter.supervision import HouseAdmin, ReferenceSearch, VisibleFilter


@admin.register(JournalEntry)
class JournalEntryAdmin(ReferenceSearch):
    """The journal, newest first."""

    list_display = ("at", "sentence", "dossier", "office")
    list_display_links = ("at",)
    list_filter = (
        "event",
        ("clerk", VisibleFilter),
        "at",
        "actor_kind",
    )
    list_select_related = ("clerk", "office", "dossier")
    ordering = ("-id",)
    fields = ("at", "sentence", "event", "actor_kind", "clerk", "office", "dossier")

    @admin.display(description=_("what happened"))
    def sentence(self, entry: JournalEntry) -> str:
        return sentence_of(entry)


@admin.register(JournalSeal)
class JournalSealAdmin(HouseAdmin):
    """The chain over the journal; it says nothing about anybody, so all see all."""

    list_display = ("sealed_at", "first_id", "last_id", "entries")
    ordering = ("-last_id",)
    fields = ("sealed_at", "first_id", "last_id", "entries", "digest_in_hex")

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return JournalSeal.objects.order_by(*self.ordering)

    @admin.display(description=_("digest"))
    def digest_in_hex(self, seal: JournalSeal) -> str:
        return bytes(seal.digest).hex()


def sentence_of(entry: JournalEntry) -> str:
    """The entry's sentence; a row that somebody forged is shown, not hidden."""
    try:
        return entry.sentence
    except (KeyError, ValueError, IndexError):
        return f"{entry.event} {entry.details}"
