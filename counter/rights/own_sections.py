"""The sections of the app `counter` in the export of a person's data."""

from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from counter.enquiries import whose
from counter.models import (
    Applicant,
    Dossier,
    DossierCorrection,
    Enquiry,
    KinshipAnswer,
    LegalHold,
)
from counter.retention.reasons import NOT_TOLD
from counter.rights.sections import LeftOut, Section, left_out


def _self(person: Applicant) -> QuerySet[Any]:
    return Applicant.objects.filter(pk=person.pk)


def _hide_who_else_wrote(person: Applicant, enquiry: Enquiry) -> None:
    """Hide the sender of a message that mentions the person but does not come from
    their own address: it may be of somebody else.
    """
    if not whose.is_from(person, enquiry):
        enquiry.name = enquiry.email = ""


SECTIONS: Final = (
    Section(
        order=10,
        model="counter.Applicant",
        title=_("You"),
        rows=_self,
        left_out={
            **left_out(
                LeftOut.INDEX, "national_number_index_a national_number_index_b"
            ),
            **left_out(LeftOut.HOUSE, "parted_at"),
        },
        labels={
            "id": _("our number for this"),
            "national_number_sealed": _("national number"),
        },
    ),
    Section(
        order=20,
        model="counter.Dossier",
        title=_("Your visits"),
        rows=lambda person: Dossier.objects.filter(applicant=person).order_by(
            "recorded_at"
        ),
        left_out=left_out(LeftOut.HOUSE, "submission applicant recorded_by"),
        labels={
            "id": _("our number for this"),
            "document_number_sealed": _("document number"),
        },
    ),
    Section(
        order=30,
        model="counter.DossierCorrection",
        title=_("What was put right"),
        rows=lambda person: DossierCorrection.objects.filter(
            dossier__applicant=person
        ).order_by("at"),
        left_out=left_out(LeftOut.HOUSE, "id clerk supervisor"),
    ),
    Section(
        order=40,
        model="counter.KinshipAnswer",
        title=_("Whether you are family of who served you"),
        rows=lambda person: KinshipAnswer.objects.filter(
            dossier__applicant=person
        ).order_by("at"),
        left_out=left_out(LeftOut.HOUSE, "id clerk colleague"),
    ),
    Section(
        order=50,
        model="counter.LegalHold",
        title=_("Why something is kept for longer"),
        rows=lambda person: (
            LegalHold.objects.filter(dossier__applicant=person)
            .exclude(reason__in=NOT_TOLD)
            .order_by("set_at")
        ),
        left_out=left_out(LeftOut.HOUSE, "id set_by lifted_by"),
    ),
    Section(
        order=60,
        model="counter.Enquiry",
        title=_("What you wrote to us, or was written about you"),
        rows=lambda person: whose.of_people([person.pk]).order_by("received_at"),
        left_out=left_out(LeftOut.HOUSE, "id submission owner handled_by"),
        hide=_hide_who_else_wrote,
    ),
)
