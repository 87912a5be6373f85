"""What the public writes to an office through the information page."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counter.enums import EnquiryKind
from counter.models.clerks import Clerk
from counter.models.offices import Office
from counter.querysets import EnquiryQuerySet


class Enquiry(models.Model):
    """A question for the office's mailbox, or a report that a page is wrong.

    `email` only when the sender wants an answer. Seen by supervisors in the admin.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="enquiries", verbose_name=_("office")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=EnquiryKind.pairs)
    language = models.CharField(_("language"), max_length=2)
    page = models.CharField(_("page"), max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    text = models.TextField(_("text"), max_length=4000)
    received_at = models.DateTimeField(_("received"))
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    handled_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enquiries",
        verbose_name=_("handled by"),
    )

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("message from the public")
        verbose_name_plural = _("messages from the public")
        ordering = ("-received_at",)
        constraints = (
            models.CheckConstraint(
                name="enquiry_handled_has_time_and_person",
                condition=Q(handled_at__isnull=True, handled_by__isnull=True)
                | Q(handled_at__isnull=False, handled_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {str(self.pk)[:8]}"
