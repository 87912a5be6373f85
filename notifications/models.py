"""The outbox: what has to be sent, written with what it tells of."""

import uuid
from email.utils import parseaddr
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.encoding import punycode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activation.models import KeyHolder
from counter.models import Dossier, Enquiry
from notifications.enums import Channel, DeliveryState, Kind
from notifications.querysets import DeliveryQuerySet


def _one_of(*columns: str) -> Q:
    """Exactly one of these is there."""
    return reduce(
        or_,
        (
            Q(**{f"{column}__isnull": column != wanted for column in columns})
            for wanted in columns
        ),
    )


class Delivery(models.Model):
    """One message to one person, once, however often it takes to get it out.

    `subject` is the id of what it is about: a code, a one-time code or a key, as
    `kind` says. It is filed under the dossier, under the enquiry that it brings to the
    office's mailbox, or under the holder of an account: when somebody signs in is no
    business of the desk, where a dossier's messages are shown. The message itself is
    rendered when it is sent, so no secret and no address lies here. A worker that has
    it in hand holds `lease` until `leased_until`; after that it is anybody's again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    channel = models.CharField(_("channel"), max_length=4, choices=Channel)
    subject = models.UUIDField(editable=False)
    dossier = models.ForeignKey(
        Dossier,
        models.PROTECT,
        null=True,
        related_name="deliveries",
        verbose_name=_("dossier"),
    )
    enquiry = models.ForeignKey(
        Enquiry,
        models.CASCADE,
        null=True,
        related_name="deliveries",
        verbose_name=_("message from the public"),
    )
    holder = models.ForeignKey(
        KeyHolder,
        models.PROTECT,
        null=True,
        related_name="deliveries",
        verbose_name=_("key holder"),
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=DeliveryState,
        default=DeliveryState.WAITING,
    )
    created_at = models.DateTimeField(_("created"))
    not_before = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)
    refused_at = models.DateTimeField(_("refused"), null=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True)
    answer = models.CharField(
        _("the server's answer"),
        max_length=300,
        blank=True,
        help_text=_("Without addresses."),
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-created_at",)
        indexes = (
            models.Index(
                "not_before",
                name="delivery_due",
                condition=Q(state=DeliveryState.WAITING),
            ),
        )
        constraints = (
            models.UniqueConstraint("kind", "subject", name="delivery_once_a_subject"),
            models.CheckConstraint(
                name="delivery_filed_under_one",
                condition=_one_of("dossier", "enquiry", "holder"),
            ),
            models.CheckConstraint(
                name="delivery_state_has_time",
                condition=Q(state=DeliveryState.WAITING)
                | Q(state=DeliveryState.SENT, sent_at__isnull=False)
                | Q(state=DeliveryState.REFUSED, refused_at__isnull=False)
                | Q(state=DeliveryState.DROPPED, dropped_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {str(self.pk)[:8]}"

    @property
    def message_id(self) -> str:
        """The same for every sending of this message, so a duplicate is known.

        In the domain the mail comes from, as receivers expect.
        """
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        return f"<{self.pk}@{punycode(sender.rpartition('@')[2])}>"

    @property
    def answer_shown(self) -> str:
        """The answer in the reader's language, when it is a sentence of ours."""
        return gettext(self.answer) if self.answer else ""
