"""The code on paper and the link that belongs to it."""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from activation.codes.derivation import current_key_id, new_nonce
from activation.codes.validity import last_whole_day
from activation.enums import ENDING_CODE_STATES, SPENT_CODE_STATES, CodeState
from activation.querysets import CODE_END, TRIES_A_CODE, ActivationCodeQuerySet
from counter.crypto.encryption import SealedText
from counter.models import Clerk, Dossier


def _derivation_key_id() -> str:
    return current_key_id()


def _nonce() -> bytes:
    return new_nonce()


class ActivationCode(models.Model):
    """A code on paper and the link that belongs to it.

    Neither is stored: both are derived from `nonce` (activation.codes.derivation).
    `valid_until` is 14 calendar days after issue. `attempts` counts the comparisons
    with a typed code, and a right try is given back; at 5 the code is locked.
    `progress` is how far the activation has come, and is emptied when the code ends
    (activation.codes.saved_progress).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="codes", verbose_name=_("dossier")
    )
    key_id = models.CharField(max_length=8, default=_derivation_key_id, editable=False)
    nonce = models.BinaryField(max_length=32, default=_nonce, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=CodeState.pairs, default=CodeState.LIVE
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
    frozen_at = models.DateTimeField(
        _("frozen"),
        null=True,
        help_text=_(
            "The time at which the code was stopped: by the person or the reader of "
            "the address before, who had not asked for it, or by a supervisor. Only "
            "the counter can issue a new one."
        ),
    )
    held_at = models.DateTimeField(
        _("on hold since"),
        null=True,
        help_text=_("Until it is decided whether the payment is given back."),
    )

    progress_sealed = models.BinaryField(default=bytes, editable=False)

    progress = SealedText("progress_sealed")

    objects = ActivationCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("activation code")
        verbose_name_plural = _("activation codes")
        ordering = ("-issued_at",)
        indexes = (
            models.Index("issued_by", "issued_at", name="code_by_clerk"),
            models.Index(fields=("-issued_at",), name="code_newest"),
            models.Index(fields=("state", "-issued_at"), name="code_in_state"),
            models.Index(fields=("valid_until",), name="code_by_end"),
            models.Index(
                "valid_until",
                name="code_due",
                condition=Q(state__in=ENDING_CODE_STATES),
            ),
            models.Index(
                CODE_END,
                name="code_spent",
                condition=Q(state__in=SPENT_CODE_STATES) & ~Q(nonce=b""),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                "dossier",
                name="code_one_live_a_dossier",
                condition=Q(
                    state__in=(CodeState.LIVE, CodeState.LOCKED, CodeState.HELD)
                ),
            ),
            models.CheckConstraint(
                name="code_valid_after_issue",
                condition=Q(valid_until__gt=F("issued_at")),
            ),
            models.CheckConstraint(
                name="code_attempts_are_limited",
                condition=Q(attempts__lte=TRIES_A_CODE),
            ),
            models.CheckConstraint(
                name="code_state_has_time",
                condition=Q(state=CodeState.LIVE)
                | Q(state=CodeState.LOCKED, locked_at__isnull=False)
                | Q(state=CodeState.USED, used_at__isnull=False)
                | Q(state=CodeState.REPLACED, replaced_at__isnull=False)
                | Q(state=CodeState.LAPSED, lapsed_at__isnull=False)
                | Q(state=CodeState.FROZEN, frozen_at__isnull=False)
                | Q(state=CodeState.HELD, held_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{_('activation code')} {str(self.pk)[:8]}"

    @property
    def last_day(self) -> datetime.date:
        """The last whole day of the link, which paper and mails promise."""
        return last_whole_day(self.valid_until)

    @property
    def is_frozen(self) -> bool:
        """Whether the code was frozen; also True while it is on hold."""
        is_held = self.state == CodeState.HELD and self.frozen_at is not None
        return self.state == CodeState.FROZEN or is_held

    def is_on_hold(self, at: datetime.datetime) -> bool:
        """Whether the code is on hold and could become live again.

        Its two weeks are not over, and it was neither locked nor frozen before.
        """
        return (
            self.state == CodeState.HELD
            and self.valid_until > at
            and self.locked_at is None
            and self.frozen_at is None
        )
