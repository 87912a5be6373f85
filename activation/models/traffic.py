"""How often a network address and a user name were tried, and what was wrong."""

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from activation.querysets import (
    AddressCountQuerySet,
    SignInCountQuerySet,
    WrongPasswordQuerySet,
)


class AddressCount(models.Model):
    """How often one network address sent something within one minute.

    The address itself is nowhere: `address_index` is its keyed digest
    (counter.crypto.encryption.index). Rows are of no use after their minute and are
    swept.
    """

    address_index = models.BinaryField(max_length=32, editable=False)
    minute = models.DateTimeField(_("minute"))
    count = models.PositiveIntegerField(_("count"), default=0)

    objects = AddressCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("requests of an address")
        verbose_name_plural = _("requests of addresses")
        constraints = (
            models.UniqueConstraint(
                "minute", "address_index", name="address_count_one_a_minute"
            ),
        )

    def __str__(self) -> str:
        return f"{localtime(self.minute):%H:%M}: {self.count}"


class SignInCount(models.Model):
    """How often signing in under one user name failed in a row, known or unknown.

    Kept by a keyed digest of the name, because somebody's password may have been
    typed where the name belongs, and so that a name nobody has waits and is blocked
    like any other. Nobody waits after `free_from`.
    """

    name_index = models.BinaryField(max_length=32, unique=True, editable=False)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    last_at = models.DateTimeField(_("last"))
    free_from = models.DateTimeField(_("free from"))

    objects = SignInCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("failed sign-in of a holder")
        verbose_name_plural = _("failed sign-ins of holders")
        indexes = (models.Index(fields=("last_at",), name="sign_in_count_age"),)

    def __str__(self) -> str:
        return f"{_('failed sign-in of a holder')} {self.pk}"


class WrongPassword(models.Model):
    """A wrong password at the holders' sign-in, under a known name or an unknown one.

    By a keyed digest of the name, and bound to no holder, so that it is the same work
    for both; `activation.holder.wrong_passwords` files it soon.
    """

    name_index = models.BinaryField(max_length=32, editable=False)
    at = models.DateTimeField(_("time"))
    device = models.CharField(_("device"), max_length=30, blank=True)
    browser = models.CharField(_("browser"), max_length=30, blank=True)

    objects = WrongPasswordQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("name_index",), name="wrong_password_of_name"),
            models.Index(fields=("at",), name="wrong_password_age"),
        )
        verbose_name = _("wrong password of a holder")
        verbose_name_plural = _("wrong passwords of holders")

    def __str__(self) -> str:
        return f"{_('wrong password of a holder')} {self.pk}"
