"""What signing in has to remember."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from counter.querysets import (
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
