"""What the counter itself keeps of people, and for how long."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from counter.dossiers import recording
from counter.enums import CancelReason, DossierState
from counter.journal.events import Event
from counter.models import Applicant, Dossier, Draft, Enquiry, PasswordLink
from counter.models.dossiers import NO_DETAILS, NO_PERSON
from counter.models.visits import DRAFT_LIVES
from counter.retention.registry import DAY, Act, Kept, Retention, Rule
from counter.retention.registry import forget_dossiers as forget_everywhere
from counter.retention.registry import forget_people as forget_people_everywhere
from counter.staff.password_links import KEPT_FOR

#: Whose visit led to no key. A dossier that led to one waits for the key's end
#: (activation.retention).
_WITHOUT_KEY: Final = (
    DossierState.CANCELLED,
    DossierState.LAPSED,
    DossierState.REDIRECTED,
)
PUBLIC_TASK: Final = _("public task (GDPR, article 6.1.e)")
ACCOUNTING: Final = _("legal duty of the accounts (GDPR, article 6.1.c)")
SECURITY: Final = _("security of the service (GDPR, article 32)")


def living() -> QuerySet[Dossier]:
    return Dossier.objects.filter(anonymised_at__isnull=True)


def ended_before(until: datetime) -> QuerySet[Dossier]:
    """Activated, or ended without a key, at this instant at the latest."""
    end = Coalesce("activated_at", "lapsed_at", "cancelled_at", "redirected_at")
    return living().alias(_end=end).filter(_end__lte=until)


def _without_key(until: datetime) -> QuerySet[Dossier]:
    return ended_before(until).filter(state__in=_WITHOUT_KEY)


def _left_open(until: datetime) -> QuerySet[Dossier]:
    return living().filter(state=DossierState.RECORDED, recorded_at__lte=until)


def _with_address(until: datetime) -> QuerySet[Dossier]:
    return ended_before(until).exclude(email="")


def _with_number(until: datetime) -> QuerySet[Dossier]:
    return ended_before(until).exclude(document_number_sealed=b"")


def _people_of_the_past(until: datetime) -> QuerySet[Applicant]:
    """Known by anonymised dossiers only; there is one that ended by then."""
    theirs = Dossier.objects.filter(applicant=OuterRef("pk"))
    return Applicant.objects.filter(
        ~Exists(theirs.filter(anonymised_at__isnull=True)),
        Q(Exists(theirs)) | Q(first_seen_at__lte=until - DAY),
        anonymised_at__isnull=True,
    )


def _usable_no_more(until: datetime) -> QuerySet[PasswordLink]:
    """Asked for by then; and for a name that nobody has, once it ends."""
    nobodys = Q(clerk=None, valid_until__lte=until + KEPT_FOR)
    return PasswordLink.objects.filter(Q(asked_at__lte=until) | nobodys)


def _close(dossiers: QuerySet[Dossier], at: datetime) -> int:
    rows = list(dossiers.select_related("office", "applicant"))
    for dossier in rows:
        recording.move(
            dossier,
            to=DossierState.CANCELLED,
            at=at,
            event=Event.DOSSIER_CANCELLED,
            details={"reason": CancelReason.LEFT.value},
        )
    return len(rows)


def anonymise(dossiers: QuerySet[Dossier], at: datetime) -> int:
    """Remove what says who it was, in every app; the rows stay and are counted."""
    keys = list(dossiers.values_list("pk", flat=True))
    forget_everywhere(keys, at)
    return len(keys)


def _anonymise_people(people: QuerySet[Applicant], at: datetime) -> int:
    keys = list(people.values_list("pk", flat=True))
    forget_people_everywhere(keys, at)
    return len(keys)


def _forget_dossiers(keys: list[UUID], at: datetime) -> None:
    """Their columns, and what stood there before a correction.

    Corrections only grow, so the owner's function empties them, of dossiers that are
    anonymised only (counter.migrations.0003_append_only).
    """
    Dossier.objects.filter(pk__in=keys).update(anonymised_at=at, **NO_DETAILS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_corrections(%s::uuid[])", [keys])


def _forget_people(keys: list[UUID], at: datetime) -> None:
    Applicant.objects.filter(pk__in=keys).update(anonymised_at=at, **NO_PERSON)


RETENTION: Final = Retention(
    rules=(
        Rule(
            code="draft",
            order=10,
            model="counter.Draft",
            what=_("recording form that was begun and not saved"),
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
            what=_("message to the office, with its e-mail, once it was handled"),
            event=_("the day it was handled"),
            act=Act.DELETED,
            ground=PUBLIC_TASK,
            period=90 * DAY,
            bounds=(30 * DAY, 365 * DAY),
            past=lambda until: Enquiry.objects.filter(handled_at__lte=until),
            office="office",
        ),
        Rule(
            code="enquiry_open",
            order=30,
            model="counter.Enquiry",
            what=_("message to the office that nobody marked as handled"),
            event=_("the day it came"),
            act=Act.DELETED,
            ground=PUBLIC_TASK,
            period=365 * DAY,
            bounds=(90 * DAY, 730 * DAY),
            past=lambda until: Enquiry.objects.open().filter(received_at__lte=until),
            office="office",
        ),
        Rule(
            code="password_link",
            order=40,
            model="counter.PasswordLink",
            what=_("link for a password of staff"),
            event=_("the day it was asked for"),
            act=Act.DELETED,
            ground=SECURITY,
            period=KEPT_FOR,
            past=_usable_no_more,
            of_staff=True,
        ),
        Rule(
            code="dossier_left_open",
            order=100,
            model="counter.Dossier",
            what=_("dossier for which nobody paid, closed by itself"),
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
            code="dossier_address",
            order=110,
            model="counter.Dossier",
            what=_("e-mail address given at the counter"),
            event=_("the activation, or the end without a key"),
            act=Act.EMPTIED,
            ground=PUBLIC_TASK,
            period=30 * DAY,
            bounds=(14 * DAY, 90 * DAY),
            past=_with_address,
            empties={"email": ""},
            office="office",
            dossiers=("pk",),
        ),
        Rule(
            code="document_number",
            order=120,
            model="counter.Dossier",
            what=_("number of the identity document"),
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
            what=_("dossier that led to no key: name, birth date, document"),
            event=_("the end without a key"),
            act=Act.ANONYMISED,
            ground=PUBLIC_TASK,
            period=90 * DAY,
            bounds=(30 * DAY, 365 * DAY),
            past=_without_key,
            remove=anonymise,
            office="office",
            dossiers=("pk",),
            unneeded=True,
        ),
        Rule(
            code="person",
            order=900,
            model="counter.Applicant",
            what=_("person: name, birth date, national number, account"),
            event=_("the last dossier that was anonymised"),
            act=Act.ANONYMISED,
            ground=PUBLIC_TASK,
            period=timedelta(0),
            past=_people_of_the_past,
            remove=_anonymise_people,
            people=("pk",),
        ),
    ),
    kept=(
        Kept(
            order=20,
            what=_("the journal: who did what and who looked, without names of people"),
            ground=_("law of 8 August 1983, article 17"),
            at_least=11 * 365 * DAY,
        ),
        Kept(
            order=30,
            what=_("visits that ended without a dossier: office, day and reason only"),
            ground=_("nothing of the person is in it"),
            at_least=timedelta(0),
        ),
    ),
    forget_dossiers=_forget_dossiers,
    forget_people=_forget_people,
)
