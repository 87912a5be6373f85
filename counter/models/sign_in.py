"""What is kept about signing in: failures, apps, known computers."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from counter.crypto.encryption import SealedText
from counter.enums import SecretForm, StaffSecret
from counter.models.clerks import Clerk
from counter.querysets import (
    SecondFactorQuerySet,
    SignInFailureQuerySet,
)


class SignInFailure(models.Model):
    """How often a secret of staff was typed wrong, by one whose tries count together.

    A user name, a computer, an address, a session or a screen (counter.sign_in.tries),
    by a keyed index: somebody's password may have been typed where the name belongs,
    and an address is nowhere. Nobody is asked to wait after `free_from`.
    """

    whose_index = models.BinaryField(max_length=32, unique=True)
    failures = models.PositiveIntegerField(default=0)
    # The first of these failures: the count begins anew some time after it.
    since = models.DateTimeField()
    free_from = models.DateTimeField()

    objects = SignInFailureQuerySet.as_manager()

    class Meta:
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
        indexes = (models.Index(fields=("since",), name="sign_in_failure_age"),)

    def __str__(self) -> str:
        return f"{_('failed sign-in')} {self.pk}"


class FailedSignIns(models.Model):
    """How many sign-ins failed in one hour under one user name from one network.

    Until the hour is over; then they are in the journal
    (counter.sign_in.failed_sign_ins). Name and network are keyed digests.
    """

    hour = models.DateTimeField()
    name_index = models.BinaryField(max_length=32)
    network_index = models.BinaryField(max_length=32)
    form = models.CharField(max_length=20, choices=SecretForm.pairs)
    secret = models.CharField(max_length=20, choices=StaffSecret.pairs)
    count = models.PositiveIntegerField()

    objects = models.Manager["FailedSignIns"]()

    class Meta:
        verbose_name = _("failed sign-ins of an hour")
        verbose_name_plural = _("failed sign-ins of an hour")
        constraints = (
            models.UniqueConstraint(
                fields=("hour", "name_index", "network_index", "form", "secret"),
                name="failed_sign_ins_once_an_hour",
            ),
        )

    def __str__(self) -> str:
        return f"{localtime(self.hour):%H:%M}: {self.count}"


class SecondFactor(models.Model):
    """The app whose digits a clerk types after the password
    (counter.sign_in.sign_in_app).

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


class KnownComputer(models.Model):
    """A computer that a clerk has signed in at, known by a cookie that it keeps.

    `mark` is a digest of the id that its cookie holds for this clerk, another one after
    each sign-in (counter.sign_in.known_devices): of several copies the newest is known.
    Tries are counted for the row, whichever copy they come with
    (counter.sign_in.tries).
    """

    clerk = models.ForeignKey(Clerk, models.CASCADE, related_name="known_computers")
    mark = models.BinaryField(max_length=32, unique=True)
    signed_in_at = models.DateTimeField()

    objects = models.Manager["KnownComputer"]()

    class Meta:
        verbose_name = _("known computer")
        verbose_name_plural = _("known computers")
        indexes = (models.Index(fields=("signed_in_at",), name="known_computer_age"),)

    def __str__(self) -> str:
        return f"{_('known computer')} {self.pk}"
