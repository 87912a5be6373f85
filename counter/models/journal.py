"""Who did what, and the chain over it."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.formats import number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counter.enums import (
    ActorKind,
    Event,
)
from counter.models.clerks import Clerk
from counter.models.dossiers import Dossier
from counter.models.offices import Office
from counter.querysets import (
    JournalQuerySet,
)


def _shown(name: str, value: str | int) -> str | int:
    """A detail as the reader's language has it: an amount in euros, or a msgid."""
    if name == "amount":
        return f"€ {number_format(Decimal(value), 2)}"
    # "cash" and "birth date" are kept as msgids, so they are translated too.
    return gettext(value) if value and isinstance(value, str) else value


class JournalEntry(models.Model):
    """Who did what, when. Append-only: the database refuses to change a row.

    `at` comes from the database's own clock. No national number, code, token or
    address is ever among the details (counter.journal).
    """

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    event = models.CharField(_("event"), max_length=30, choices=Event)
    actor_kind = models.CharField(_("who"), max_length=10, choices=ActorKind)
    clerk = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        related_name="journal",
        verbose_name=_("clerk"),
    )
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="journal"
    )
    dossier = models.ForeignKey(
        Dossier,
        models.PROTECT,
        null=True,
        related_name="journal",
        verbose_name=_("dossier"),
    )
    details = models.JSONField(_("details"), default=dict)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="journal_clerk_is_named",
                condition=Q(actor_kind=ActorKind.CLERK, clerk__isnull=False)
                | (~Q(actor_kind=ActorKind.CLERK) & Q(clerk__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"{localtime(self.at):%Y-%m-%d %H:%M} {self.event}"

    @property
    def actor(self) -> str:
        """As the beginning of a sentence; whose own deed has none of its own."""
        if self.actor_kind == ActorKind.APPLICANT:
            return gettext("The key holder")
        return str(self.clerk) if self.clerk else self.get_actor_kind_display()

    @property
    def sentence(self) -> str:
        """What happened, in the reader's language."""
        details: dict[str, Any] = self.details
        said = {name: _shown(name, value) for name, value in details.items()}
        sentence = str(Event(self.event).label)
        return sentence.format(actor=self.actor, **said)


class JournalSeal(models.Model):
    """A hash over a run of journal entries and the seal before it.

    Sealing is a task, so that writing an entry costs nothing more; changing,
    removing or slipping in an entry afterwards breaks the chain from there on.
    """

    sealed_at = models.DateTimeField(_("sealed"), db_default=Now(), editable=False)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    entries = models.PositiveIntegerField(_("entries"))
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("journal seal")
        verbose_name_plural = _("journal seals")
        ordering = ("last_id",)

    def __str__(self) -> str:
        return f"{self.first_id}-{self.last_id}"
