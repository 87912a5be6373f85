"""The accounts of the staff."""

from typing import Any, ClassVar, override

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from counter.enums import (
    ABOVE_OFFICES,
    Role,
    StaffLanguage,
)
from counter.journal.recorded_models import Recorded
from counter.models.desks import Desk
from counter.models.offices import Office
from counter.querysets import (
    ClerkQuerySet,
)
from counter.roles import matrix
from counter.sign_in.session_end import SessionEnd


class ClerkManager(UserManager.from_queryset(ClerkQuerySet)):  # type: ignore[misc]
    """Django's user manager, with the methods of ClerkQuerySet."""

    def create_superuser(self, username: str, **fields: Any) -> "Clerk":
        """For `manage.py createsuperuser`: a superuser is a supervisor unless another
        role is given, because a clerk may not open the admin.
        """
        fields.setdefault("role", Role.SUPERVISOR)
        clerk: Clerk = super().create_superuser(username, **fields)
        return clerk


class Clerk(Recorded, AbstractUser):
    """Someone who works for the office, in one role (counter.roles)."""

    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clerks",
        verbose_name=_("office"),
    )
    role = models.CharField(
        _("role"), max_length=20, choices=Role.pairs, default=Role.CLERK
    )
    language = models.CharField(
        _("language of the screens"),
        max_length=2,
        choices=StaffLanguage.pairs,
        default=StaffLanguage.NL,
    )

    named_by = ("username",)
    # Rows written at the desk have foreign keys to the clerk. With a full row lock they
    # would wait for a change of the account, and two supervisors who change each
    # other's account would deadlock.
    lets_be_named = True
    secrets = frozenset({"password", "email"})
    not_recorded = Recorded.not_recorded | {
        "last_login",
        "date_joined",
        "language",
    }
    #: Typed as on the clerk's identity document: these names are compared with those of
    #: applicants, to find the clerk and the clerk's family (counter.people.kinship).
    NAMES: ClassVar = ("first_name", "last_name")
    REQUIRED_FIELDS: ClassVar = ["email", *NAMES]

    objects = ClerkManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="clerk_email_once",
                condition=~Q(email=""),
                violation_error_message=_(
                    "Another account has this e-mail address. Each has its own."
                ),
            ),
            models.CheckConstraint(
                name="clerk_opens_no_admin",
                condition=Q(is_staff=False) | ~Q(role=Role.CLERK),
                violation_error_message=_("A clerk does not open the admin."),
            ),
        )

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()

    @override
    def save(self, **options: Any) -> None:
        """Save the account; a new one gets its `SignInRecord` in the same transaction.

        `check_password` may save the same password, hashed anew with newer parameters.
        That is not a change of the account, so it writes no journal entry.
        """
        is_typed = getattr(self, "_password", None) is not None
        if options.get("update_fields") == ["password"] and not is_typed:
            super(Recorded, self).save(**options)
            return
        with transaction.atomic():
            is_new = self._state.adding
            super().save(**options)
            if is_new:
                SignInRecord.objects.create(clerk=self)

    @property
    def is_accepted(self) -> bool:
        """Whether the owner has accepted the invitation: has chosen a password, or has
        linked the account with the city's sign-on.
        """
        return self.has_usable_password() or hasattr(self, "city_identity")

    @property
    def sees_every_office(self) -> bool:
        """Whether this person sees the rows of all offices (counter.offices.own_rows).

        True for an account without an office that is a superuser, or has the role of
        finance, auditor or administrator. Which kinds of rows they may see is decided
        by the role, as for everybody.
        """
        is_above = self.is_superuser or self.role in ABOVE_OFFICES
        return is_above and self.office_id is None

    def sees_office(self, office_id: int) -> bool:
        """Whether this person sees the rows of this office, as `visible_to` decides it
        for a queryset (counter.offices.own_rows).
        """
        return self.sees_every_office or self.office_id == office_id

    @override
    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Decided by the role alone: unlike in Django, being a superuser gives no
        permission. An account that sees every office has its role's permissions in
        each.
        """
        return self.is_active and perm in matrix.permissions(self.role)

    @override
    def has_module_perms(self, app_label: str) -> bool:
        permissions = matrix.permissions(self.role) if self.is_active else frozenset()
        return any(name.startswith(f"{app_label}.") for name in permissions)

    @override
    def get_all_permissions(self, obj: object = None) -> set[str]:
        return set(matrix.permissions(self.role) if self.is_active else ())

    @property
    def desk_name(self) -> str:
        """The name of the desk where the clerk works now, or "" when there is none.

        What is done there keeps this name as text. A clerk who was moved to another
        office has no desk until the next sign-in.
        """
        desk = self.sign_in.desk
        return desk.name if desk and desk.office_id == self.office_id else ""


class SignInRecord(models.Model):
    """A clerk's session, screen lock and desk, kept apart from the account.

    It has its own table because it may be written at any moment. An admin form that was
    opened before a sign-in and saved after it overwrites the account, but not this row:
    it can neither set `session_epoch` back, nor unlock a screen, nor bring back an
    earlier desk. The row is created with the account.
    """

    clerk = models.OneToOneField(
        Clerk, models.CASCADE, primary_key=True, related_name="sign_in"
    )
    session_epoch = models.PositiveIntegerField(
        default=0,
        help_text="Sessions that began with another number have ended.",
    )
    signed_in_at = models.DateTimeField(
        null=True,
        help_text="When the present session began; empty when there is none.",
    )
    session_ended_by = models.CharField(
        max_length=12,
        choices=SessionEnd.pairs,
        default=SessionEnd.ELSEWHERE,
        help_text="Why the last session ended, for its owner to read.",
    )
    screen_locked_at = models.DateTimeField(
        null=True,
        help_text="While this is set, the session shows only the lock screen.",
    )
    change_to_show = models.UUIDField(
        null=True,
        help_text=(
            "The dossier whose next page shows the change to give back "
            "(counter.desk.change)."
        ),
    )
    desk = models.ForeignKey(
        Desk,
        models.PROTECT,
        null=True,
        related_name="sign_ins",
        verbose_name=_("desk today"),
    )
    desk_since = models.DateTimeField(_("at this desk since"), null=True)

    objects = models.Manager["SignInRecord"]()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")

    def __str__(self) -> str:
        return f"{_('sign-in')} {self.pk}"
