"""Tables for closing a day: card terminals, their day totals, and export batches."""

from typing import TYPE_CHECKING, Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from counter.identity.euros import euros
from counter.journal.recorded_models import Recorded
from counter.models import Clerk, Desk, Office
from payments.models.drawers import DrawerSession
from payments.querysets import ExportQuerySet, TerminalQuerySet, TerminalTotalQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_MOST_SLIP_DIGITS: Final = 20
_SLIP_DIGITS: Final = (MinValueValidator(1), MaxValueValidator(_MOST_SLIP_DIGITS))


class Terminal(Recorded):
    """A card terminal of an office. `number` is the acquirer's number for it."""

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="terminals", verbose_name=_("office")
    )
    name = models.CharField(
        _("name"), max_length=40, help_text=_("For example: Terminal loket 2.")
    )
    number = models.CharField(_("number"), max_length=30)
    slip_shortest = models.PositiveSmallIntegerField(
        _("fewest digits of a slip number"),
        default=3,
        validators=_SLIP_DIGITS,
        help_text=_(
            "The fewest digits that this terminal prints. A slip number with fewer "
            "digits, or with more than the most, is refused."
        ),
    )
    slip_longest = models.PositiveSmallIntegerField(
        _("most digits of a slip number"), default=12, validators=_SLIP_DIGITS
    )
    is_active = models.BooleanField(_("in use"), default=True)
    desks = models.ManyToManyField(
        Desk,
        blank=True,
        related_name="terminals",
        verbose_name=_("desks"),
        help_text=_(
            "The desks at which the terminal is used. A clerk who works there finds it "
            "chosen already."
        ),
    )

    named_by = ("name", "number")

    objects = TerminalQuerySet.as_manager()

    class Meta:
        verbose_name = _("card terminal")
        verbose_name_plural = _("card terminals")
        ordering = ("office", "name")
        constraints = (
            models.UniqueConstraint(
                "office",
                "number",
                name="terminal_number_once_an_office",
                violation_error_message=_("This office has that terminal already."),
            ),
            models.CheckConstraint(
                name="terminal_slip_has_a_length",
                condition=Q(
                    slip_shortest__gte=1,
                    slip_shortest__lte=F("slip_longest"),
                    slip_longest__lte=_MOST_SLIP_DIGITS,
                ),
                violation_error_message=_(
                    "The most digits of a slip number are not fewer than the fewest."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    def takes_slip(self, number: str) -> bool:
        """Whether `number` can be a slip number of this terminal.

        It has digits only, and as many as the terminal prints.
        """
        is_digits = number.isascii() and number.isdigit()
        return is_digits and self.slip_shortest <= len(number) <= self.slip_longest

    @property
    def slip_shape(self) -> "StrPromise | str":
        """The sentence that tells a clerk how many digits this terminal's slip has."""
        if self.slip_shortest == self.slip_longest:
            sentence = _("The number on this terminal's slip has %(most)d digits.")
        else:
            sentence = _(
                "The number on this terminal's slip has %(fewest)d to %(most)d digits."
            )
        return sentence % {"fewest": self.slip_shortest, "most": self.slip_longest}


class TerminalTotal(models.Model):
    """The total of a terminal for a date in Brussels, in euros.

    A supervisor types it from the terminal's own day total or the acquirer's report.
    """

    terminal = models.ForeignKey(
        Terminal, models.PROTECT, related_name="totals", verbose_name=_("terminal")
    )
    date = models.DateField(_("date"))
    amount = models.DecimalField(
        _("amount"), max_digits=8, decimal_places=2, help_text=_("In euros.")
    )
    noted_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        related_name="terminal_totals",
        verbose_name=_("noted by"),
    )
    noted_at = models.DateTimeField(_("noted"))

    objects = TerminalTotalQuerySet.as_manager()

    class Meta:
        verbose_name = _("day total of a terminal")
        verbose_name_plural = _("day totals of terminals")
        ordering = ("-date", "terminal")
        constraints = (
            models.UniqueConstraint(
                "terminal",
                "date",
                name="terminal_total_once_a_day",
                violation_error_message=_("This day's total is noted already."),
            ),
            models.CheckConstraint(
                name="terminal_total_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message=_("An amount is not below zero."),
            ),
        )

    def __str__(self) -> str:
        day = date_format(self.date, "SHORT_DATE_FORMAT")
        return f"{day}: {euros(self.amount)}"


class ExportBatch(models.Model):
    """An export for accounting: the lines of one drawer, or those of a day that are in
    no drawer, such as cards and refunds by bank transfer.

    Append-only, and numbered without gaps within an office. A drawer has at most one
    batch, made after its approval (a trigger refuses it before). A day gets a further
    batch when more is booked after the first. `content` holds
    the exported bytes, so that exporting again gives the same file even when the
    settings changed since.
    """

    session = models.OneToOneField(
        DrawerSession,
        models.PROTECT,
        null=True,
        related_name="export",
        verbose_name=_("drawer"),
    )
    date = models.DateField(_("date"))
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="exports", verbose_name=_("office")
    )
    number = models.PositiveIntegerField(_("number"))
    content = models.BinaryField()
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("made"))
    created_by = models.ForeignKey(
        Clerk, models.PROTECT, related_name="exports", verbose_name=_("made by")
    )

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export batch")
        verbose_name_plural = _("export batches")
        ordering = ("office", "-number")
        indexes = (
            models.Index(fields=("office", "created_at"), name="export_newest"),
            models.Index(fields=("office", "date"), name="export_of_a_day"),
        )
        constraints = (
            models.UniqueConstraint(
                "office", "number", name="export_number_once_an_office"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def file_name(self) -> str:
        return f"export-{self.office_id}-{self.number:05d}.csv"
