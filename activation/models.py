"""The code on paper, the person's account, and the keys."""

import datetime
import uuid

from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from activation import passwords
from activation.derivation import current_key_id, new_nonce
from activation.enums import CodeState, KeyKind, KeyState, OneTimeCodeState
from activation.querysets import (
    ActivationCodeQuerySet,
    AddressCountQuerySet,
    DigitalKeyQuerySet,
    KeyHolderQuerySet,
    OneTimeCodeQuerySet,
)
from activation.validity import last_whole_day
from counter.encryption import SealedText
from counter.models import Applicant, Clerk, Dossier


def _derivation_key_id() -> str:
    return current_key_id()


def _nonce() -> bytes:
    return new_nonce()


class ActivationCode(models.Model):
    """A code on paper and the link that belongs to it; neither is stored.

    Both are derived from `nonce` (activation.derivation). `valid_until` is 14
    calendar days after issue. `attempts` counts comparisons; at 5 it is locked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="codes", verbose_name=_("dossier")
    )
    key_id = models.CharField(max_length=8, default=_derivation_key_id, editable=False)
    nonce = models.BinaryField(max_length=32, default=_nonce, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=CodeState, default=CodeState.LIVE
    )
    issued_by = models.ForeignKey(
        Clerk, models.PROTECT, related_name="codes", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued"))
    valid_until = models.DateTimeField(_("valid until"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    locked_at = models.DateTimeField(_("locked"), null=True)
    used_at = models.DateTimeField(_("used"), null=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True)
    lapsed_at = models.DateTimeField(_("lapsed"), null=True)

    objects = ActivationCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("activation code")
        verbose_name_plural = _("activation codes")
        ordering = ("-issued_at",)
        indexes = (
            models.Index(
                "valid_until",
                name="code_due",
                condition=Q(state__in=(CodeState.LIVE, CodeState.LOCKED)),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                "dossier",
                name="code_one_live_a_dossier",
                condition=Q(state__in=(CodeState.LIVE, CodeState.LOCKED)),
            ),
            models.CheckConstraint(
                name="code_valid_after_issue",
                condition=Q(valid_until__gt=F("issued_at")),
            ),
            models.CheckConstraint(
                name="code_attempts_are_limited",
                condition=Q(attempts__lte=5),
            ),
            models.CheckConstraint(
                name="code_state_has_time",
                condition=Q(state=CodeState.LIVE)
                | Q(state=CodeState.LOCKED, locked_at__isnull=False)
                | Q(state=CodeState.USED, used_at__isnull=False)
                | Q(state=CodeState.REPLACED, replaced_at__isnull=False)
                | Q(state=CodeState.LAPSED, lapsed_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{_('activation code')} {str(self.pk)[:8]}"

    @property
    def last_day(self) -> datetime.date:
        """The last whole day of the link: what is promised to the person."""
        return last_whole_day(self.valid_until)


class KeyHolder(models.Model):
    """The public account that keys belong to; never a member of staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.OneToOneField(
        Applicant,
        models.PROTECT,
        related_name="key_holder",
        verbose_name=_("applicant"),
    )
    user_name = models.CharField(_("user name"), max_length=50)
    password = models.CharField(max_length=128, editable=False)
    created_at = models.DateTimeField(_("created"))

    objects = KeyHolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("key holder")
        verbose_name_plural = _("key holders")
        constraints = (
            models.UniqueConstraint(
                Lower("user_name"),
                name="key_holder_user_name_once",
                violation_error_message=_("This user name is taken."),
            ),
        )

    def __str__(self) -> str:
        return f"{_('key holder')} {str(self.pk)[:8]}"

    def set_password(self, plain: str) -> None:
        self.password = make_password(passwords.normalise(plain))

    def check_password(self, plain: str) -> bool:
        return check_password(passwords.normalise(plain), self.password)


class DigitalKey(models.Model):
    """One way for a holder to prove who they are, for ten years.

    An app key keeps its TOTP secret sealed, and the last time step it accepted. A
    text message or e-mail key keeps its destination sealed, and an index of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(
        KeyHolder, models.PROTECT, related_name="keys", verbose_name=_("holder")
    )
    code = models.ForeignKey(
        ActivationCode, models.PROTECT, related_name="keys", verbose_name=_("code")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=KeyKind)
    state = models.CharField(
        _("state"), max_length=8, choices=KeyState, default=KeyState.PENDING
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

    secret = SealedText("secret_sealed")
    destination = SealedText("destination_sealed")

    objects = DigitalKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("digital key")
        verbose_name_plural = _("digital keys")
        ordering = ("-created_at",)
        indexes = (
            models.Index(
                "valid_until", name="key_due", condition=Q(state=KeyState.ACTIVE)
            ),
        )
        constraints = (
            models.UniqueConstraint(
                "code",
                name="key_one_active_a_code",
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


class OneTimeCode(models.Model):
    """Six digits sent to confirm a text message or e-mail key, good for 10 minutes.

    Derived like the activation code, so no digits are stored. `attempts` counts
    comparisons of this one; the limits over several stand in activation.one_time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey(
        DigitalKey, models.PROTECT, related_name="one_time_codes", verbose_name=_("key")
    )
    key_id_used = models.CharField(
        max_length=8, default=_derivation_key_id, editable=False
    )
    nonce = models.BinaryField(max_length=32, default=_nonce, editable=False)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=OneTimeCodeState,
        default=OneTimeCodeState.LIVE,
    )
    destination_index = models.BinaryField(editable=False)
    requested_at = models.DateTimeField(_("requested"))
    valid_until = models.DateTimeField(_("valid until"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    used_at = models.DateTimeField(_("used"), null=True)

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        ordering = ("-requested_at",)
        indexes = (
            models.Index(
                "destination_index", "requested_at", name="one_time_code_limits"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                "key",
                name="one_time_code_one_live_a_key",
                condition=Q(state=OneTimeCodeState.LIVE),
            ),
            models.CheckConstraint(
                name="one_time_code_attempts_are_limited",
                condition=Q(attempts__lte=5),
            ),
            models.CheckConstraint(
                name="one_time_code_used_has_time",
                condition=~Q(state=OneTimeCodeState.USED) | Q(used_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{_('one-time code')} {str(self.pk)[:8]}"


class AddressCount(models.Model):
    """How often one network address sent something within one minute.

    The address itself is nowhere: `address_index` is its keyed digest
    (counter.encryption.index). Rows are of no use after their minute and are swept.
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
        return f"{self.minute:%H:%M}: {self.count}"
