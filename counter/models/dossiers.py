"""The dossiers of people who came to the counter."""

import uuid
from typing import Final

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from counter.crypto.encryption import SealedText
from counter.email import mail_syntax
from counter.enums import (
    OPEN_STATES,
    WITHOUT_KEY,
    DossierState,
    Language,
    Reason,
)
from counter.identity.documents import MAY_BE_UNLIMITED, DocumentType
from counter.models.applicants import Applicant, all_of, name_shown
from counter.models.clerks import Clerk
from counter.models.offices import Office
from counter.querysets import (
    DossierQuerySet,
)

#: SQL: when a dossier was activated or ended without a key; NULL while it is open.
DOSSIER_END: Final = Coalesce("activated_at", "lapsed_at", "cancelled_at")
#: The values of a dossier's personal columns after anonymisation. The kind of document,
#: the language and the reason are kept for the statistics: they identify nobody.
NO_DETAILS: Final = {
    "last_name": "",
    "first_names": "",
    "birth_date": None,
    "document_number_sealed": b"",
    "document_country": "",
    "document_expiry": None,
    "email": "",
}


def _state_has_time(state: DossierState, column: str) -> models.CheckConstraint:
    """A constraint: a dossier in this state has the time at which it got there."""
    return models.CheckConstraint(
        name=f"dossier_{state.value}_has_time",
        condition=~Q(state=state) | Q(**{f"{column}__isnull": False}),
    )


class Dossier(models.Model):
    """One visit's request for an activation code.

    Once `anonymised_at` is set, the row is kept for the statistics only: its personal
    data are removed, its `applicant` is an anonymous row made for it alone
    (counter.retention), and its state never changes again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.UUIDField(
        unique=True,
        editable=False,
        help_text=_(
            "The form with which the dossier was made. When it is sent twice, there is "
            "still one dossier."
        ),
    )
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="dossiers", verbose_name=_("office")
    )
    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="dossiers", verbose_name=_("applicant")
    )
    recorded_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        related_name="dossiers",
        verbose_name=_("recorded by"),
        db_index=False,  # dossier_by_clerk begins with it
    )
    desk = models.CharField(
        _("desk"),
        max_length=40,
        blank=True,
        help_text=_("The desk at which the dossier was recorded."),
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=DossierState.pairs,
        default=DossierState.RECORDED,
    )

    # What the document of this visit said. A later visit never changes it, also when
    # the person has another name by then
    # (docs/decisions/017-a-dossier-keeps-its-names.md).
    last_name = models.CharField(_("last name"), max_length=100)
    first_names = models.CharField(_("first names"), max_length=100, blank=True)
    birth_date = models.DateField(
        _("birth date"), null=True, help_text=_("As on the identity document.")
    )
    document_type = models.CharField(
        _("document"), max_length=10, choices=DocumentType.pairs
    )
    document_number_sealed = models.BinaryField()
    document_country = models.CharField(_("issuing country"), max_length=3)
    document_expiry = models.DateField(
        _("valid until"),
        null=True,
        help_text=_("Empty for a card without an expiry date."),
    )
    original_seen_at = models.DateTimeField(_("original seen"))

    email = models.EmailField(_("private e-mail"))
    language = models.CharField(
        _("translation"), max_length=2, choices=Language.pairs, default=Language.NL
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.pairs)

    recorded_at = models.DateTimeField(_("recorded"))
    paid_at = models.DateTimeField(_("paid"), null=True)
    code_issued_at = models.DateTimeField(_("code issued"), null=True)
    activated_at = models.DateTimeField(_("activated"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    lapsed_at = models.DateTimeField(_("lapsed"), null=True)
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, editable=False)

    document_number = SealedText("document_number_sealed")

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ("-recorded_at",)
        indexes = (
            models.Index(fields=("office", "-recorded_at"), name="dossier_of_office"),
            models.Index(fields=("-recorded_at",), name="dossier_newest"),
            models.Index(fields=("code_issued_at",), name="dossier_code_issued"),
            models.Index(fields=("activated_at",), name="dossier_activated"),
            models.Index(fields=("state", "-recorded_at"), name="dossier_in_state"),
            models.Index(
                fields=("recorded_by", "-recorded_at"), name="dossier_by_clerk"
            ),
            models.Index(Lower("email"), name="dossier_email"),
            # For the nightly removal (counter.retention). Each index has only the rows
            # from which something is still to be removed, so it stays small.
            models.Index(
                "office",
                DOSSIER_END,
                name="dossier_keeps_address",
                condition=Q(anonymised_at__isnull=True) & ~Q(email=""),
            ),
            models.Index(
                "office",
                DOSSIER_END,
                name="dossier_keeps_number",
                condition=Q(anonymised_at__isnull=True)
                & ~Q(document_number_sealed=b""),
            ),
            models.Index(
                "office",
                DOSSIER_END,
                name="dossier_without_key",
                condition=Q(anonymised_at__isnull=True, state__in=WITHOUT_KEY),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                "applicant",
                name="dossier_one_open_a_person",
                condition=Q(state__in=OPEN_STATES),
                violation_error_message=_("This person has an open dossier already."),
            ),
            models.CheckConstraint(
                name="dossier_expiry_unless_unlimited",
                condition=Q(document_expiry__isnull=False)
                | Q(document_type__in=sorted(MAY_BE_UNLIMITED))
                | Q(anonymised_at__isnull=False),
            ),
            models.CheckConstraint(
                name="dossier_anonymised_is_nobodys",
                condition=Q(anonymised_at__isnull=True)
                | (all_of(NO_DETAILS) & ~Q(state__in=OPEN_STATES)),
            ),
            _state_has_time(DossierState.PAID, "paid_at"),
            _state_has_time(DossierState.CODE_ISSUED, "code_issued_at"),
            _state_has_time(DossierState.ACTIVATED, "activated_at"),
            _state_has_time(DossierState.CANCELLED, "cancelled_at"),
            _state_has_time(DossierState.LAPSED, "lapsed_at"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def name(self) -> str:
        return name_shown(self)

    @property
    def reference(self) -> str:
        """Short enough to say aloud; says nothing about the person."""
        return str(self.pk)[:8].upper()

    @property
    def email_shown(self) -> str:
        """The address in Unicode, as its owner writes it; mail servers may need
        another form (counter.email.mail_syntax).
        """
        return mail_syntax.display_address(self.email)

    @property
    def recorded_where(self) -> str:
        """The desk where the dossier was recorded, or the clerk when it had none."""
        return self.desk or str(self.recorded_by)

    @property
    def document_number_tail(self) -> str:
        """The last four characters: all that a screen shows of the number."""
        return self.document_number[-4:]
