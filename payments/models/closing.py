"""What a day is closed with: the terminals' totals and the accounting's batches."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counter.models import Clerk, Office
from payments.models.drawers import DrawerSession
from payments.querysets import ExportQuerySet, TerminalQuerySet, TerminalTotalQuerySet


class Terminal(models.Model):
    """A card terminal of an office, by the number the acquirer knows it by."""

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="terminals", verbose_name=_("office")
    )
    name = models.CharField(
        _("name"), max_length=40, help_text=_("For example: Terminal loket 2.")
    )
    number = models.CharField(_("number"), max_length=30)
    is_active = models.BooleanField(_("in use"), default=True)

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
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class TerminalTotal(models.Model):
    """What a terminal says it took on a date in Brussels, in euros.

    Typed by the supervisor from the terminal's own day total or the acquirer's
    report.
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
        return f"{self.date}: {self.amount} €"


class ExportBatch(models.Model):
    """Lines for the accounting, as they left: a drawer's, or a day's cards.

    Append-only, and numbered without a gap in an office.

    Exporting again gives these bytes, whatever the settings have become since.
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
        constraints = (
            models.UniqueConstraint(
                "office", "number", name="export_number_once_an_office"
            ),
            models.UniqueConstraint(
                "office",
                "date",
                name="export_cards_once_a_day",
                condition=Q(session__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}"
