"""What became of a dossier's address, for whoever reads the old one."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activation.models.codes import _derivation_key_id, _nonce
from activation.querysets import AddressChangeQuerySet
from counter.models import Clerk, Dossier


class AddressChange(models.Model):
    """A dossier's address was another one until `at`; the old one is told.

    Its mail has a link that says "I did not ask for this", derived from `nonce` as a
    code's is and good for nothing else. From `objected_at` on, until a supervisor has
    looked at it (`settled_at`), the dossier gets no code. The address itself, perhaps a
    stranger's, is emptied when nothing is done with it any more
    (activation.retention); the rest stays with the dossier.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(
        Dossier,
        models.PROTECT,
        related_name="address_changes",
        verbose_name=_("dossier"),
    )
    old_email = models.EmailField(_("address before"), max_length=254, blank=True)
    at = models.DateTimeField(_("at"))
    clerk = models.ForeignKey(
        Clerk, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    supervisor = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("agreed to by"),
    )
    key_id = models.CharField(max_length=8, default=_derivation_key_id, editable=False)
    nonce = models.BinaryField(max_length=32, default=_nonce, editable=False)
    objected_at = models.DateTimeField(_("not asked for, said at"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = AddressChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an address")
        verbose_name_plural = _("changes of addresses")
        ordering = ("-at",)
        indexes = (
            models.Index(
                fields=("at",), name="address_change_kept", condition=~Q(old_email="")
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="address_change_settled_after_objection",
                condition=models.Q(settled_at__isnull=True)
                | models.Q(objected_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{_('change of an address')} {str(self.pk)[:8]}"
