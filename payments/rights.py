"""Payments in the file that a person gets of their data (counter.rights)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from counter.rights.sections import LeftOut, Section, left_out
from payments.models import BankRefund, Payment, Receipt, Reversal

SECTIONS: Final = (
    Section(
        order=110,
        model="payments.Payment",
        title=_("What you paid"),
        rows=lambda person: Payment.objects.filter(dossier__applicant=person).order_by(
            "taken_at"
        ),
        left_out=left_out(
            LeftOut.HOUSE, "submission taken_by drawer terminal approved_by tariff"
        ),
        labels={"id": _("our number for this")},
    ),
    Section(
        order=120,
        model="payments.Receipt",
        title=_("Your receipts"),
        rows=lambda person: Receipt.objects.filter(
            payment__dossier__applicant=person
        ).order_by("issued_at"),
        left_out=left_out(LeftOut.HOUSE, "id username terminal"),
    ),
    Section(
        order=130,
        model="payments.Reversal",
        title=_("What was given back to you, or asked back"),
        rows=lambda person: Reversal.objects.filter(
            payment__dossier__applicant=person
        ).order_by("asked_at"),
        left_out=left_out(LeftOut.HOUSE, "id asked_by decided_by settled_by drawer"),
    ),
    Section(
        order=140,
        model="payments.BankRefund",
        title=_("What the bank paid back to you"),
        rows=lambda person: BankRefund.objects.filter(
            reversal__payment__dossier__applicant=person
        ).order_by("noted_at"),
        left_out=left_out(LeftOut.HOUSE, "id reversal noted_by"),
    ),
)
