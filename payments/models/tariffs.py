"""The prices of an activation code."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from counter.identity.euros import euros
from counter.journal.recorded_models import Recorded
from counter.models import Office
from payments.enums import TariffCategory
from payments.querysets import TariffQuerySet


class DateRange(Func):
    """A range of dates that includes both ends, as a regulation means them."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Tariff(Recorded):
    """The price of one office for one category, from a date, under a regulation.

    Once a payment refers to it, only its end may change: a trigger refuses the rest.
    """

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="tariffs", verbose_name=_("office")
    )
    category = models.CharField(
        _("category"),
        max_length=12,
        choices=TariffCategory.pairs,
        default=TariffCategory.STANDARD,
    )
    amount = models.DecimalField(
        _("amount"), max_digits=6, decimal_places=2, help_text=_("In euros.")
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day included.")
    )
    regulation = models.CharField(_("regulation"), max_length=200)

    named_by = ("category", "valid_from")

    objects = TariffQuerySet.as_manager()

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ("office", "category", "valid_from")
        constraints = (
            models.CheckConstraint(
                name="tariff_is_free_or_not",
                condition=Q(category=TariffCategory.WAIVER, amount=0)
                | (~Q(category=TariffCategory.WAIVER) & Q(amount__gt=0)),
                violation_error_message=_(
                    "A price is above zero; only a waiver is free of charge."
                ),
            ),
            models.CheckConstraint(
                name="tariff_ends_after_start",
                condition=Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("A price cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="tariff_one_at_a_time",
                expressions=[
                    (F("office"), RangeOperators.EQUAL),
                    (F("category"), RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", Value("[]")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another price holds on these dates."),
            ),
        )

    def __str__(self) -> str:
        since = date_format(self.valid_from, "SHORT_DATE_FORMAT")
        return f"{euros(self.amount)} ({since})"
