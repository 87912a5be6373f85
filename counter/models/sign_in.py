"""What signing in has to remember."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counter.encryption import SealedText
from counter.models.clerks import Clerk
from counter.querysets import (
    SecondFactorQuerySet,
    SignInFailureQuerySet,
)


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


class SecondFactor(models.Model):
    """The app whose digits a clerk types after the password (counter.second_factor).

    The row's key is the clerk's, and the secret is sealed for it: given to another
    clerk's row it does not open. Until the first digits are right it is one `attempt`
    at setting the app up; whoever begins anew gets another secret.
    """

    clerk = models.OneToOneField(
        Clerk, models.CASCADE, primary_key=True, related_name="second_factor"
    )
    secret_sealed = models.BinaryField(default=b"")
    attempt = models.UUIDField()
    begun_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # The 30-second step whose digits were taken last: each is taken once.
    last_step = models.BigIntegerField(default=0)

    secret = SealedText("secret_sealed")

    objects = SecondFactorQuerySet.as_manager()

    class Meta:
        verbose_name = _("app for signing in")
        verbose_name_plural = _("apps for signing in")
        constraints = (
            models.CheckConstraint(
                name="second_factor_confirmed_by_digits",
                condition=Q(confirmed_at__isnull=True, last_step=0)
                | Q(confirmed_at__isnull=False, last_step__gt=0),
            ),
        )

    def __str__(self) -> str:
        return f"{_('app for signing in')} {self.pk}"
