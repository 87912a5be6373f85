"""Who works here."""

from typing import Any, ClassVar, override

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counter.enums import (
    Role,
    StaffLanguage,
)
from counter.models.offices import Office
from counter.querysets import (
    ClerkQuerySet,
)


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
    session_epoch = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="A session begun under another number is over.",
    )
    screen_locked_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Their session gets no further than the lock until it is opened.",
    )

    #: By counter.one_session and counter.lock alone.
    _OTHERS_TO_WRITE: ClassVar = {"id", "session_epoch", "screen_locked_at"}

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

    @override
    def save(self, **options: Any) -> None:
        """All but the count of sessions and the lock, which have doors of their own.

        A form of the admin, read before a sign-in and saved after it, would count back
        and open the session again that the sign-in ended; or a screen that was locked.
        """
        if not self._state.adding and options.get("update_fields") is None:
            loaded = {field.attname for field in self._meta.concrete_fields}
            options["update_fields"] = (
                loaded - self.get_deferred_fields() - self._OTHERS_TO_WRITE
            )
        super().save(**options)

    @property
    def sees_every_office(self) -> bool:
        """The rule that each `visible_to` begins with: a superuser of no office."""
        return self.is_superuser and self.office_id is None

    @property
    def where(self) -> str:
        """How colleagues call this place: the desk, else the person."""
        return self.desk or str(self)
