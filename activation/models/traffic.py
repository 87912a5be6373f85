"""Counts of requests by network address, of failed sign-ins, and wrong passwords."""

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from activation.querysets import (
    AddressCountQuerySet,
    SignInCountQuerySet,
    WrongPasswordQuerySet,
)


class AddressCount(models.Model):
    """The number of requests from one network address within one minute.

    The address itself is not stored: `address_index` is its keyed digest
    (counter.crypto.encryption.index). A task deletes the rows after their minute.
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
    """The number of failed tries in a row under one user name, browser or session.

    activation.holder.wrong_tries says what is counted together. `name_index` is a keyed
    digest of the name or id, because a person may have typed a password in the field
    for the name. An unknown user name is counted too, so that it has to wait and is
    blocked like a known one. The next try has to wait until `free_from`.
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
    """A wrong password at the holders' sign-in, under a known or an unknown name.

    The row has a keyed digest of the name and no reference to a holder, so that writing
    it takes the same time for both. `activation.holder.wrong_passwords` moves it to the
    holder's history later.
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
