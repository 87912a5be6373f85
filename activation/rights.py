"""The data of codes, accounts and keys that a person may ask for (counter.rights)."""

from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from activation.holder import wrong_passwords
from activation.models import (
    ActivationCode,
    AddressChange,
    DigitalKey,
    HolderChange,
    KeyHolder,
    KnownBrowser,
    OneTimeCode,
    RecoveryCode,
    SignInActivity,
    WrongPassword,
)
from activation.retention import forgetting
from counter.models import Applicant
from counter.rights.sections import LeftOut, Section, left_out

_NUMBER: Final = _("our number for this")


def _noted(person: Applicant) -> QuerySet[WrongPassword]:
    noted = WrongPassword.objects.none()
    for holder in KeyHolder.objects.filter(applicant=person).exclude(user_name=""):
        noted |= wrong_passwords.noted_under(holder.user_name)
    return noted


SECTIONS: Final = (
    Section(
        order=210,
        model="activation.ActivationCode",
        title=_("Your codes"),
        rows=lambda person: ActivationCode.objects.filter(
            dossier__applicant=person
        ).order_by("issued_at"),
        left_out={
            **left_out(LeftOut.SECRET, "nonce key_id progress_sealed"),
            **left_out(LeftOut.HOUSE, "issued_by"),
        },
        labels={"id": _NUMBER},
    ),
    Section(
        order=220,
        model="activation.AddressChange",
        title=_("E-mail addresses before a correction"),
        rows=lambda person: AddressChange.objects.filter(
            dossier__applicant=person
        ).order_by("at"),
        left_out={
            **left_out(LeftOut.SECRET, "nonce key_id"),
            **left_out(LeftOut.HOUSE, "id clerk supervisor"),
        },
    ),
    Section(
        order=230,
        model="activation.KeyHolder",
        title=_("Your account"),
        rows=lambda person: KeyHolder.objects.filter(applicant=person),
        left_out={
            **left_out(LeftOut.SECRET, "password"),
            **left_out(LeftOut.HOUSE, "applicant session_epoch"),
        },
        labels={"id": _NUMBER, "new_email": _("address that waits to be confirmed")},
    ),
    Section(
        order=240,
        model="activation.DigitalKey",
        title=_("Your keys"),
        rows=lambda person: DigitalKey.objects.filter(
            holder__applicant=person
        ).order_by("created_at"),
        left_out={
            **left_out(LeftOut.SECRET, "secret_sealed last_step"),
            **left_out(LeftOut.INDEX, "destination_index"),
            **left_out(LeftOut.HOUSE, "holder"),
        },
        labels={
            "id": _NUMBER,
            "destination_sealed": _("mobile number or e-mail address"),
        },
    ),
    Section(
        order=250,
        model="activation.SignInActivity",
        title=_("When you signed in"),
        rows=lambda person: SignInActivity.objects.filter(
            holder__applicant=person
        ).order_by("at"),
        left_out=left_out(LeftOut.HOUSE, "id holder key"),
    ),
    Section(
        order=260,
        model="activation.HolderChange",
        title=_("What changed in your account"),
        rows=lambda person: HolderChange.objects.filter(
            holder__applicant=person
        ).order_by("at"),
        left_out=left_out(LeftOut.HOUSE, "id holder"),
        labels={"old_email": _("address before")},
    ),
    Section(
        order=270,
        model="activation.KnownBrowser",
        title=_("Browsers that you signed in with"),
        rows=lambda person: KnownBrowser.objects.filter(
            holder__applicant=person
        ).order_by("signed_in_at"),
        left_out={
            **left_out(LeftOut.SECRET, "mark"),
            **left_out(LeftOut.HOUSE, "id holder"),
        },
        labels={"signed_in_at": _("last sign-in")},
    ),
    Section(
        order=275,
        model="activation.RecoveryCode",
        title=_("Your recovery codes on paper"),
        rows=lambda person: RecoveryCode.objects.filter(
            holder__applicant=person
        ).order_by("made_at"),
        left_out={
            **left_out(LeftOut.SECRET, "mark hashed"),
            **left_out(LeftOut.HOUSE, "id holder"),
        },
    ),
    Section(
        order=280,
        model="activation.OneTimeCode",
        title=_("Six digits that you asked for"),
        rows=lambda person: OneTimeCode.objects.filter(
            Q(holder__applicant=person) | Q(key__holder__applicant=person)
        ).order_by("requested_at"),
        left_out={
            **left_out(LeftOut.SECRET, "nonce key_id_used"),
            **left_out(LeftOut.INDEX, "destination_index"),
            **left_out(LeftOut.HOUSE, "id key holder"),
        },
    ),
    Section(
        order=290,
        model="activation.SignInCount",
        title=_("How often a wrong secret was typed under your user name"),
        rows=lambda person: forgetting.counts_of([person.pk]).order_by("last_at"),
        left_out={
            **left_out(LeftOut.INDEX, "name_index"),
            **left_out(LeftOut.HOUSE, "id"),
        },
    ),
    Section(
        order=300,
        model="activation.WrongPassword",
        title=_("Wrong passwords of the last minutes"),
        rows=lambda person: _noted(person).order_by("at"),
        left_out={
            **left_out(LeftOut.INDEX, "name_index"),
            **left_out(LeftOut.HOUSE, "id"),
        },
    ),
)
