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
    """A counter of the wrong passwords and digits that staff typed, for rate limiting.

    There is one for each user name, computer, network address, session or screen whose
    tries count together (counter.sign_in.tries). `whose_index` is a keyed digest of it,
    because a password may have been typed into the field of the user name, and network
    addresses are not stored. Until `free_from` every further try is refused.
    """

    whose_index = models.BinaryField(max_length=32, unique=True)
    failures = models.PositiveIntegerField(default=0)
    # When the first of these failures was; some time later the count begins again.
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
    """How many sign-ins failed in one hour for one user name from one network.

    Kept until the hour is over; then the count goes into the journal
    (counter.sign_in.failed_sign_ins). User name and network are keyed digests.
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
    """A clerk's authenticator app (TOTP), whose digits are typed after the password
    (counter.sign_in.sign_in_app).

    The secret is encrypted and bound to the primary key, which is the clerk's: copied
    into another clerk's row it cannot be decrypted. Until the first digits are accepted
    the row is one `attempt` to set the app up; a new attempt gets a new secret.
    """

    clerk = models.OneToOneField(
        Clerk, models.CASCADE, primary_key=True, related_name="second_factor"
    )
    secret_sealed = models.BinaryField(default=b"")
    attempt = models.UUIDField()
    begun_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # The last 30-second step whose digits were accepted: digits work only once.
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
    """A computer on which a clerk has signed in before, recognised by a cookie.

    `mark` is a digest of the id that the cookie holds for this clerk. Each sign-in
    replaces the id (counter.sign_in.known_devices), so of several copies of a cookie
    only the newest is recognised. Failed tries are counted for the row, whichever copy
    of the cookie comes with them (counter.sign_in.tries).
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
