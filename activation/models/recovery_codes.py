"""Recovery codes on paper, for a holder who does not have a key at hand."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activation.models.holders import KeyHolder


class RecoveryCode(models.Model):
    """One of the ten codes on a holder's sheet; each works once
    (activation.holder.paper).

    `hashed` is the whole code, hashed like a password. It is not derived from a key in
    the settings, because such keys are replaced sooner than the paper. `mark` is the
    first four characters of the code; they find the row, so that one hash is compared
    instead of ten.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(
        KeyHolder,
        models.PROTECT,
        related_name="recovery_codes",
        verbose_name=_("holder"),
    )
    mark = models.CharField(max_length=4, editable=False)
    hashed = models.CharField(max_length=128, editable=False)
    made_at = models.DateTimeField(_("made"))
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        ordering = ("made_at",)
        indexes = (
            models.Index(
                fields=("used_at",),
                name="recovery_code_used",
                condition=Q(used_at__isnull=False),
            ),
        )
        constraints = (
            models.UniqueConstraint("holder", "mark", name="recovery_code_mark_once"),
        )

    def __str__(self) -> str:
        return f"{_('recovery code')} {str(self.pk)[:8]}"
