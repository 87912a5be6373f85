"""What the public writes to an office through the information page."""

import datetime
import uuid
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.enquiries.answer_time import ANSWER_WITHIN, in_time_since
from counter.enums import EnquiryKind, EnquiryState
from counter.models.clerks import Clerk
from counter.models.offices import Office
from counter.querysets import EnquiryQuerySet

#: A national number, with up to three other characters between two digits.
NUMBER: Final = "([0-9][^0-9]{0,3}){10}[0-9]"
#: Enquiries whose text may contain a national number or a dossier's reference
#: (counter.enquiries.whose).
MENTIONS: Final = Q(text__regex=NUMBER) | Q(text__iregex=r"\m[0-9a-f]{8}\M")


class Enquiry(models.Model):
    """A question for the office's mailbox, or a report that a page is wrong.

    `email` is filled in only when the sender wants an answer; `answer` is the text that
    was mailed to it. Supervisors read and handle enquiries in the admin.
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
    owner = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who answers it"),
    )
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
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
        indexes = (
            # counter.enquiries.whose searches these few for a person's enquiries.
            models.Index(
                fields=("received_at",), name="enquiry_mentions", condition=MENTIONS
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="enquiry_handled_has_time_and_person",
                condition=Q(handled_at__isnull=True, handled_by__isnull=True)
                | Q(handled_at__isnull=False, handled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="enquiry_answered_is_handled_and_has_an_address",
                condition=Q(answer="") | (Q(handled_at__isnull=False) & ~Q(email="")),
            ),
        )

    @property
    def answer_until(self) -> datetime.date:
        """The last day on which an answer is in time (ANSWER_WITHIN)."""
        return timezone.localdate(self.received_at) + ANSWER_WITHIN

    def state(self, at: datetime.datetime) -> EnquiryState:
        """The state at the instant `at`; the queryset's `in_state` follows the same
        rule.
        """
        if self.handled_at is not None:
            return EnquiryState.ANSWERED if self.answer else EnquiryState.HANDLED
        if self.received_at < in_time_since(at):
            return EnquiryState.LATE
        return EnquiryState.TAKEN if self.owner_id else EnquiryState.NEW

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {str(self.pk)[:8]}"
