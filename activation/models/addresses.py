"""Changes of a dossier's mail address, to which the old address can object."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activation.models.codes import _derivation_key_id, _nonce
from activation.querysets import AddressChangeQuerySet
from counter.models import Clerk, Dossier


class AddressChange(models.Model):
    """A change of a dossier's mail address at the moment `at`.

    The old address gets a mail with a link to object: "I did not ask for this". The
    link is derived from `nonce`, like the link of a code, and can do nothing else. From
    the objection (`objected_at`) until a supervisor settles it (`settled_at`) no code
    can be made for the dossier. `old_email` may belong to a stranger, so it is emptied
    when it is no longer needed (activation.retention); the row stays as long as the
    dossier.
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
