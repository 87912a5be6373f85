"""Which messages are due, and who sees them."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now

from activation.enums import Change
from activation.models import HolderChange
from counter.enums import AccountAct
from counter.models import Clerk, Dossier
from counter.offices.own_rows import OfOffice
from notifications.enums import Channel, DeliveryState, Kind

#: A message that waits for longer is late: somebody at the counter stands there, and
#: most mail servers that ask to come back later take it before.
LATE: Final = timedelta(minutes=10)
#: Sendings of unknown outcome; each may be a copy in the person's mailbox.
MOST_UNCONFIRMED: Final = 3
#: Nobody need decide whether digits arrived: the person has asked for others by then.
DIGITS_ASKED_FOR: Final = timedelta(days=1)
#: For how long the desk shows what nobody can send again: by then it was asked for
#: anew, or told in another way.
SHOWN_FOR: Final = timedelta(days=14)
#: notifications.desk.role_rights.DECIDE_MAILS_OF_NO_VISIT, which has models above this.
_DECIDES: Final = "notifications.decide_mails_of_no_visit"
# Filed under a dossier, and not to its person.
_TO_OTHERS: Final = (Kind.NOT_MINE, Kind.ADDRESS_CHANGED, Kind.ADDRESS_OBJECTED)
# What is filed under a dossier and is not what its person waits for.
_BESIDE_THE_LINK: Final = (
    *_TO_OTHERS,
    Kind.KEY_ACTIVATED,
    Kind.KEY_EXPIRES_90,
    Kind.KEY_EXPIRES_30,
)

# What the journal and the pages need of a row.
_FILED_UNDER: Final = (
    "dossier__office",
    "enquiry__office",
    "holder__applicant",
    "seal",
    "password_link__clerk__office",
    "account_change__account__office",
)


def _still_asked_for(at: datetime) -> Q:
    return ~Q(kind=Kind.ONE_TIME_CODE, created_at__lte=at - DIGITS_ASKED_FOR)


def _of_no_visit(at: datetime) -> Q:
    return Q(
        Q(dossier__isnull=True) | Q(kind__in=_BESIDE_THE_LINK), _still_asked_for(at)
    )


class DeliveryQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    office_path = "dossier__office"

    def with_what_it_is_filed_under(self) -> Self:
        """Join what a message is about; of a seal without its long list of marks."""
        return self.select_related(*_FILED_UNDER).defer("seal__marks")

    def to_person(self) -> Self:
        """The mails that say whether a dossier's address is right, the last one first.

        No text message, no word to the office itself or to the address before, and none
        that was not needed any more when its turn came.
        """
        mails = self.filter(channel=Channel.MAIL).exclude(kind__in=_TO_OTHERS)
        return mails.exclude(state=DeliveryState.DROPPED).order_by("-created_at")

    def unsent(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def waiting_at(self, at: datetime, *, since_after: datetime | None = None) -> Self:
        """Unsent, the longest first; `since` is from when each has been waiting.

        Its creation, or the time that it was put in for. Not `not_before`, which each
        failure moves on: a dead mail server would look like one that was just asked.
        """
        since = Coalesce("planned_for", "created_at")
        rows = self.unsent().annotate(since=since).filter(since__lte=at)
        if since_after is not None:
            rows = rows.filter(since__gt=since_after)
        return rows.order_by("since")

    def late(self, at: datetime, *, since_after: datetime | None = None) -> Self:
        """Waiting for too long; or only those that came after an instant."""
        return self.waiting_at(at - LATE, since_after=since_after)

    def undecided(self) -> Self:
        """Given up or of unknown outcome, and in no sender's hands: somebody has to
        decide.

        Also one whose last sender was killed before it could say so.
        """
        return self.filter(
            Q(state__in=(DeliveryState.UNKNOWN, DeliveryState.DEAD))
            | Q(
                Q(leased_until__isnull=True) | Q(leased_until__lte=Now()),
                state=DeliveryState.WAITING,
                unconfirmed__gte=MOST_UNCONFIRMED,
            )
        )

    def of_no_visit(self, at: datetime) -> Self:
        """Undecided, and about no dossier at the desk, so that a supervisor decides."""
        return self.undecided().filter(_of_no_visit(at))

    def to_decide(self, at: datetime) -> Self:
        """Undecided, and somebody is asked: at the dossier whose last mail it is, or
        among those of no visit.

        A link that another mail followed, and digits by text message for an activation,
        are nobody's question any more.
        """
        every: DeliveryQuerySet[M] = DeliveryQuerySet(self.model)
        last = every.to_person().filter(dossier=OuterRef("dossier")).values("pk")[:1]
        return self.undecided().filter(Q(pk=Subquery(last)) | _of_no_visit(at))

    def refused_of_no_visit(self, at: datetime) -> Self:
        """Refused in the last two weeks, filed under no dossier, and with no later mail
        to the same account or holder.

        The answer to a message of the public has a line of its own at the desk.
        """
        every: DeliveryQuerySet[M] = DeliveryQuerySet(self.model)
        mails = every.to_the_present_address()
        later = mails.filter(created_at__gt=OuterRef("created_at"))
        clerk = OuterRef("password_link__clerk")
        refused = self.filter(
            ~Exists(later.filter(password_link__clerk=clerk)),
            ~Exists(later.filter(holder=OuterRef("holder"))),
            ~Q(kind=Kind.ENQUIRY_ANSWER),
            _still_asked_for(at),
            state=DeliveryState.REFUSED,
            refused_at__gt=at - SHOWN_FOR,
            dossier__isnull=True,
        )
        return refused.to_the_present_address()

    def to_the_present_address(self) -> Self:
        """Without the words to an address before, which may never have been right."""
        old = HolderChange.objects.filter(pk=OuterRef("subject"), what=Change.OLD_EMAIL)
        return self.filter(
            ~Q(kind=Kind.HOLDER_CHANGED) | ~Exists(old),
            ~Q(kind=Kind.ACCOUNT_OWNER, account_change__what=AccountAct.EMAIL),
        )

    def supervised_by(self, clerk: Clerk) -> Self:
        """Of the clerk's office, whatever it is filed under; for a supervisor.

        The journal's head is the whole house's.
        """
        if clerk.sees_every_office:
            return self
        if clerk.office_id is None or not clerk.has_perm(_DECIDES):
            return self.none()
        visits = Dossier.objects.filter(office=clerk.office_id)
        return self.filter(
            Q(dossier__office=clerk.office_id)
            | Q(enquiry__office=clerk.office_id)
            | Q(holder__applicant__in=visits.values("applicant"))
            | Q(password_link__clerk__office=clerk.office_id)
            | Q(account_change__account__office=clerk.office_id)
            | Q(seal__isnull=False)
        )

    def due(self, at: datetime) -> Self:
        """Waiting, its time come, and in nobody's hands or in dead ones."""
        return self.unsent().filter(
            Q(leased_until__isnull=True) | Q(leased_until__lte=Now()),
            not_before__lte=at,
        )
