"""Whom an account of staff is to the city's sign-on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from counter.crypto.encryption import SealedText
from counter.models.clerks import Clerk


class CityIdentity(models.Model):
    """An account's link with the city's sign-on (counter.city_sign_on.linking).

    `mark` finds it: a digest of issuer and subject. They are also sealed for this
    clerk's row, so that nobody who can only write to the database links an account.
    """

    clerk = models.OneToOneField(
        Clerk, models.CASCADE, primary_key=True, related_name="city_identity"
    )
    mark = models.BinaryField(max_length=32, unique=True)
    subject_sealed = models.BinaryField()
    linked_at = models.DateTimeField(_("linked"))
    is_off = models.BooleanField(
        default=False,
        help_text="The account was switched off because the city took its role away.",
    )

    subject = SealedText("subject_sealed")

    objects = models.Manager["CityIdentity"]()

    class Meta:
        verbose_name = _("link with the city's sign-on")
        verbose_name_plural = _("links with the city's sign-on")

    def __str__(self) -> str:
        return f"{_("link with the city's sign-on")} {self.pk}"
