"""The digital keys, and the one-time codes that are sent to them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from activation.enums import (
    ENDED_KEY_STATES,
    KeyKind,
    KeyState,
    OneTimeCodeState,
    Purpose,
)
from activation.models.codes import ActivationCode, _derivation_key_id, _nonce
from activation.models.holders import KeyHolder
from activation.one_time import key_kinds
from activation.querysets import (
    DESTINATION,
    KEY_END,
    TRIES_A_CODE,
    DigitalKeyQuerySet,
    OneTimeCodeQuerySet,
)
from counter.crypto.encryption import KeyedIndex, SealedText
from counter.models import Dossier


class DigitalKey(models.Model):
    """A means for a holder to prove who they are; valid for ten years.

    An app key has its TOTP secret, encrypted, and the last time step that was used. A
    text message or e-mail key has its destination, encrypted, and a keyed index of it.

    One code activates one key. A key that the holder adds later is filed under the
    holder's last code, so that every key has a dossier and an office.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(
        KeyHolder, models.PROTECT, related_name="keys", verbose_name=_("holder")
    )
    code = models.ForeignKey(
        ActivationCode,
        models.PROTECT,
        related_name="keys",
        verbose_name=_("code"),
        help_text=_(
            "The code with which the key was activated; for a key added later, the "
            "holder's last code."
        ),
    )
    is_first = models.BooleanField(
        _("activated with the code"),
        default=True,
        help_text=_("Otherwise the holder added it later."),
    )
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="replaced_by",
        null=True,
        verbose_name=_("replaces"),
        help_text=_("That key is revoked when this one is confirmed."),
    )
    name = models.CharField(_("name"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=5, choices=KeyKind.pairs)
    state = models.CharField(
        _("state"), max_length=8, choices=KeyState.pairs, default=KeyState.PENDING
    )
    secret_sealed = models.BinaryField(default=bytes, editable=False)
    destination_sealed = models.BinaryField(default=bytes, editable=False)
    destination_index = models.BinaryField(null=True, editable=False)
    last_step = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"))
    activated_at = models.DateTimeField(_("activated"), null=True)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    expired_at = models.DateTimeField(_("expired"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    last_used_at = models.DateTimeField(_("last used"), null=True)
    # Set when its dossier is anonymised; the row then serves statistics only
    # (activation.retention).
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, editable=False)

    secret = SealedText("secret_sealed")
    destination = SealedText("destination_sealed")
    destination_keyed = KeyedIndex(
        "destination_index", of="destination", purpose=DESTINATION
    )

    objects = DigitalKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("digital key")
        verbose_name_plural = _("digital keys")
        ordering = ("-created_at",)
        indexes = (
            models.Index(
                "valid_until", name="key_due", condition=Q(state=KeyState.ACTIVE)
            ),
            models.Index(fields=("-created_at",), name="key_newest"),
            models.Index(fields=("activated_at",), name="key_activated"),
            models.Index(fields=("valid_until",), name="key_by_end"),
            models.Index(fields=("state", "-created_at"), name="key_in_state"),
            models.Index(
                KEY_END,
                name="key_ended",
                condition=Q(state__in=ENDED_KEY_STATES, anonymised_at__isnull=True),
            ),
            models.Index(
                KEY_END,
                name="key_ended_not_emptied",
                condition=Q(state__in=ENDED_KEY_STATES)
                & (Q(destination_index__isnull=False) | ~Q(secret_sealed=b"")),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                "code",
                name="key_one_first_a_code",
                condition=Q(is_first=True) & ~Q(state=KeyState.PENDING),
            ),
            models.UniqueConstraint(
                "replaces",
                name="key_replaced_once",
                condition=~Q(state=KeyState.PENDING),
            ),
            models.CheckConstraint(
                name="key_state_has_time",
                condition=Q(state=KeyState.PENDING)
                | Q(
                    state=KeyState.ACTIVE,
                    activated_at__isnull=False,
                    valid_until__isnull=False,
                )
                | Q(state=KeyState.EXPIRED, expired_at__isnull=False)
                | Q(state=KeyState.REVOKED, revoked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="key_valid_after_activation",
                condition=Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("activated_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {str(self.pk)[:8]}"

    @property
    def kind_record(self) -> key_kinds.KindRecord:
        """The record with everything that differs for this kind of key."""
        return key_kinds.record(KeyKind(self.kind))


class OneTimeCode(models.Model):
    """Six digits that are sent to a key or to its holder, valid for 10 minutes.

    With a `key` they go to its destination. Without one they go to the holder's mail
    address: to the new one that has to be confirmed, or to the present one after a
    forgotten password. The digits are derived like the activation code and not stored.
    `attempts` counts the comparisons with this code; activation.one_time has the limits
    across several codes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey(
        DigitalKey,
        models.PROTECT,
        related_name="one_time_codes",
        null=True,
        verbose_name=_("key"),
    )
    holder = models.ForeignKey(
        KeyHolder,
        models.PROTECT,
        related_name="one_time_codes",
        null=True,
        verbose_name=_("holder"),
    )
    purpose = models.CharField(
        _("purpose"), max_length=8, choices=Purpose.pairs, default=Purpose.ACTIVATE
    )
    key_id_used = models.CharField(
        max_length=8, default=_derivation_key_id, editable=False
    )
    nonce = models.BinaryField(max_length=32, default=_nonce, editable=False)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=OneTimeCodeState.pairs,
        default=OneTimeCodeState.LIVE,
    )
    destination_index = models.BinaryField(editable=False)
    requested_at = models.DateTimeField(_("requested"))
    valid_until = models.DateTimeField(_("valid until"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    used_at = models.DateTimeField(_("used"), null=True)

    # The holder's address may have changed since.
    destination_keyed = KeyedIndex(
        "destination_index",
        of="destination",
        purpose=DESTINATION,
        may_differ=True,
        through=("key", "holder"),
    )

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        ordering = ("-requested_at",)
        indexes = (
            models.Index(
                "destination_index", "requested_at", name="one_time_code_limits"
            ),
            models.Index(fields=("requested_at",), name="one_time_code_age"),
        )
        constraints = (
            models.UniqueConstraint(
                "key",
                name="one_time_code_one_live_a_key",
                condition=Q(state=OneTimeCodeState.LIVE),
            ),
            models.UniqueConstraint(
                "holder",
                "purpose",
                name="one_time_code_one_live_a_holder",
                # A code for a forgotten password belongs to one session, so a holder
                # can have several live ones.
                condition=Q(state=OneTimeCodeState.LIVE, key__isnull=True)
                & ~Q(purpose=Purpose.RECOVER),
            ),
            models.CheckConstraint(
                name="one_time_code_goes_to_somebody",
                condition=Q(key__isnull=False) | Q(holder__isnull=False),
            ),
            models.CheckConstraint(
                name="one_time_code_attempts_are_limited",
                condition=Q(attempts__lte=TRIES_A_CODE),
            ),
            models.CheckConstraint(
                name="one_time_code_used_has_time",
                condition=~Q(state=OneTimeCodeState.USED) | Q(used_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{_('one-time code')} {str(self.pk)[:8]}"

    @property
    def dossier(self) -> Dossier:
        """The dossier under which the code is filed: its key's, else its holder's.

        A check constraint ensures that a code without a key has a holder.
        """
        if self.key is not None:
            return self.key.code.dossier
        if self.holder is None:
            raise ValueError("A one-time code goes to a key or to a holder.")
        return self.holder.dossier

    @property
    def destination(self) -> str:
        """The number or address to which the digits go; empty when it was deleted."""
        if self.key is not None:
            return self.key.destination
        if self.holder is None:
            return ""
        is_new = self.purpose == Purpose.EMAIL
        return self.holder.new_email if is_new else self.holder.email
