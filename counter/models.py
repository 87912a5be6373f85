"""Who works here, and who came."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counter import encryption, national_number
from counter.documents import DocumentType
from counter.encryption import SealedText
from counter.enums import (
    OPEN_STATES,
    ActorKind,
    DossierState,
    Event,
    Language,
    Reason,
    Role,
    StaffLanguage,
)
from counter.national_number import NumberKind
from counter.querysets import (
    NATIONAL_NUMBER,
    ApplicantQuerySet,
    ClerkQuerySet,
    DossierQuerySet,
    JournalQuerySet,
    OfficeQuerySet,
    SignInFailureQuerySet,
)


class Office(models.Model):
    """One counter open to the public, with what is printed and shown about it."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    authority = models.CharField(
        _("authority"), max_length=100, help_text=_("For example: Stad Leuven.")
    )
    enterprise_number = models.CharField(
        _("enterprise number"), max_length=20, blank=True
    )
    address = models.CharField(_("address"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=10)
    city = models.CharField(_("city"), max_length=100)
    phone = models.CharField(_("phone"), max_length=30)
    email = models.EmailField(_("e-mail"))
    help_phone = models.CharField(_("help line for keys"), max_length=30)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One stretch of a weekday in which the office is open."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    office = models.ForeignKey(Office, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

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


class ClosingDay(models.Model):
    """A date on which the office stays shut whatever the weekday says."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="closing_days")
    date = models.DateField(_("date"))
    occasion = models.CharField(_("occasion"), max_length=100)

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


class ClerkManager(UserManager.from_queryset(ClerkQuerySet)):  # type: ignore[misc]
    """Django's own, with the clerks' queryset."""

    def create_superuser(self, username: str, **fields: Any) -> "Clerk":
        """`manage.py createsuperuser`: who opens the admin is a supervisor."""
        fields.setdefault("role", Role.SUPERVISOR)
        clerk: Clerk = super().create_superuser(username, **fields)
        return clerk


class Clerk(AbstractUser):
    """Someone who works for the office: a clerk, or a supervisor with the admin."""

    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clerks",
        verbose_name=_("office"),
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.CLERK)
    desk = models.CharField(
        _("desk"), max_length=40, blank=True, help_text=_("For example: Loket 2.")
    )
    language = models.CharField(
        _("language of the screens"),
        max_length=2,
        choices=StaffLanguage,
        default=StaffLanguage.NL,
    )

    objects = ClerkManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("clerk")
        verbose_name_plural = _("clerks")
        constraints = (
            models.CheckConstraint(
                name="clerk_admin_is_for_supervisors",
                condition=Q(is_staff=False) | Q(role=Role.SUPERVISOR),
                violation_error_message=_("Only a supervisor opens the admin."),
            ),
        )

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()

    @property
    def where(self) -> str:
        """How colleagues call this place: the desk, else the person."""
        return self.desk or str(self)


class Applicant(models.Model):
    """A person who came to the counter, known by a national number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    national_number_sealed = models.BinaryField()
    national_number_index_a = models.BinaryField(null=True)
    national_number_index_b = models.BinaryField(null=True)
    number_kind = models.CharField(
        _("kind of number"), max_length=10, choices=NumberKind
    )
    last_name = models.CharField(_("last name"), max_length=100)
    first_names = models.CharField(_("first names"), max_length=100, blank=True)
    birth_date = models.DateField(
        _("birth date"), null=True, help_text=_("As on the identity document.")
    )
    first_seen_at = models.DateTimeField(_("first seen"))

    national_number = SealedText("national_number_sealed")

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")
        constraints = (
            models.UniqueConstraint(
                "national_number_index_a", name="applicant_one_a_number_a"
            ),
            models.UniqueConstraint(
                "national_number_index_b", name="applicant_one_a_number_b"
            ),
            models.CheckConstraint(
                name="applicant_number_is_indexed",
                condition=Q(national_number_index_a__isnull=False)
                | Q(national_number_index_b__isnull=False),
            ),
        )

    def __str__(self) -> str:
        # Kept in the admin's history, so without the person's name or number.
        return f"{_('applicant')} {str(self.pk)[:8]}"

    @property
    def name(self) -> str:
        return f"{self.first_names} {self.last_name}".strip()

    @property
    def masked_number(self) -> str:
        """All that a screen shows of the number, as 85.07.30-***.** does."""
        number = national_number.parse(self.national_number, today=localdate())
        return number.masked

    def set_national_number(self, digits: str) -> None:
        """Seal the 11 digits and fill the index columns of the keys in force."""
        self.national_number = digits
        digests = encryption.indexes(digits, purpose=NATIONAL_NUMBER)
        self.national_number_index_a = digests.get("a")
        self.national_number_index_b = digests.get("b")


def _state_has_time(state: DossierState, column: str) -> models.CheckConstraint:
    """A dossier in this state knows since when."""
    return models.CheckConstraint(
        name=f"dossier_{state.value}_has_time",
        condition=~Q(state=state) | Q(**{f"{column}__isnull": False}),
    )


class Dossier(models.Model):
    """One visit's request for an activation code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.UUIDField(
        unique=True,
        editable=False,
        help_text=_("The form it came from: sent twice, it is one dossier."),
    )
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="dossiers", verbose_name=_("office")
    )
    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="dossiers", verbose_name=_("applicant")
    )
    recorded_by = models.ForeignKey(
        Clerk, models.PROTECT, related_name="dossiers", verbose_name=_("recorded by")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=DossierState, default=DossierState.RECORDED
    )

    document_type = models.CharField(_("document"), max_length=10, choices=DocumentType)
    document_number_sealed = models.BinaryField()
    document_country = models.CharField(_("issuing country"), max_length=3)
    document_expiry = models.DateField(_("valid until"))
    original_seen_at = models.DateTimeField(_("original seen"))

    email = models.EmailField(_("private e-mail"))
    language = models.CharField(
        _("translation"), max_length=2, choices=Language, default=Language.NL
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)

    recorded_at = models.DateTimeField(_("recorded"))
    paid_at = models.DateTimeField(_("paid"), null=True)
    code_issued_at = models.DateTimeField(_("code issued"), null=True)
    activated_at = models.DateTimeField(_("activated"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    lapsed_at = models.DateTimeField(_("lapsed"), null=True)
    redirected_at = models.DateTimeField(_("redirected"), null=True)

    document_number = SealedText("document_number_sealed")

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ("-recorded_at",)
        indexes = (
            models.Index(fields=("office", "-recorded_at"), name="dossier_of_office"),
            models.Index(Lower("email"), name="dossier_email"),
        )
        constraints = (
            models.UniqueConstraint(
                "applicant",
                name="dossier_one_open_a_person",
                condition=Q(state__in=OPEN_STATES),
                violation_error_message=_("This person has an open dossier already."),
            ),
            _state_has_time(DossierState.PAID, "paid_at"),
            _state_has_time(DossierState.CODE_ISSUED, "code_issued_at"),
            _state_has_time(DossierState.ACTIVATED, "activated_at"),
            _state_has_time(DossierState.CANCELLED, "cancelled_at"),
            _state_has_time(DossierState.LAPSED, "lapsed_at"),
            _state_has_time(DossierState.REDIRECTED, "redirected_at"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Short enough to say aloud; says nothing about the person."""
        return str(self.pk)[:8].upper()

    @property
    def document_number_tail(self) -> str:
        """The last four characters: all that a screen shows of the number."""
        return self.document_number[-4:]


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
        return f"{self.at:%Y-%m-%d %H:%M} {self.event}"

    @property
    def actor(self) -> str:
        return str(self.clerk) if self.clerk else self.get_actor_kind_display()

    @property
    def sentence(self) -> str:
        """What happened, in the reader's language."""
        details: dict[str, Any] = self.details
        # "cash" and "birth date" are kept as msgids, so they are translated too.
        said = {
            name: gettext(value) if value and isinstance(value, str) else value
            for name, value in details.items()
        }
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


class SignInFailure(models.Model):
    """How often signing in under one user name failed in a row, known or unknown.

    Kept by a keyed index of the name, because somebody's password may have been
    typed where the name belongs. Nobody is asked to wait after `free_from`.
    """

    name_index = models.BinaryField(max_length=32, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    free_from = models.DateTimeField()

    objects = SignInFailureQuerySet.as_manager()

    class Meta:
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
        indexes = (models.Index(fields=("last_at",), name="sign_in_failure_age"),)

    def __str__(self) -> str:
        return f"{_('failed sign-in')} {self.pk}"
