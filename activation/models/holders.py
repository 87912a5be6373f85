"""The public account, and the history of it that its holder can see for six months."""

import uuid
from collections.abc import Iterable
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from activation.enums import Change, KeyKind, SignInFor, SignInResult
from activation.journey import passwords
from activation.querysets import (
    HolderEventQuerySet,
    KeyHolderQuerySet,
    KnownBrowserQuerySet,
)
from counter.enums import Language
from counter.models import Applicant, Dossier

# The order of a person's dossiers: the first is the one of the account.
_LAST_FIRST: Final = (F("activated_at").desc(nulls_last=True), "-recorded_at")

#: The emptied columns of an account that was anonymised.
NO_HOLDER: Final = {"user_name": "", "password": "", "email": "", "new_email": ""}


class KeyHolder(models.Model):
    """The account of a citizen, to which the digital keys belong.

    It is never an account of staff. After `anonymised_at` it holds no personal data and
    nobody can sign in to it (counter.retention).
    """

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
    email = models.EmailField(
        _("contact address"),
        blank=True,
        help_text=_(
            "The address to which mails about the account are sent. It is set at "
            "activation."
        ),
    )
    language = models.CharField(
        _("language of e-mails"),
        max_length=2,
        choices=Language.pairs,
        default=Language.NL,
    )
    new_email = models.EmailField(
        blank=True,
        editable=False,
        help_text=_(
            "An address that becomes the contact address once its one-time code is "
            "confirmed."
        ),
    )
    session_epoch = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("A higher number ends all sessions of the account."),
    )
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, editable=False)

    #: The `dossier`, for a list of many accounts (`load_dossiers`).
    loaded_dossier: Dossier | None = None

    objects = KeyHolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("key holder")
        verbose_name_plural = _("key holders")
        indexes = (models.Index(Lower("email"), name="key_holder_email"),)
        constraints = (
            models.UniqueConstraint(
                Lower("user_name"),
                name="key_holder_user_name_once",
                condition=Q(anonymised_at__isnull=True),
                violation_error_message=_("This user name is taken."),
            ),
            models.CheckConstraint(
                name="key_holder_anonymised_is_nobody",
                condition=Q(anonymised_at__isnull=True) | Q(**NO_HOLDER),
            ),
        )

    def __str__(self) -> str:
        return f"{_('key holder')} {str(self.pk)[:8]}"

    @property
    def dossier(self) -> Dossier:
        """The dossier under which the account is filed.

        It is the applicant's last activated dossier; without one, the last recorded.
        """
        if self.loaded_dossier is not None:
            return self.loaded_dossier
        dossiers = self.applicant.dossiers.select_related("office", "applicant")
        return dossiers.order_by(*_LAST_FIRST)[0]

    def set_password(self, plain: str) -> None:
        self.password = make_password(passwords.normalise(plain))

    def check_password(self, plain: str) -> bool:
        return check_password(passwords.normalise(plain), self.password)


def load_dossiers(holders: Iterable[KeyHolder]) -> None:
    """Load the `dossier` of each of these accounts, with one query for all."""
    accounts = list(holders)
    people = {holder.applicant_id for holder in accounts}
    rows = Dossier.objects.filter(applicant__in=people)
    last = rows.order_by("applicant_id", *_LAST_FIRST).distinct("applicant_id")
    of_person = {
        row.applicant_id: row for row in last.select_related("office", "applicant")
    }
    for holder in accounts:
        holder.loaded_dossier = of_person.get(holder.applicant_id)


class KnownBrowser(models.Model):
    """A browser with which a holder has signed in; a cookie identifies it.

    `mark` is a digest of the id that the cookie has for this holder. Each sign-in gives
    the browser a new id (activation.holder.known_browsers). Wrong passwords typed in
    this browser are counted under the id of the row, not under the user name.
    """

    holder = models.ForeignKey(KeyHolder, models.CASCADE, related_name="known_browsers")
    mark = models.BinaryField(max_length=32, unique=True, editable=False)
    signed_in_at = models.DateTimeField()

    objects = KnownBrowserQuerySet.as_manager()

    class Meta:
        verbose_name = _("known browser")
        verbose_name_plural = _("known browsers")
        indexes = (models.Index(fields=("signed_in_at",), name="known_browser_age"),)

    def __str__(self) -> str:
        return f"{_('known browser')} {self.pk}"


class SignInActivity(models.Model):
    """A sign-in or other proof of identity, successful or not; kept for six months.

    The holder's own page shows it: when, what for, with which key, and from which
    device. `device` and `browser` are one or two words derived from the User-Agent
    header. The header itself and the network address are not stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(
        KeyHolder, models.PROTECT, related_name="activity", verbose_name=_("holder")
    )
    at = models.DateTimeField(_("time"))
    key = models.ForeignKey(
        "activation.DigitalKey",
        models.PROTECT,
        related_name="activity",
        null=True,
        verbose_name=_("key"),
    )
    kind = models.CharField(
        _("kind of key"), max_length=5, choices=KeyKind.pairs, blank=True
    )
    device = models.CharField(_("device"), max_length=30, blank=True)
    browser = models.CharField(_("browser"), max_length=30, blank=True)
    is_new_device = models.BooleanField(
        _("new device"),
        default=False,
        help_text=_("Nobody had signed in to the account with this browser before."),
    )
    what_for = models.CharField(
        _("what for"),
        max_length=11,
        choices=SignInFor.pairs,
        default=SignInFor.SIGN_IN,
    )
    result = models.CharField(_("result"), max_length=14, choices=SignInResult.pairs)

    objects = HolderEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in of a holder")
        verbose_name_plural = _("sign-ins of holders")
        ordering = ("-at",)
        indexes = (
            models.Index(fields=("holder", "-at"), name="sign_in_activity_of_holder"),
            models.Index(fields=("at",), name="sign_in_activity_age"),
            models.Index(fields=("result", "at"), name="sign_in_activity_result"),
        )

    def __str__(self) -> str:
        return f"{_('sign-in of a holder')} {str(self.pk)[:8]}"


class HolderChange(models.Model):
    """A change of an account that its holder is told; kept for six months.

    `old_email` is set for the notice to the former contact address only
    (`Change.OLD_EMAIL`). Every other notice goes to the holder's present address.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(
        KeyHolder, models.PROTECT, related_name="changes", verbose_name=_("holder")
    )
    at = models.DateTimeField(_("time"))
    act = models.CharField(_("what changed"), max_length=14, choices=Change.pairs)
    kind = models.CharField(
        _("kind of key"), max_length=5, choices=KeyKind.pairs, blank=True
    )
    old_email = models.EmailField(blank=True, editable=False)

    objects = HolderEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an account")
        verbose_name_plural = _("changes of accounts")
        ordering = ("-at",)
        indexes = (
            models.Index(fields=("holder", "-at"), name="holder_change_of_holder"),
            models.Index(fields=("at",), name="holder_change_age"),
        )

    def __str__(self) -> str:
        return f"{_('change of an account')} {str(self.pk)[:8]}"
