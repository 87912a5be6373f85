"""The journal, and the seals that show whether it was altered."""

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counter.enums import ActorKind
from counter.journal import entry_details, kinds, marks
from counter.journal.events import FAILED_SIGN_INS, Event
from counter.models.clerks import Clerk
from counter.models.dossiers import Dossier
from counter.models.offices import Office
from counter.querysets import (
    JournalQuerySet,
)


def subject_of(row: models.Model) -> str:
    """How an entry names the row it is about: the model's label and the row's key."""
    return f"{row._meta.label_lower}:{row.pk}"


class JournalEntry(models.Model):
    """Who did what, when. Append-only: the database refuses to change a row.

    `at` comes from the database's own clock. `details` holds codes, which are turned
    into words when the entry is read (counter.journal.entry_details); it never holds a
    national number, an activation code, a token or an address. `mark` is a keyed hash
    which shows that the program wrote these values (counter.journal.marks).
    """

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    event = models.CharField(_("event"), max_length=30, choices=Event.pairs)
    actor_kind = models.CharField(_("who"), max_length=10, choices=ActorKind.pairs)
    clerk = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        related_name="journal",
        verbose_name=_("clerk"),
        db_index=False,
    )
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        related_name="journal",
        verbose_name=_("office"),
        help_text=_("Without an office the entry concerns the whole house."),
        db_index=False,
    )
    dossier = models.ForeignKey(
        Dossier,
        models.PROTECT,
        null=True,
        related_name="journal",
        verbose_name=_("dossier"),
    )
    subject = models.CharField(
        max_length=80,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_(
            "The row that the entry is about when it is not a dossier: the model's "
            "label and the row's key."
        ),
    )
    details = models.JSONField(_("details"), default=dict)
    mark = models.BinaryField(max_length=marks.WRITTEN, default=bytes, db_default=b"")

    #: The name of the row that `subject` identifies, as the reader may see it. Set by
    #: counter.journal.subject_names when entries are shown; not a column.
    subject_name = ""

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ("id",)
        indexes = (
            # The list shows the newest first: all, or those of an office, clerk or day.
            models.Index(fields=("at",), name="journal_by_time"),
            models.Index(fields=("office", "at"), name="journal_of_office"),
            models.Index(fields=("clerk", "at"), name="journal_of_clerk"),
            # With the clerk: otherwise the search for an event of a clerk who never did
            # it reads all entries of that clerk.
            models.Index(fields=("event", "clerk"), name="journal_of_event"),
            models.Index(
                fields=("actor_kind", "at"),
                name="journal_of_no_clerk",
                condition=Q(actor_kind__in=(ActorKind.APPLICANT, ActorKind.SYSTEM)),
            ),
            models.Index(
                fields=("subject",),
                name="journal_of_subject",
                condition=~Q(subject=""),
            ),
            models.Index(
                fields=("office", "at"),
                name="journal_failed_sign_in",
                condition=Q(event__in=FAILED_SIGN_INS),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="journal_clerk_is_named",
                condition=Q(actor_kind=ActorKind.CLERK, clerk__isnull=False)
                | (~Q(actor_kind=ActorKind.CLERK) & Q(clerk__isnull=True)),
            ),
            # Each mark belongs to one entry, so a row copied with its mark is refused.
            models.UniqueConstraint(
                fields=("mark",),
                name="journal_mark_is_of_one",
                condition=Q(mark__gt=b""),
            ),
        )

    def __str__(self) -> str:
        """The time and a short name of the event, without any personal data."""
        is_known = self.event in Event.values
        words = kinds.in_short(Event(self.event)) if is_known else self.event
        return f"{date_format(localtime(self.at), 'SHORT_DATETIME_FORMAT')} {words}"

    @property
    def actor(self) -> str:
        """Who did it, as the first words of a sentence."""
        if self.actor_kind == ActorKind.APPLICANT:
            return gettext("The key holder")
        return str(self.clerk) if self.clerk else self.get_actor_kind_display()

    @property
    def sentence(self) -> str:
        """What happened, in the reader's language.

        Of an entry that was forged in the database it is the event and the details as
        they are: the page that lists it must show it, and the entries beside it.
        """
        try:
            event = Event(self.event)
            words = entry_details.details_in_words(event, self.details)
            return str(event.label).format(
                actor=self.actor, subject=self.subject_shown, **words
            )
        except entry_details.FORGED:
            return f"{self.event} {self.details}"

    @property
    def subject_shown(self) -> str:
        """The kind of row and its name; without a name the beginning of its key, which
        identifies nobody.
        """
        label, _colon, key = self.subject.partition(":")
        try:
            kind = str(apps.get_model(label)._meta.verbose_name) if label else ""
        except (LookupError, ValueError):
            kind = label
        return f"{kind} {self.subject_name or key[:8].upper()}".strip()


class JournalSeal(models.Model):
    """A keyed hash over a run of journal entries and the seal before it.

    `marks` has the number and the mark of each entry under the seal
    (counter.journal.marks), so verification can say which entry was changed, removed or
    inserted afterwards. A task makes the seals, so that writing an entry stays cheap.
    Whoever has only the database cannot make new seals, because the key is not stored
    in it. They could still delete the last entries together with their seals; a `head`
    that was copied off the machine before reveals that (`verify_journal --head`).
    """

    sealed_at = models.DateTimeField(_("sealed"), db_default=Now(), editable=False)
    first_id = models.BigIntegerField(_("first entry"))
    last_id = models.BigIntegerField(_("last entry"), unique=True)
    entries = models.PositiveIntegerField(_("entries"))
    previous = models.BinaryField(max_length=32)
    marks = models.BinaryField(default=bytes, db_default=b"")
    digest = models.BinaryField(max_length=32)
    key_id = models.CharField(_("seal key"), max_length=20)

    class Meta:
        verbose_name = _("journal seal")
        verbose_name_plural = _("journal seals")
        ordering = ("last_id",)

    def __str__(self) -> str:
        return f"{self.first_id}-{self.last_id}"

    @property
    def head(self) -> str:
        """`1234-9f86d081...`: the last sealed entry's number and the digest in hex."""
        return f"{self.last_id}-{bytes(self.digest).hex()}"
