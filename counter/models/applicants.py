"""People who came to the counter."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counter.crypto import encryption
from counter.crypto.encryption import SealedText
from counter.identity import national_number
from counter.identity.national_number import NumberKind
from counter.querysets import NATIONAL_NUMBER, ApplicantQuerySet

if TYPE_CHECKING:
    from counter.models.dossiers import Dossier


def name_shown(row: "Applicant | Dossier") -> str:
    """The name of a person as pages show it; "anonymised" when no name is kept."""
    if row.anonymised_at:
        return gettext("anonymised")
    return f"{row.first_names} {row.last_name}".strip()


#: The values of an applicant's personal columns after anonymisation.
NO_PERSON: Final = {
    "national_number_sealed": b"",
    "national_number_index_a": None,
    "national_number_index_b": None,
    "last_name": "",
    "first_names": "",
    "birth_date": None,
}


def all_of(columns: Mapping[str, object]) -> Q:
    """A condition: every column has the given value. None stands for NULL."""
    nothing = {f"{name}__isnull": True for name in columns if columns[name] is None}
    return Q(**nothing, **{k: v for k, v in columns.items() if v is not None})


class Applicant(models.Model):
    """A person who came to the counter, known by a national number.

    Names and birth date are those of the latest document to which a code was issued
    (counter.people.person.follow_documents); each dossier keeps its own. Once
    `anonymised_at` is set, the row no longer says who it was (counter.retention), and a
    person who comes with the same number gets a new row. `parted_at` is when a dossier
    was last taken away from this applicant: when none is left, the applicant is
    anonymised some time after it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    national_number_sealed = models.BinaryField()
    national_number_index_a = models.BinaryField(null=True)
    national_number_index_b = models.BinaryField(null=True)
    number_kind = models.CharField(
        _("kind of number"), max_length=10, choices=NumberKind.pairs
    )
    last_name = models.CharField(_("last name"), max_length=100)
    first_names = models.CharField(_("first names"), max_length=100, blank=True)
    birth_date = models.DateField(
        _("birth date"), null=True, help_text=_("As on the identity document.")
    )
    first_seen_at = models.DateTimeField(_("first seen"))
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, editable=False)
    parted_at = models.DateTimeField(null=True, editable=False)

    national_number = SealedText("national_number_sealed")

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")
        indexes = (
            models.Index(fields=("-first_seen_at",), name="applicant_newest"),
            models.Index(
                fields=("parted_at",),
                name="applicant_parted",
                condition=Q(anonymised_at__isnull=True, parted_at__isnull=False),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                "national_number_index_a", name="applicant_one_a_number_a"
            ),
            models.UniqueConstraint(
                "national_number_index_b", name="applicant_one_a_number_b"
            ),
            models.CheckConstraint(
                name="applicant_number_is_indexed",
                condition=Q(national_number_index_a__isnull=False)
                | Q(national_number_index_b__isnull=False)
                | Q(anonymised_at__isnull=False),
            ),
            models.CheckConstraint(
                name="applicant_anonymised_is_nobody",
                condition=Q(anonymised_at__isnull=True) | all_of(NO_PERSON),
            ),
        )

    def __str__(self) -> str:
        # Kept in the admin's history, so without the person's name or number.
        return f"{_('applicant')} {str(self.pk)[:8]}"

    @property
    def name(self) -> str:
        return name_shown(self)

    @property
    def masked_number(self) -> str:
        """The part of the number that a screen may show, such as 85.07.30-***.**.

        Empty once the person is anonymised.
        """
        if self.anonymised_at:
            return ""
        number = national_number.parse(self.national_number, today=localdate())
        return number.masked

    def set_national_number(self, digits: str) -> None:
        """Seal the 11 digits and fill the index columns of the keys in force."""
        self.national_number = digits
        digests = encryption.indexes(digits, purpose=NATIONAL_NUMBER)
        self.national_number_index_a = digests.get("a")
        self.national_number_index_b = digests.get("b")
