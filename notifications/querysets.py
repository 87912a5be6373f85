"""Which messages are due or undecided, and who may see them."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Now

from activation.enums import Change
from activation.models import HolderChange
from counter.enums import AccountAct, DossierState
from counter.models import Clerk, Dossier
from counter.offices.own_rows import OfOffice
from notifications.enums import Channel, DeliveryState, Kind

#: A message that has waited longer is late: the person stands at the counter. Most mail
#: servers that ask to try again later take it before.
LATE: Final = timedelta(minutes=10)
#: After so many sendings of unknown outcome nothing is sent by itself: each may be a
#: copy in the person's mailbox.
MOST_UNCONFIRMED: Final = 3
#: After this long nobody need decide whether digits arrived: the person has asked for
#: new ones.
DIGITS_ASKED_FOR: Final = timedelta(days=1)
#: For how long the desk shows messages that nobody can send again: after that, the
#: person has asked again or was told in another way.
SHOWN_FOR: Final = timedelta(days=14)
#: The name of the right notifications.desk.role_rights.DECIDE_MAILS_OF_NO_VISIT. That
#: module cannot be imported here, because it needs the models, which import this one.
_DECIDES: Final = "notifications.decide_mails_of_no_visit"
# Kinds that are filed under a dossier and do not go to its person.
_TO_OTHERS: Final = (Kind.NOT_MINE, Kind.ADDRESS_CHANGED, Kind.ADDRESS_OBJECTED)
# Kinds that are filed under a dossier and do not bring the link that its person waits
# for.
_BESIDE_THE_LINK: Final = (
    *_TO_OTHERS,
    Kind.KEY_ACTIVATED,
    Kind.KEY_EXPIRES_90,
    Kind.KEY_EXPIRES_30,
)
# The colleague to whom a mail to staff goes; null for other mails.
_COLLEAGUE = Case(
    When(kind=Kind.ACCOUNT_SECOND, then="account_change__second_supervisor"),
    default=Coalesce("password_link__clerk", "account_change__account"),
)
# The mails to the colleague of the outer query, kind by kind: each has an index.
_TO_COLLEAGUE = (
    Q(password_link__clerk=OuterRef("colleague")),
    Q(account_change__account=OuterRef("colleague"), kind=Kind.ACCOUNT_OWNER),
    Q(
        account_change__second_supervisor=OuterRef("colleague"),
        kind=Kind.ACCOUNT_SECOND,
    ),
)

# The relations that the journal and the pages need of a row.
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
        """Join the rows that a message is filed under; a seal without its long list of
        marks.
        """
        return self.select_related(*_FILED_UNDER).defer("seal__marks")

    def to_person(self) -> Self:
        """The mails that show whether a dossier's address is right, the last one first.

        These are no text messages, no mails to the office or to the previous address,
        and no messages that were dropped.
        """
        mails = self.filter(channel=Channel.MAIL).exclude(kind__in=_TO_OTHERS)
        return mails.exclude(state=DeliveryState.DROPPED).order_by("-created_at")

    def unsent(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def waiting_at(self, at: datetime, *, since_after: datetime | None = None) -> Self:
        """Unsent messages, the longest waiting first; `since` is from when on each has
        waited.

        This is its creation, or the time for which it was planned. It is not
        `not_before`, which each failure moves on: with a dead mail server all messages
        would seem to have just begun to wait.
        """
        since = Coalesce("planned_for", "created_at")
        rows = self.unsent().annotate(since=since).filter(since__lte=at)
        if since_after is not None:
            rows = rows.filter(since__gt=since_after)
        return rows.order_by("since")

    def late(self, at: datetime, *, since_after: datetime | None = None) -> Self:
        """Messages that wait for too long; with `since_after` only those that began to
        wait later.
        """
        return self.waiting_at(at - LATE, since_after=since_after)

    def undecided(self) -> Self:
        """Messages that were given up or are of unknown outcome, and that no sender
        holds: somebody has to decide.

        This includes a message whose last sender was killed before it could mark it
        unknown.
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
        """Undecided messages that belong to no visit, so that a supervisor decides."""
        return self.undecided().filter(_of_no_visit(at))

    def of_visits(self) -> Self:
        """Undecided messages about which a dossier's page asks."""
        return self.undecided().filter(self._link_of_open_visit())

    def to_decide(self, at: datetime) -> Self:
        """Undecided messages about which somebody is asked, on the page of their
        dossier or because they belong to no visit.

        Nobody is asked about a link that was followed by another mail, or whose code
        was used, has lapsed or was paid back; nor about digits that were sent as a text
        message for an activation.
        """
        return self.undecided().filter(self._link_of_open_visit() | _of_no_visit(at))

    def _link_of_open_visit(self) -> Q:
        """The last mail of a dossier whose person still has to use the code."""
        every: DeliveryQuerySet[M] = DeliveryQuerySet(self.model)
        last = every.to_person().filter(dossier=OuterRef("dossier")).values("pk")[:1]
        return Q(pk=Subquery(last), dossier__state=DossierState.CODE_ISSUED)

    def refused_of_no_visit(self, at: datetime) -> Self:
        """Messages that were refused in the last two weeks, are filed under no dossier,
        and were followed by no later one to the same colleague or holder.

        Answers to messages of the public are left out: they have a line of their own at
        the desk.
        """
        every: DeliveryQuerySet[M] = DeliveryQuerySet(self.model)
        later = every.to_the_present_address().replacing_the_outer()
        refused = self.alias(colleague=_COLLEAGUE).filter(
            *(~Exists(later.filter(to_colleague)) for to_colleague in _TO_COLLEAGUE),
            ~Exists(later.filter(holder=OuterRef("holder"))),
            ~Q(kind=Kind.ENQUIRY_ANSWER),
            _still_asked_for(at),
            state=DeliveryState.REFUSED,
            refused_at__gt=at - SHOWN_FOR,
            dossier__isnull=True,
        )
        return refused.to_the_present_address()

    def replacing_the_outer(self) -> Self:
        """Messages that show better than the one of the outer query whether its reader
        is reached: on the same channel, later, and not dropped.

        Six digits replace digits only: they may go to another address, that of a key,
        and say nothing of the notice that somebody did not get.
        """
        return self.filter(
            ~Q(kind=Kind.ONE_TIME_CODE) | Q(kind=OuterRef("kind")),
            ~Q(state=DeliveryState.DROPPED),
            channel=OuterRef("channel"),
            created_at__gt=OuterRef("created_at"),
        )

    def to_the_present_address(self) -> Self:
        """Leave out mails to a previous address, which may never have been right."""
        old = HolderChange.objects.filter(pk=OuterRef("subject"), act=Change.OLD_EMAIL)
        return self.filter(
            ~Q(kind=Kind.HOLDER_CHANGED) | ~Exists(old),
            ~Q(kind=Kind.ACCOUNT_OWNER, account_change__act=AccountAct.EMAIL),
        )

    def supervised_by(self, clerk: Clerk) -> Self:
        """Messages of the clerk's office, whatever they are filed under; none unless
        the clerk may decide about them.

        Mails with the journal's head belong to every office.
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
        """Waiting messages whose time has come, and which no sender holds any more."""
        return self.unsent().filter(
            Q(leased_until__isnull=True) | Q(leased_until__lte=Now()),
            not_before__lte=at,
        )
