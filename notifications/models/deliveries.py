"""The outbox: messages to send, written in the transaction that gives rise to them."""

import uuid
from datetime import datetime
from email.utils import parseaddr
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.encoding import punycode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from activation.models import KeyHolder
from counter.models import (
    AccountChange,
    Dossier,
    Enquiry,
    JournalSeal,
    PasswordLink,
)
from notifications.enums import Channel, DeliveryState, Kind, Lane, Skipped
from notifications.outbox.lane_field import LaneField
from notifications.querysets import LATE, MOST_UNCONFIRMED, DeliveryQuerySet


def _one_of(*columns: str) -> Q:
    """Exactly one of these columns is not null."""
    return reduce(
        or_,
        (
            Q(**{f"{column}__isnull": column != wanted for column in columns})
            for wanted in columns
        ),
    )


def _waits(minutes: int) -> str:
    hours = minutes // 60
    if hours < 2:
        return ngettext(
            "mail has been waiting for %(n)d minute",
            "mail has been waiting for %(n)d minutes",
            minutes,
        ) % {"n": minutes}
    return ngettext(
        "mail has been waiting for %(n)d hour",
        "mail has been waiting for %(n)d hours",
        hours,
    ) % {"n": hours}


class Delivery(models.Model):
    """One message to one person, sent once, however many attempts that takes.

    `subject` is the id of what the message is about: a code, a one-time code or a key,
    as `kind` says. A message belongs to exactly one of these: the dossier; the enquiry,
    if it brings a question to the office or an answer to the person; the holder of an
    account, whose sign-ins are no business of the desk, which shows a dossier's
    messages; the journal's seal, for the mail to the data-protection officer; the
    password link or the account change, for mails to staff.

    The message itself is rendered when it is sent, so the row contains no secret and no
    address. A sender that is working on the row holds `lease` until `leased_until`;
    after that any sender may take it. `unconfirmed` counts the sendings that no answer
    confirmed or refused; it is written before the text is sent, so it also counts a
    sender that is killed. `handed_over_at` is since when a server has the text without
    having answered. `put_off_since` is when the message was first put off for a cause
    of its own: from then on it is tried for a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.pairs)
    lane = LaneField(_("lane"), choices=Lane.pairs, editable=False)
    channel = models.CharField(_("channel"), max_length=4, choices=Channel.pairs)
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
    seal = models.ForeignKey(
        JournalSeal, models.PROTECT, null=True, verbose_name=_("journal seal")
    )
    password_link = models.ForeignKey(
        PasswordLink, models.CASCADE, null=True, related_name="deliveries"
    )
    account_change = models.ForeignKey(
        AccountChange, models.PROTECT, null=True, related_name="deliveries"
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=DeliveryState.pairs,
        default=DeliveryState.WAITING,
    )
    created_at = models.DateTimeField(_("created"))
    planned_for = models.DateTimeField(
        _("planned for"),
        null=True,
        help_text=_("The time at which the message was to be sent, if not at once."),
    )
    not_before = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    unconfirmed = models.PositiveSmallIntegerField(
        _("sent without an answer"), default=0
    )
    handed_over_at = models.DateTimeField(null=True, editable=False)
    put_off_since = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)
    refused_at = models.DateTimeField(_("refused"), null=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True)
    dropped_because = models.CharField(
        _("why it was not sent"), max_length=20, choices=Skipped.pairs, blank=True
    )
    unknown_at = models.DateTimeField(_("unknown since"), null=True)
    dead_at = models.DateTimeField(_("given up"), null=True)
    answer = models.CharField(
        _("the server's answer"),
        max_length=300,
        blank=True,
        help_text=_("The answer is kept without addresses."),
    )

    #: Whether this is the one message that is tried while its lane rests
    #: (notifications.outbox.circuits); set by the sender that holds it, and not stored.
    is_try = False
    #: Whether the server of its lane has failed since its last answer, as far as known.
    is_ailing = True

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-created_at",)
        indexes = (
            # For the due rows of one lane in order, however many rows wait in other
            # lanes.
            models.Index(
                fields=("lane", "not_before"),
                name="delivery_due",
                condition=Q(state=DeliveryState.WAITING),
            ),
            models.Index(
                fields=("sent_at",),
                include=("lane", "channel"),
                name="delivery_sent",
                condition=Q(state=DeliveryState.SENT),
            ),
            models.Index(
                fields=("channel", "-created_at"),
                name="delivery_last_sent",
                condition=Q(state=DeliveryState.SENT),
            ),
            models.Index(
                "created_at",
                name="delivery_unknown",
                condition=Q(state=DeliveryState.UNKNOWN),
            ),
            models.Index(
                "dead_at",
                name="delivery_dead",
                condition=Q(state=DeliveryState.DEAD),
            ),
            models.Index(fields=("-created_at",), name="delivery_newest"),
            models.Index(fields=("state", "-created_at"), name="delivery_in_state"),
            models.Index(
                "refused_at",
                name="delivery_refused",
                condition=Q(state=DeliveryState.REFUSED),
            ),
        )
        constraints = (
            models.UniqueConstraint("kind", "subject", name="delivery_once_a_subject"),
            models.CheckConstraint(
                name="delivery_filed_under_one",
                condition=_one_of(
                    "dossier",
                    "enquiry",
                    "holder",
                    "seal",
                    "password_link",
                    "account_change",
                ),
            ),
            models.CheckConstraint(
                name="delivery_state_has_time",
                condition=Q(state=DeliveryState.WAITING)
                | Q(state=DeliveryState.SENT, sent_at__isnull=False)
                | Q(state=DeliveryState.REFUSED, refused_at__isnull=False)
                | Q(state=DeliveryState.DROPPED, dropped_at__isnull=False)
                | Q(state=DeliveryState.UNKNOWN, unknown_at__isnull=False)
                | Q(state=DeliveryState.DEAD, dead_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {str(self.pk)[:8]}"

    @property
    def message_id(self) -> str:
        """The Message-ID, the same for every sending, so that a duplicate can be
        recognised.

        Its domain is that of the sender's address, as receivers expect.
        """
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        return f"<{self.pk}@{punycode(sender.rpartition('@')[2])}>"

    @property
    def waiting_since(self) -> datetime:
        return self.planned_for or self.created_at

    @property
    def late_label(self) -> str:
        """For how long the message has been waiting, if that is too long; empty
        otherwise.
        """
        waited = timezone.now() - self.waiting_since
        if self.state != DeliveryState.WAITING or waited < LATE:
            return ""
        return _waits(int(waited.total_seconds() // 60))

    @property
    def awaits_decision(self) -> bool:
        """As `DeliveryQuerySet.undecided`, for this row."""
        in_hand = self.leased_until is not None and self.leased_until > timezone.now()
        is_waiting = self.state == DeliveryState.WAITING and not in_hand
        is_spent = is_waiting and self.unconfirmed >= MOST_UNCONFIRMED
        return self.state in (DeliveryState.UNKNOWN, DeliveryState.DEAD) or is_spent

    @property
    def waits_for_server(self) -> bool:
        """Whether a mail is put off because the mail server was away or broke off, and
        for no cause of its own, such as a full mailbox.
        """
        is_put_off = self.state == DeliveryState.WAITING and self.attempts > 0
        is_mail = self.channel == Channel.MAIL
        is_untaken = self.put_off_since is None and not self.unconfirmed
        return is_put_off and is_mail and is_untaken

    @property
    def about(self) -> str:
        """What the message is filed under, in the words of staff, without an
        applicant's name.
        """
        if self.password_link:
            return str(self.password_link.clerk or "")
        if self.account_change:
            return str(self.account_change.account)
        dossier = self.dossier or (self.holder.dossier if self.holder else None)
        return dossier.reference if dossier else ""

    @property
    def answer_shown(self) -> str:
        """The answer in the reader's language, when it is a sentence of ours."""
        return gettext(self.answer) if self.answer else ""
