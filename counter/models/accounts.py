"""Changes of accounts, links to choose a password, and the city's sign-on."""

import secrets
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counter.crypto.encryption import SealedText
from counter.enums import AccountAct
from counter.models.clerks import Clerk
from counter.querysets import AccountChangeQuerySet

NONCE_BYTES = 32


def _nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


class AccountChange(models.Model):
    """A change of an account that could let the colleague who made it use the account.

    For a week after it, the owner and that colleague count as one person wherever two
    persons have to agree (counter.staff.same_hands). `by` is who made the change; None
    for a management command, and for what the owner did on the sign-in page.
    `second_supervisor` gets a mail about it. `old_email` and `second_email` are the
    addresses that the owner and that supervisor had before the change: the mail goes to
    them even when an address is changed before it is sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        Clerk,
        models.PROTECT,
        related_name="account_changes",
        verbose_name=_("account"),
    )
    act = models.CharField(_("what"), max_length=16, choices=AccountAct.pairs)
    by = models.ForeignKey(
        Clerk, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    old_email = models.EmailField(blank=True, editable=False)
    second_supervisor = models.ForeignKey(
        Clerk, models.PROTECT, null=True, related_name="+"
    )
    second_email = models.EmailField(blank=True, editable=False)

    objects = AccountChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an account")
        verbose_name_plural = _("changes of accounts")
        ordering = ("-at",)
        indexes = (models.Index(fields=("at",), name="account_change_at"),)

    def __str__(self) -> str:
        return f"{_('change of an account')} {str(self.pk)[:8]}"


class PasswordLink(models.Model):
    """A mailed link by which the owner of an account chooses the password, once.

    The link itself is not stored; it is computed from `nonce`
    (counter.staff.password_links). It is valid only while the account still has the
    `email` for which it was made. When somebody asks for a link for a user name that
    does not exist, the row has no `clerk` and no mail is sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clerk = models.ForeignKey(
        Clerk, models.CASCADE, null=True, related_name="password_links"
    )
    email = models.EmailField(blank=True, editable=False)
    asked_by = models.ForeignKey(Clerk, models.PROTECT, null=True, related_name="+")
    is_invitation = models.BooleanField()
    nonce = models.BinaryField(max_length=NONCE_BYTES, default=_nonce, editable=False)
    asked_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("link to choose a password")
        verbose_name_plural = _("links to choose a password")
        indexes = (models.Index(fields=("asked_at",), name="password_link_asked"),)
        constraints = (
            models.CheckConstraint(
                name="password_link_ends_after_it_was_asked",
                condition=Q(valid_until__gt=F("asked_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{_('link to choose a password')} {str(self.pk)[:8]}"


class CityIdentity(models.Model):
    """An account's link with the city's sign-on (counter.city_sign_on.linking).

    `mark`, a digest of issuer and subject, is what the row is looked up by. Issuer and
    subject are also encrypted, bound to this clerk's row: whoever can only write to the
    database cannot link an account.
    """

    clerk = models.OneToOneField(
        Clerk, models.CASCADE, primary_key=True, related_name="city_identity"
    )
    mark = models.BinaryField(max_length=32, unique=True)
    subject_sealed = models.BinaryField()
    linked_at = models.DateTimeField(_("linked"))
    is_off = models.BooleanField(
        default=False,
        help_text="The account was switched off because the city took its role away.",
    )

    subject = SealedText("subject_sealed")

    objects = models.Manager["CityIdentity"]()

    class Meta:
        verbose_name = _("link with the city's sign-on")
        verbose_name_plural = _("links with the city's sign-on")

    def __str__(self) -> str:
        return f"{_("link with the city's sign-on")} {self.pk}"
