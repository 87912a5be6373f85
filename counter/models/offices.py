"""The counters open to the public."""

from functools import cached_property
from typing import Any, Final, override

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counter.database.built_once import Reader
from counter.enums import PageLanguage, TextSlot, Weekday
from counter.journal.recorded_models import Recorded, RecordedQuerySet
from counter.offices import address_word, enterprise_number
from counter.querysets import (
    OfficeQuerySet,
)


class Office(Recorded):
    """One counter open to the public, with what is printed and shown about it."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(
        _("word in the address"),
        max_length=address_word.LONGEST,
        unique=True,
        blank=True,
        validators=[
            RegexValidator(
                f"^{address_word.PATTERN}$",
                _("Use small letters, digits and single hyphens."),
            ),
            address_word.refuse_reserved,
        ],
        help_text=_(
            "With several offices, the address of this office's page has this word in "
            "it: with leuven it is /nl/leuven/. If you leave it empty, it is made from "
            "the name. After a change the old address no longer works."
        ),
    )
    authority = models.CharField(
        _("authority"), max_length=100, help_text=_("For example: Stad Leuven.")
    )
    enterprise_number = models.CharField(
        _("enterprise number"),
        max_length=20,
        validators=[enterprise_number.validate],
        help_text=_(
            "The city's enterprise number, for the receipts. For example: 0207.521.503."
        ),
    )
    address = models.CharField(_("address"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=10)
    city = models.CharField(_("city"), max_length=100)
    phone = models.CharField(_("phone"), max_length=30)
    email = models.EmailField(_("e-mail"))
    help_phone = models.CharField(_("help line for keys"), max_length=30)
    help_name = models.CharField(
        _("name of the help line"),
        max_length=100,
        blank=True,
        help_text=_("The name of the help line and of the organisation that runs it."),
    )
    officer_email = models.EmailField(
        _("e-mail of the data-protection officer"), blank=True
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"), default=12, help_text=_("Younger people are refused.")
    )
    ask_below_age = models.PositiveSmallIntegerField(
        _("ask below the age of"),
        default=18,
        help_text=_(
            "When the person is younger, the clerk gets a question about it. With 0 "
            "there is no question."
        ),
    )
    app_keys = models.BooleanField(_("keys by mobile app"), default=True)
    sms_keys = models.BooleanField(_("keys by text message"), default=True)
    email_keys = models.BooleanField(_("keys by e-mail"), default=True)

    named_by = ("name",)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = (
            models.CheckConstraint(
                name="office_offers_a_key",
                condition=Q(app_keys=True) | Q(sms_keys=True) | Q(email_keys=True),
                violation_error_message=_("At least one kind of key stays on."),
            ),
            models.CheckConstraint(
                name="office_has_a_word_in_the_address",
                condition=Q(slug__regex=f"^{address_word.PATTERN}$"),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @override
    def save(self, **options: Any) -> None:
        """A new office without a word for its address gets one made from its name."""
        self._fill_in_slug()
        super().save(**options)

    @override
    def clean(self) -> None:
        """Bring the enterprise number into its printed form, and fill in the slug."""
        super().clean()
        self._fill_in_slug()
        if self.enterprise_number:
            self.enterprise_number = enterprise_number.printed(self.enterprise_number)

    def _fill_in_slug(self) -> None:
        if not self.slug and self.name:
            others = Office.objects.exclude(pk=self.pk)
            self.slug = address_word.made_from(
                self.name, is_taken=lambda word: others.filter(slug=word).exists()
            )

    @cached_property
    def is_the_only_one(self) -> bool:
        """Whether there is no other office: then public addresses need no office's
        word.

        One query for each instance.
        """
        first = [office.pk for office in _FIRST_TWO.read()]
        return first in ([], [self.pk])

    @property
    def phone_unbroken(self) -> str:
        """`phone` with no-break spaces, so that a sentence never breaks inside it."""
        return self.phone.replace(" ", "\N{NO-BREAK SPACE}")

    @property
    def help_phone_unbroken(self) -> str:
        return self.help_phone.replace(" ", "\N{NO-BREAK SPACE}")


# Each public page asks whether there is another office.
_FIRST_TWO: Final = Reader(lambda: Office.objects.order_by()[:2], {}, columns=("id",))


class OpeningHours(Recorded):
    """One period of a weekday in which the office is open."""

    office = models.ForeignKey(
        Office, models.CASCADE, related_name="hours", verbose_name=_("office")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.pairs)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    named_by = ("weekday", "opens", "closes")

    objects = RecordedQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ("weekday", "opens")
        constraints = (
            models.CheckConstraint(
                name="opening_hours_open_before_close",
                condition=Q(opens__lt=F("closes")),
                violation_error_message=_("The office must open before it closes."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class ClosingDay(Recorded):
    """A date on which the office stays shut whatever the weekday says."""

    office = models.ForeignKey(
        Office, models.CASCADE, related_name="closing_days", verbose_name=_("office")
    )
    date = models.DateField(_("date"))
    occasion = models.CharField(_("occasion"), max_length=100)

    named_by = ("date", "occasion")

    objects = RecordedQuerySet.as_manager()

    class Meta:
        verbose_name = _("closing day")
        verbose_name_plural = _("closing days")
        ordering = ("date",)
        constraints = (
            models.UniqueConstraint(
                "office", "date", name="closing_day_once_an_office"
            ),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.occasion}"


class OfficeText(Recorded):
    """A text of the public's pages, as the supervisor wrote it in one language.

    A `slot` for which the office has no text shows the product's own text. The text is
    plain: an empty line begins a paragraph, a line that begins with a dash is an item
    of a list, and web and mail addresses become links.
    """

    office = models.ForeignKey(
        Office, models.CASCADE, related_name="texts", verbose_name=_("office")
    )
    slot = models.CharField(_("place"), max_length=12, choices=TextSlot.pairs)
    language = models.CharField(_("language"), max_length=2, choices=PageLanguage.pairs)
    text = models.TextField(_("text"), max_length=3000)

    named_by = ("slot", "language")

    objects = RecordedQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of the information page")
        verbose_name_plural = _("texts of the information page")
        ordering = ("slot", "language")
        constraints = (
            models.UniqueConstraint(
                "office", "slot", "language", name="office_text_once_a_place"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_slot_display()} ({self.language})"
