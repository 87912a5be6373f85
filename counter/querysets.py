"""The querysets of the counter. Views must get their rows from `visible_to(clerk)`."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Self, assert_never, override
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
from django.db.models.functions import Cast, Lower
from django.utils.timezone import localtime

from counter.crypto import encryption
from counter.email import mail_syntax
from counter.enquiries.answer_time import in_time_since
from counter.enums import (
    HARMLESS_ACTS,
    OPEN_STATES,
    AccountAct,
    EnquiryState,
    Role,
)
from counter.journal.events import FAILED_SIGN_INS, Event
from counter.journal.recorded_models import RecordedQuerySet
from counter.offices.own_rows import OfOffice

if TYPE_CHECKING:
    from counter.models import Clerk, Dossier, Office

NATIONAL_NUMBER = "national number"
#: People with a national number: whoever is anonymised has none, and so no index of it.
HAS_NUMBER: Final = models.Q(anonymised_at__isnull=True)


class OfficeQuerySet[M: models.Model](OfOffice, RecordedQuerySet[M]):
    office_path = "pk"

    def the_only_one(self) -> M | None:
        """The only office; None when there is none yet, or when there are several."""
        few = list(self[:2])
        return few[0] if len(few) == 1 else None

    def are_several(self) -> bool:
        return len(self.values_list("pk")[:2]) > 1


class DeskQuerySet[M: models.Model](OfOffice, RecordedQuerySet[M]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)


class ClerkQuerySet[M: models.Model](OfOffice, RecordedQuerySet[M]):
    def at_the_desk(self) -> Self:
        """The accounts whose role works at the desk."""
        return self.filter(role__in=(Role.CLERK, Role.SUPERVISOR))

    def supervisors(self) -> Self:
        return self.filter(role=Role.SUPERVISOR, is_active=True)


class AccountChangeQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    office_path = "account__office"

    def by_others(self) -> Self:
        """The changes made by a signed-in colleague, not by the owner or a command."""
        return self.filter(by__isnull=False).exclude(by=F("account"))

    def giving_hands(self) -> Self:
        """The changes that could let a colleague use the account."""
        return self.by_others().exclude(act__in=HARMLESS_ACTS)

    def of_mailbox(self) -> Self:
        """The changes that set the account's e-mail address."""
        return self.filter(act__in=(AccountAct.MADE, AccountAct.EMAIL))


class ApplicantQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    @override
    def of_office(self, office: "Office | int") -> Self:
        """People with a dossier in the office.

        EXISTS is evaluated row by row in the order of the list, so that its first page
        does not need to sort all people.
        """
        dossiers = apps.get_model("counter", "Dossier")._default_manager
        here = dossiers.filter(applicant=OuterRef("pk"), office=office)
        return self.filter(Exists(here))

    def with_national_number(self, digits: str) -> Self:
        """The person with these 11 digits, by the index of any key in INDEX_KEYS."""
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
        """The dossiers with this e-mail address, whatever its spelling."""
        lowered = self.alias(_address=Lower("email"))
        return lowered.filter(_address=mail_syntax.comparable(address))

    def as_read(self, dossier: "Dossier") -> Self:
        """The rows that still have the person, names and birth date of `dossier`; none
        after a correction of these.
        """
        return self.filter(
            applicant=dossier.applicant_id,
            last_name=dossier.last_name,
            first_names=dossier.first_names,
            birth_date=dossier.birth_date,
        )


class JournalQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, clerk: "Clerk") -> Self:
        """The entries of the clerk's office; all for an account that sees every office.

        A role that may view the journal also sees entries that belong to no office,
        such as failed sign-ins for unknown user names, the list of mail domains, and
        accounts without an office. None of these is about an applicant. A role that may
        not view dossiers sees no entries about applicants.
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
        """The entries that are not about a dossier, an applicant or an enquiry."""
        about = models.Q(dossier__isnull=False)
        for model in ("applicant", "dossier", "enquiry"):
            about |= models.Q(subject__startswith=f"counter.{model}:")
        return self.exclude(about)

    def failed_sign_ins(self, since: datetime) -> Self:
        """The entries about sign-ins that failed since this instant.

        An entry about an hour is written when the hour is over, perhaps on the next
        day, so the hour in it counts.
        """
        hour = KeyTextTransform("hour", "details")
        rows = self.filter(event__in=FAILED_SIGN_INS, at__gte=since)
        is_of_an_hour = models.Q(event=Event.SIGN_INS_FAILED)
        return rows.alias(_hour=hour).filter(
            ~is_of_an_hour | models.Q(_hour__gte=hour_of_failures(since))
        )

    def how_often(self) -> int:
        """The number of failures in these entries; one entry may count several.

        An entry whose count is no number was forged in the database, and counts as one.
        """
        count = Cast(KeyTextTransform("count", "details"), models.IntegerField())
        is_number = models.Q(details__count__regex=r"^[0-9]{1,9}$")
        failures = Case(When(is_number, then=count), default=Value(1))
        return int(self.aggregate(n=Sum(failures))["n"] or 0)


def hour_of_failures(at: datetime) -> str:
    """How an entry about the failed sign-ins of an hour says which hour it is; later
    hours sort after it.
    """
    return f"{localtime(at):%Y-%m-%d %H:%M}"


class TurnedAwayQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    pass


class EnquiryQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    def open(self) -> Self:
        return self.filter(handled_at__isnull=True)

    def in_state(self, state: EnquiryState, *, at: datetime) -> Self:
        """The messages that are in this state at the instant `at` (`Enquiry.state`)."""
        in_time = self.open().filter(received_at__gte=in_time_since(at))
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
        return self.open().filter(received_at__lt=in_time_since(at))


# The number of failures, and how long the next try has to wait after them. The wait is
# never longer than a quarter of an hour, so nobody is locked out for good.
SIGN_IN_WAITS = (
    (15, timedelta(minutes=15)),
    (14, timedelta(minutes=8)),
    (13, timedelta(minutes=4)),
    (12, timedelta(minutes=2)),
    (11, timedelta(minutes=1)),
    (10, timedelta(seconds=30)),
)
#: The number of failures at which the first wait begins.
SIGN_IN_FREE = SIGN_IN_WAITS[-1][0]


class SecondFactorQuerySet[M: models.Model](models.QuerySet[M]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def of_attempt(self, attempt: UUID) -> Self:
        """The app that is being set up in this attempt, and is not confirmed."""
        return self.filter(confirmed_at__isnull=True, attempt=attempt)

    def use_step(self, step: int) -> int:
        """Accept the digits of a step; 0 when they or later ones were used before."""
        return self.filter(last_step__lt=step).update(last_step=step)


class SignInFailureQuerySet[M: models.Model](models.QuerySet[M]):
    def stale(self, at: datetime) -> Self:
        """The rows that are not needed any more: the longest window of the rules in
        counter.sign_in.tries is a day.
        """
        day_ago = at - timedelta(days=1)
        return self.filter(since__lt=day_ago, free_from__lte=at)

    def claim_try(self, at: datetime, *, free: int, window: timedelta) -> int:
        """Count a try as failed, before the secret is compared; 0 if it must wait.

        From failure number `free` on, the next try has to wait. When `window` has
        passed since the first failure, the count begins again. It is one conditional
        UPDATE, so that simultaneous tries are all counted.
        """
        old = models.Q(since__lte=at - window)
        more = free - SIGN_IN_FREE
        return self.filter(free_from__lte=at).update(
            failures=Case(When(old, then=Value(1)), default=F("failures") + 1),
            since=Case(When(old, then=Value(at)), default=F("since")),
            # Without a wait it stays in the past, so that a simultaneous try on a
            # machine with a slower clock does not have to wait.
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
        """Take a claimed try off the count, because it was right, and end its wait.

        `earned` is the `free_from` that this try set. Another value by now is the wait
        of somebody else's try, and stays.
        """
        # A minute in the past, also for machines with a slower clock.
        own = When(free_from=earned, then=Value(at - timedelta(minutes=1)))
        self.filter(failures__gt=0).update(
            failures=F("failures") - 1, free_from=Case(own, default=F("free_from"))
        )
