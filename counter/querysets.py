"""Querysets: `visible_to(clerk)` is the only way from a view to a row."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self, assert_never, override
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Sum,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Lower

from counter.crypto import encryption
from counter.email import mail_syntax
from counter.enums import (
    HARMLESS_ACTS,
    OPEN_STATES,
    AccountAct,
    EnquiryState,
    Role,
)
from counter.journal.events import FAILED_SIGN_INS
from counter.journal.recorded_models import RecordedQuerySet
from counter.offices.own_rows import OfOffice

if TYPE_CHECKING:
    from counter.models import Clerk, Dossier, Office

NATIONAL_NUMBER = "national number"


class OfficeQuerySet[M: models.Model](OfOffice, RecordedQuerySet[M]):
    office_path = "pk"

    def the_only_one(self) -> M | None:
        """The only office there is; None before set-up, and where there are several."""
        few = list(self[:2])
        return few[0] if len(few) == 1 else None

    def are_several(self) -> bool:
        return len(self.values_list("pk")[:2]) > 1


class DeskQuerySet[M: models.Model](OfOffice, RecordedQuerySet[M]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)


class ClerkQuerySet[M: models.Model](OfOffice, RecordedQuerySet[M]):
    def at_the_desk(self) -> Self:
        """Those whose role works there: who may see who came, and count money."""
        return self.filter(role__in=(Role.CLERK, Role.SUPERVISOR))

    def supervisors(self) -> Self:
        return self.filter(role=Role.SUPERVISOR, is_active=True)


class AccountChangeQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    office_path = "account__office"

    def by_others(self) -> Self:
        """What somebody else than the owner did, signed in."""
        return self.filter(by__isnull=False).exclude(by=F("account"))

    def giving_hands(self) -> Self:
        """What could have given the account to somebody else."""
        return self.by_others().exclude(what__in=HARMLESS_ACTS)

    def of_mailbox(self) -> Self:
        """What decided where the account's mails go."""
        return self.filter(what__in=(AccountAct.MADE, AccountAct.EMAIL))


class ApplicantQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    @override
    def of_office(self, office: "Office | int") -> Self:
        """People with a dossier in the office.

        Asked row by row in the order wanted, so that a list's first page does not
        sort everybody who ever came.
        """
        dossiers = apps.get_model("counter", "Dossier")._default_manager
        here = dossiers.filter(applicant=OuterRef("pk"), office=office)
        return self.filter(Exists(here))

    def with_national_number(self, digits: str) -> Self:
        """The person with these 11 digits, under any index key in force."""
        wanted = models.Q()
        for kid, digest in encryption.indexes(digits, purpose=NATIONAL_NUMBER).items():
            wanted |= models.Q(**{f"national_number_index_{kid}": digest})
        return self.filter(wanted)


class DossierQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def recorded_since(self, at: datetime) -> Self:
        return self.filter(recorded_at__gte=at)

    def with_email(self, address: str) -> Self:
        """Those written to at this address, however it is written."""
        lowered = self.alias(_address=Lower("email"))
        return lowered.filter(_address=mail_syntax.comparable(address))

    def as_read(self, dossier: "Dossier") -> Self:
        """The dossier, unless a correction gave it to another person or name since."""
        return self.filter(
            applicant=dossier.applicant_id,
            last_name=dossier.last_name,
            first_names=dossier.first_names,
            birth_date=dossier.birth_date,
        )


class JournalQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        """The entries of the clerk's own office.

        Whose role reads the journal also reads what concerns the whole house and
        belongs to no office: sign-ins under a name that nobody has, the list of
        domains, an account above the offices. Nothing about an applicant is among it.
        Whose role reads no dossier reads nothing that was done to an applicant.
        """
        rows = self
        reads_dossiers = ("counter.work_at_the_desk", "counter.view_dossier")
        if not any(map(clerk.has_perm, reads_dossiers)):
            rows = rows.about_no_applicant()
        if clerk.sees_every_office:
            return rows
        if clerk.office_id is None:
            return rows.none()
        own = models.Q(office=clerk.office_id)
        if clerk.has_perm("counter.view_journalentry"):
            own |= models.Q(office__isnull=True)
        return rows.filter(own)

    def about_no_applicant(self) -> Self:
        """What was done to accounts and settings, and by staff at large."""
        about = models.Q(dossier__isnull=False)
        for model in ("applicant", "dossier", "enquiry"):
            about |= models.Q(subject__startswith=f"counter.{model}:")
        return self.exclude(about)

    def failed_sign_ins(self, since: datetime) -> Self:
        return self.filter(event__in=FAILED_SIGN_INS, at__gte=since)

    def how_often(self) -> int:
        """The sum of failures in these entries: one entry may stand for many."""
        failures = Cast(KeyTextTransform("count", "details"), models.IntegerField())
        return int(self.aggregate(n=Sum(Coalesce(failures, Value(1))))["n"] or 0)


class TurnedAwayQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    pass


# A message is answered within this time (docs/domain.md#messages-of-the-public).
ANSWER_WITHIN = timedelta(days=10)


class EnquiryQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    def open(self) -> Self:
        return self.filter(handled_at__isnull=True)

    def in_state(self, state: EnquiryState, *, at: datetime) -> Self:
        """The messages that are in this state at that time (`Enquiry.state`)."""
        in_time = self.open().filter(received_at__gt=at - ANSWER_WITHIN)
        match state:
            case EnquiryState.NEW:
                return in_time.filter(owner__isnull=True)
            case EnquiryState.TAKEN:
                return in_time.filter(owner__isnull=False)
            case EnquiryState.LATE:
                return self.overdue(at)
            case EnquiryState.ANSWERED:
                return self.filter(handled_at__isnull=False).exclude(answer="")
            case EnquiryState.HANDLED:
                return self.filter(handled_at__isnull=False, answer="")
            case _:
                assert_never(state)

    def overdue(self, at: datetime) -> Self:
        """Not handled within `ANSWER_WITHIN`."""
        return self.filter(handled_at__isnull=True, received_at__lte=at - ANSWER_WITHIN)


# Failures, and how long the next try has to wait. It never grows beyond a quarter of an
# hour: nobody is locked out for good.
SIGN_IN_WAITS = (
    (15, timedelta(minutes=15)),
    (14, timedelta(minutes=8)),
    (13, timedelta(minutes=4)),
    (12, timedelta(minutes=2)),
    (11, timedelta(minutes=1)),
    (10, timedelta(seconds=30)),
)
#: Failures before the first wait, at most.
SIGN_IN_FREE = SIGN_IN_WAITS[-1][0]


class SecondFactorQuerySet[M: models.Model](models.QuerySet[M]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def of_attempt(self, attempt: UUID) -> Self:
        """Being set up, under the secret that this attempt was shown."""
        return self.filter(confirmed_at__isnull=True, attempt=attempt)

    def use_step(self, step: int) -> int:
        """Take the digits of a step; 0 when they, or later ones, were taken before."""
        return self.filter(last_step__lt=step).update(last_step=step)


class SignInFailureQuerySet[M: models.Model](models.QuerySet[M]):
    def stale(self, at: datetime) -> Self:
        """Rows that no rule of counter.sign_in.tries needs: the longest one counts a
        day.
        """
        day_ago = at - timedelta(days=1)
        return self.filter(since__lt=day_ago, free_from__lte=at)

    def claim_try(self, at: datetime, *, free: int, window: timedelta) -> int:
        """Count a try as failed before the secret is looked at; 0 if it must wait.

        From failure number `free` on it has to wait. When `window` has passed since the
        first failure the count begins again. It is one conditional UPDATE, so that
        tries at the same moment cannot share a count.
        """
        old = models.Q(since__lte=at - window)
        more = free - SIGN_IN_FREE
        return self.filter(free_from__lte=at).update(
            failures=Case(When(old, then=Value(1)), default=F("failures") + 1),
            since=Case(When(old, then=Value(at)), default=F("since")),
            # Where there is nothing to wait for it stays in the past: who tries at the
            # same instant, by a clock a moment behind, does not wait either.
            free_from=Case(
                When(old, then=F("free_from")),
                *(
                    When(failures__gte=failures + more - 1, then=Value(at + wait))
                    for failures, wait in SIGN_IN_WAITS
                ),
                default=F("free_from"),
            ),
        )

    def give_back(self, at: datetime, *, earned: datetime) -> None:
        """The claimed try was right: it counts no more, and nobody waits for it.

        `earned` is the `free_from` that it left: another one by now is the wait that
        somebody else's try earned, and stays.
        """
        # By a clock a moment behind, too.
        own = When(free_from=earned, then=Value(at - timedelta(minutes=1)))
        self.filter(failures__gt=0).update(
            failures=F("failures") - 1, free_from=Case(own, default=F("free_from"))
        )
