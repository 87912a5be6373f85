"""The retention rules of the app `counter`."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from counter.dossiers.moves import move_all
from counter.enquiries import whose
from counter.enums import WITHOUT_KEY, CancelReason, DossierState
from counter.journal.events import Event
from counter.models import Applicant, Dossier, Draft, Enquiry, PasswordLink
from counter.models.dossiers import DOSSIER_END
from counter.models.visits import DRAFT_LIVES
from counter.retention import of_staff
from counter.retention.anonymising import (
    anonymise,
    anonymise_people,
    forget_dossiers,
    forget_people,
    living,
)
from counter.retention.registry import DAY, Act, Kept, Retention, Rule
from counter.staff.password_links import KEPT_FOR

PUBLIC_TASK: Final = _("public task (GDPR, article 6.1.e)")
ACCOUNTING: Final = _("legal duty of the accounts (GDPR, article 6.1.c)")
SECURITY: Final = of_staff.SECURITY


def ended_before(until: datetime) -> QuerySet[Dossier]:
    """The dossiers that were activated or ended without a key at or before `until`."""
    return living().alias(_end=DOSSIER_END).filter(_end__lte=until)


def ended_without_key(until: datetime) -> QuerySet[Dossier]:
    """Those of `ended_before` without a key. A dossier with a key is kept until the key
    has ended (activation.retention).
    """
    return ended_before(until).filter(state__in=WITHOUT_KEY)


def _left_open(until: datetime) -> QuerySet[Dossier]:
    return living().filter(state=DossierState.RECORDED, recorded_at__lte=until)


def _with_address(until: datetime) -> QuerySet[Dossier]:
    return ended_before(until).exclude(email="")


def _with_number(until: datetime) -> QuerySet[Dossier]:
    return ended_before(until).exclude(document_number_sealed=b"")


def _paid_without_code(until: datetime) -> QuerySet[Dossier]:
    return living().filter(state=DossierState.PAID, paid_at__lte=until)


def _people_of_the_past(until: datetime) -> QuerySet[Applicant]:
    """The applicants without any dossier, who lost their last one by `until`."""
    theirs = Dossier.objects.filter(applicant=OuterRef("pk"))
    return Applicant.objects.filter(
        ~Exists(theirs), parted_at__lte=until, anonymised_at__isnull=True
    )


def _usable_no_more(until: datetime) -> QuerySet[PasswordLink]:
    """The links asked for by `until`. A link for an unknown user name is included as
    soon as it has expired.
    """
    nobodys = Q(clerk=None, valid_until__lte=until + KEPT_FOR)
    return PasswordLink.objects.filter(Q(asked_at__lte=until) | nobodys)


def _close(dossiers: QuerySet[Dossier], at: datetime) -> int:
    rows = list(dossiers.select_related("applicant"))
    move_all(
        rows,
        to=DossierState.CANCELLED,
        at=at,
        event=Event.DOSSIER_CANCELLED,
        details={"reason": CancelReason.LEFT.value},
    )
    return len(rows)


RETENTION: Final = Retention(
    rules=(
        Rule(
            code="draft",
            order=10,
            model="counter.Draft",
            data=_("recording form that was begun and not saved"),
            event=_("the last key that was typed"),
            act=Act.DELETED,
            ground=PUBLIC_TASK,
            period=DRAFT_LIVES,
            past=lambda until: Draft.objects.filter(saved_at__lte=until),
            hourly=True,
        ),
        Rule(
            code="enquiry_handled",
            order=20,
            model="counter.Enquiry",
            data=_("message to the office, with its e-mail, once it was handled"),
            event=_("the day it was handled"),
            act=Act.DELETED,
            ground=PUBLIC_TASK,
            period=90 * DAY,
            bounds=(30 * DAY, 365 * DAY),
            past=lambda until: Enquiry.objects.filter(handled_at__lte=until),
            of_people=whose.of_people,
            office="office",
        ),
        Rule(
            code="enquiry_open",
            order=30,
            model="counter.Enquiry",
            data=_("message to the office that nobody marked as handled"),
            event=_("the day it came"),
            act=Act.DELETED,
            ground=PUBLIC_TASK,
            period=365 * DAY,
            bounds=(90 * DAY, 730 * DAY),
            past=lambda until: Enquiry.objects.open().filter(received_at__lte=until),
            of_people=whose.of_people,
            office="office",
        ),
        Rule(
            code="password_link",
            order=40,
            model="counter.PasswordLink",
            data=_("link for a password of staff"),
            event=_("the day it was asked for"),
            act=Act.DELETED,
            ground=SECURITY,
            period=KEPT_FOR,
            past=_usable_no_more,
            of_staff=True,
        ),
        *of_staff.RULES,
        Rule(
            code="dossier_left_open",
            order=100,
            model="counter.Dossier",
            data=_("dossier for which nobody paid, closed by itself"),
            event=_("the day it was recorded"),
            act=Act.CLOSED,
            ground=PUBLIC_TASK,
            period=30 * DAY,
            bounds=(7 * DAY, 90 * DAY),
            past=_left_open,
            remove=_close,
            office="office",
            dossiers=("pk",),
        ),
        Rule(
            code="dossier_paid_without_code",
            order=105,
            model="counter.Dossier",
            data=_("dossier that was paid and got no code, closed by itself"),
            event=_("the payment"),
            act=Act.CLOSED,
            ground=ACCOUNTING,
            # Until then the person may come for the code, or ask for the money back.
            period=365 * DAY,
            bounds=(90 * DAY, 730 * DAY),
            past=_paid_without_code,
            remove=_close,
            office="office",
            dossiers=("pk",),
            unneeded=True,
        ),
        Rule(
            code="dossier_address",
            order=110,
            model="counter.Dossier",
            data=_("e-mail address given at the counter"),
            event=_("the activation, or the end without a key"),
            act=Act.EMPTIED,
            ground=PUBLIC_TASK,
            period=30 * DAY,
            bounds=(14 * DAY, 90 * DAY),
            past=_with_address,
            empties={"email": ""},
            office="office",
            dossiers=("pk",),
            unneeded=True,
        ),
        Rule(
            code="document_number",
            order=120,
            model="counter.Dossier",
            data=_("number of the identity document"),
            event=_("the activation, or the end without a key"),
            act=Act.EMPTIED,
            ground=PUBLIC_TASK,
            period=30 * DAY,
            bounds=(14 * DAY, 90 * DAY),
            past=_with_number,
            empties={"document_number_sealed": b""},
            office="office",
            dossiers=("pk",),
        ),
        Rule(
            code="dossier_without_key",
            order=200,
            model="counter.Dossier",
            data=_("dossier that led to no key: name, birth date, document"),
            event=_("the end without a key"),
            act=Act.ANONYMISED,
            ground=PUBLIC_TASK,
            period=90 * DAY,
            bounds=(30 * DAY, 365 * DAY),
            past=ended_without_key,
            remove=anonymise,
            office="office",
            dossiers=("pk",),
            unneeded=True,
        ),
        Rule(
            code="person",
            order=900,
            model="counter.Applicant",
            data=_("person: name, birth date, national number, account"),
            event=_("the last dossier that was anonymised"),
            act=Act.ANONYMISED,
            ground=PUBLIC_TASK,
            period=timedelta(0),
            past=_people_of_the_past,
            remove=anonymise_people,
            people=("pk",),
        ),
    ),
    kept=(
        Kept(
            order=20,
            data=_("the journal: who did what and who looked, without names of people"),
            ground=_("law of 8 August 1983, article 17"),
            years=11,
        ),
        of_staff.KEPT,
        Kept(
            order=30,
            data=_("visits that ended without a dossier: office, day and reason only"),
            ground=_("nothing of the person is in it"),
            years=0,
        ),
    ),
    forget_dossiers=forget_dossiers,
    forget_people=forget_people,
)
