"""Querysets of activation: which codes and keys are valid at a moment, and who may see
them.
"""

from datetime import date, datetime, timedelta
from typing import ClassVar, Final, Self, cast, override
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import Coalesce, Lower
from django.db.models.sql import UpdateQuery

from activation.enums import (
    ENDING_CODE_STATES,
    CodeState,
    KeyState,
    OneTimeCodeState,
    Purpose,
)
from activation.one_time import key_kinds
from counter.crypto.rings import SAMPLE
from counter.email.mail_syntax import comparable
from counter.enums import DossierState
from counter.models import Dossier, Office, TurnedAway
from counter.offices.own_rows import OfOffice
from counter.querysets import SIGN_IN_WAITS

#: For how long after a code was issued its visit lasts and its slip can be printed.
SLIP_MINUTES: Final = 15
#: The purpose in the keyed digests of destinations. Changing it changes the digests.
DESTINATION = "destination"
#: After this number of failures in a row no try is accepted for DISABLED_FOR.
SIGN_INS_UNTIL_DISABLED = 100
DISABLED_FOR = timedelta(days=1)
#: How long the history of an account is kept and shown to its holder.
ACTIVITY_KEPT = timedelta(days=183)
#: How long a browser is known after its last sign-in; its cookie lives as long.
BROWSER_KNOWN_FOR = timedelta(days=183)
#: As long as the longest period in which mails are counted
#: (activation.one_time.sending.SENDING): whenever no more is sent, a link that was
#: sent before is good.
RECOVERY_LINK_LIFE = timedelta(days=1)
ONE_TIME_CODES_KEPT = timedelta(days=7)
#: How long a dossier's old address is kept: longer than the two weeks of its link. An
#: address that objected is kept until that is settled, and a year at most.
OLD_ADDRESS_KEPT = timedelta(days=30)
DISPUTED_ADDRESS_KEPT = timedelta(days=365)
#: How long a holder has to confirm an added app.
APP_SET_UP_FOR = timedelta(minutes=60)

#: The time at which a key ended or will end, and at which a code did.
KEY_END: Final = Coalesce("revoked_at", "expired_at", "valid_until")
CODE_END: Final = Coalesce("used_at", "lapsed_at", "replaced_at")
#: How many tries somebody has at one code, on paper or sent.
TRIES_A_CODE: Final = 5


class OfPerson(OfOffice):
    """Rows about somebody; `person_path` leads from the row to the applicant."""

    person_path: ClassVar[str]

    @override
    def of_office(self, office: Office | int) -> Self:
        """Rows about a person who has a dossier in the office.

        The subquery reads the dossiers only: a join with the applicants would look up
        each row of a list in one more table.
        """
        here = Dossier.objects.filter(
            applicant=OuterRef(self.person_path), office=office
        )
        return self.filter(Exists(here))


class TriesQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows with a secret that somebody types; `attempts` counts the comparisons."""

    def with_tries_left(self) -> Self:
        return self.filter(attempts__lt=TRIES_A_CODE)

    def count_try(self) -> M | None:
        """Count a try at the one row that this selects, and return the row with it.

        None when no try was left.
        """
        statement, values = self.counting_a_try().sql_with_params()
        rows = self.raw(f"{statement} RETURNING *", values)
        return next(iter(rows), None)

    def counting_a_try(self) -> UpdateQuery:
        """The conditional UPDATE that counts a try.

        Commit it before comparing anything, so that concurrent requests cannot get more
        than TRIES_A_CODE comparisons (docs/security.md#activation-codes). The queryset
        must not have a join: PostgreSQL would evaluate the condition on a joined row as
        it was before a concurrent update.
        """
        tries = self.with_tries_left().query
        counting = cast("UpdateQuery", tries.chain(UpdateQuery))
        counting.add_update_values({"attempts": F("attempts") + 1})
        return counting


class ActivationCodeQuerySet[M: models.Model](OfOffice, TriesQuerySet[M]):
    office_path = "dossier__office"

    def usable(self, at: datetime) -> Self:
        return self.filter(state=CodeState.LIVE, valid_until__gt=at)

    def derivation_keys(self, at: datetime) -> set[str]:
        """Ids of the keys of usable codes: the newest, and those that end first."""
        usable = self.usable(at).values_list("key_id", flat=True)
        newest, ending = usable.order_by("-issued_at"), usable.order_by("valid_until")
        return {*newest[:SAMPLE], *ending[:SAMPLE]}

    def counting_one(self, code_id: UUID, at: datetime) -> UpdateQuery:
        """The UPDATE that counts a try at this code, if it is usable."""
        return self.usable(at).filter(pk=code_id).counting_a_try()

    def usable_one(self, code_id: UUID, at: datetime) -> Self:
        """The code, if a key can be activated with it. One row needs no order."""
        return (
            self.usable(at)
            .order_by()
            .filter(
                pk=code_id,
                attempts__lt=TRIES_A_CODE,
                dossier__state=DossierState.CODE_ISSUED,
            )
        )

    def stoppable(self, at: datetime) -> Self:
        """Codes that are usable, or on hold and usable again when that ends."""
        on_hold = models.Q(
            state=CodeState.HELD, locked_at__isnull=True, frozen_at__isnull=True
        )
        live = models.Q(state=CodeState.LIVE)
        return self.filter(live | on_hold, valid_until__gt=at)

    def printable(self, at: datetime) -> Self:
        """Live codes that were issued in a visit that is not over.

        The visit ends after SLIP_MINUTES, or earlier when the clerk who issued the code
        has helped another person since: recorded a dossier, turned somebody away, or
        issued a code for another dossier.
        """
        since = at - timedelta(minutes=SLIP_MINUTES)
        # The office is a column of the index that these subqueries use.
        here = {"office": OuterRef("dossier__office")}
        recorded = Dossier.objects.filter(
            recorded_by=OuterRef("issued_by"),
            recorded_at__gt=OuterRef("issued_at"),
            **here,
        )
        turned_away = TurnedAway.objects.filter(
            clerk=OuterRef("issued_by"), at__gt=OuterRef("issued_at"), **here
        )
        issued = self.model._default_manager.filter(
            issued_by=OuterRef("issued_by"), issued_at__gt=OuterRef("issued_at")
        ).exclude(dossier=OuterRef("dossier"))
        return self.filter(
            ~Exists(recorded),
            ~Exists(turned_away),
            ~Exists(issued),
            state=CodeState.LIVE,
            issued_at__gt=since,
        )

    def due_to_lapse(self, at: datetime) -> Self:
        return self.filter(state__in=ENDING_CODE_STATES, valid_until__lte=at)


class AddressChangeQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    office_path = "dossier__office"

    def disputed(self) -> Self:
        """Changes that the old address objected to and no supervisor has looked at."""
        return self.filter(objected_at__isnull=False, settled_at__isnull=True)

    def unagreed(self) -> Self:
        """Changes that one clerk made alone and no supervisor has agreed to since."""
        return self.filter(supervisor__isnull=True)


class KeyHolderQuerySet[M: models.Model](OfPerson, models.QuerySet[M]):
    person_path = "applicant"

    def at_address(self, email: str) -> Self:
        """The accounts with this contact address.

        Mostly one, but people may share an address, and the desk asks (decision 014).
        """
        return self.alias(folded=Lower("email")).filter(folded=comparable(email))


class DigitalKeyQuerySet[M: models.Model](OfPerson, models.QuerySet[M]):
    person_path = "holder__applicant"

    def active(self, at: datetime) -> Self:
        return self.filter(state=KeyState.ACTIVE, valid_until__gt=at)

    def being_set_up(self, at: datetime) -> Self:
        """Keys that wait to be confirmed; an added app only for APP_SET_UP_FOR.

        Whoever saw the page with the QR code has the app's secret: a person who found
        the screen left open must not share a key that the owner confirms much later.
        The app of a first key can be confirmed as long as its code is valid, because a
        person who has to install the app may come back another day. Its QR code is
        shown only in the visit that made it.
        """
        return self.filter(
            models.Q(kind__in=key_kinds.SENT)
            | models.Q(is_first=True)
            | models.Q(created_at__gt=at - APP_SET_UP_FOR),
            state=KeyState.PENDING,
        )

    def due_to_expire(self, at: datetime) -> Self:
        return self.filter(state=KeyState.ACTIVE, valid_until__lte=at)


class KeyEndingsQuerySet[M: models.Model](OfOffice, models.QuerySet[M]):
    def between(self, first: date, last: date) -> Self:
        """Rows of the months from that of `first` to that of `last`, inclusive."""
        return self.filter(month__range=(first.replace(day=1), last))


class OneTimeCodeQuerySet[M: models.Model](TriesQuerySet[M]):
    def live(self, at: datetime) -> Self:
        return self.filter(state=OneTimeCodeState.LIVE, valid_until__gt=at)

    def working(self, at: datetime) -> Self:
        """Codes that can still be typed, so that no other has to be sent."""
        return self.live(at).with_tries_left()

    def opening(self, at: datetime) -> Self:
        """Codes mailed for a forgotten password whose link may still work."""
        return self.filter(
            purpose=Purpose.RECOVER,
            key=None,
            requested_at__gt=at - RECOVERY_LINK_LIFE,
        )


class AddressCountQuerySet[M: models.Model](models.QuerySet[M]):
    def past(self, at: datetime) -> Self:
        """Counts of a minute or an hour that is over.

        The count of an hour is stored under the first minute of that hour.
        """
        return self.filter(minute__lt=at - timedelta(hours=1))


class HolderEventQuerySet[M: models.Model](OfPerson, models.QuerySet[M]):
    person_path = "holder__applicant"

    def kept(self, at: datetime) -> Self:
        return self.filter(at__gt=at - ACTIVITY_KEPT)


class SignInCountQuerySet[M: models.Model](models.QuerySet[M]):
    def claim_try(self, at: datetime) -> int:
        """Count a try as failed before anything is compared; 0 if it must wait.

        One conditional UPDATE, so tries at the same instant cannot share a count.
        """
        is_over = models.Q(
            failures__gte=SIGN_INS_UNTIL_DISABLED, last_at__lte=at - DISABLED_FOR
        )
        return self.filter(
            models.Q(failures__lt=SIGN_INS_UNTIL_DISABLED) | is_over,
            free_from__lte=at,
        ).update(
            failures=Case(When(is_over, then=Value(1)), default=F("failures") + 1),
            free_from=Case(
                When(is_over, then=F("free_from")),
                *(
                    When(failures__gte=failures - 1, then=Value(at + wait))
                    for failures, wait in SIGN_IN_WAITS
                ),
                default=F("free_from"),
            ),
            last_at=at,
        )


class WrongPasswordQuerySet[M: models.Model](models.QuerySet[M]):
    def past(self, at: datetime) -> Self:
        """Rows that are too old for the history of a holder.

        There are such rows only when the task that files them did not run for long.
        """
        return self.filter(at__lte=at - ACTIVITY_KEPT)


class KnownBrowserQuerySet[M: models.Model](models.QuerySet[M]):
    def in_force(self, at: datetime) -> Self:
        return self.filter(signed_in_at__gt=at - BROWSER_KNOWN_FOR)
