"""The passkeys of staff, and the challenges that they are asked to sign."""

import base64
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from counter.crypto.encryption import SealedText
from counter.models.clerks import Clerk

#: A credential's id is no longer than this (WebAuthn, section 4).
CREDENTIAL_ID_BYTES = 1023


class Passkey(models.Model):
    """A passkey (WebAuthn) on a clerk's own device, which replaces the app's digits
    (counter.passkeys).

    The public key is not secret. It is encrypted together with the clerk's id, so that
    whoever can only write to the database can neither replace the key nor give the row
    to another clerk.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clerk = models.ForeignKey(Clerk, models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=40)
    credential_id = models.BinaryField(max_length=CREDENTIAL_ID_BYTES, unique=True)
    public_key_sealed = models.BinaryField()
    # The device's own count of how often it signed; 0 for devices that keep none.
    sign_count = models.BigIntegerField(default=0)
    added_at = models.DateTimeField(_("added"))
    last_used_at = models.DateTimeField(_("last used"), null=True)

    _owner_and_key = SealedText("public_key_sealed")

    objects = models.Manager["Passkey"]()

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        ordering = ("added_at",)
        constraints = (
            models.CheckConstraint(
                name="passkey_counts_up", condition=models.Q(sign_count__gte=0)
            ),
        )

    def __str__(self) -> str:
        return f"{_('passkey')} {str(self.pk)[:8]}"

    @property
    def public_key(self) -> bytes:
        """The key in COSE format; b"" when the row was moved to another clerk."""
        owner, _space, key = self._owner_and_key.partition(" ")
        return base64.b64decode(key) if owner == str(self.clerk_id) else b""

    @public_key.setter
    def public_key(self, key: bytes) -> None:
        self._owner_and_key = f"{self.clerk_id} {base64.b64encode(key).decode()}"


class PasskeyChallenge(models.Model):
    """Random bytes that a passkey is asked to sign, once (counter.passkeys.challenges).

    `mark` is a digest of the bytes; the bytes themselves are kept in the session for
    which they were made. Using the challenge deletes its row, so of two simultaneous
    answers only one succeeds.
    """

    mark = models.BinaryField(max_length=32, unique=True)
    clerk = models.ForeignKey(Clerk, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()

    objects = models.Manager["PasskeyChallenge"]()

    class Meta:
        verbose_name = _("question to a passkey")
        verbose_name_plural = _("questions to passkeys")
        indexes = (models.Index(fields=("asked_at",), name="passkey_challenge_age"),)

    def __str__(self) -> str:
        return f"{_('question to a passkey')} {self.pk}"
