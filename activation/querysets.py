"""Which codes and keys are alive at an instant, and who sees them."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Final, Self, override

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import Coalesce, Lower

from activation.enums import (
    ENDING_CODE_STATES,
    CodeState,
    KeyState,
    OneTimeCodeState,
    Purpose,
)
from activation.one_time import key_kinds
from counter.email.mail_syntax import comparable
from counter.models import Dossier, Office, TurnedAway
from counter.offices.own_rows import OfOffice
from counter.querysets import SIGN_IN_WAITS

#: How long a visit lasts in which a code was issued: its sheet can be printed.
SLIP_MINUTES: Final = 15
#: What destinations are indexed as. The word is in the digests.
DESTINATION = "destination"
#: So many failures in a row end the tries of whoever they are counted for, for a day.
SIGN_INS_UNTIL_DISABLED = 100
DISABLED_FOR = timedelta(days=1)
#: What a holder can look back on, and what of it is kept.
ACTIVITY_KEPT = timedelta(days=183)
#: How long a browser is known after its last sign-in; its cookie lives as long.
BROWSER_KNOWN_FOR = timedelta(days=183)
#: As long as the longest period in which mails are counted
#: (activation.one_time.sending.SENDING): whenever no more is sent, a link that was
#: sent before is good.
RECOVERY_LINK_LIFE = timedelta(days=1)
ONE_TIME_CODES_KEPT = timedelta(days=7)
#: How long a dossier's old address is kept: its mail and link live for two weeks. One
#: that objected is kept until that is settled, and a year at most.
OLD_ADDRESS_KEPT = timedelta(days=30)
DISPUTED_ADDRESS_KEPT = timedelta(days=365)
#: How long an app counts that a holder adds and does not confirm.
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
        """Of those who have a dossier in the office.

        Of the dossiers alone: by way of the applicants each row of a list would be
        looked up in one more table.
        """
        here = Dossier.objects.filter(
            applicant=OuterRef(self.person_path), office=office
        )
        return self.filter(Exists(here))


class TriesQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows with a secret that somebody types; `attempts` counts the comparisons."""

    def with_tries_left(self) -> Self:
        return self.filter(attempts__lt=TRIES_A_CODE)

    def count_try(self) -> bool:
        """Count a try at the one row that this selects; False when none was left.

        One conditional UPDATE, to be committed before anything is compared, so that
        of many at once only so many are (docs/security.md#activation-codes). Without
        a join: PostgreSQL would evaluate the condition on a joined row as it stood
        before a concurrent update.
        """
        return bool(self.with_tries_left().update(attempts=F("attempts") + 1))


class ActivationCodeQuerySet[M: models.Model](OfOffice, TriesQuerySet[M]):
    office_path = "dossier__office"

    def usable(self, at: datetime) -> Self:
        return self.filter(state=CodeState.LIVE, valid_until__gt=at)

    def stoppable(self, at: datetime) -> Self:
        """Usable, or on hold and usable again once its payment stands."""
        on_hold = models.Q(
            state=CodeState.HELD, locked_at__isnull=True, frozen_at__isnull=True
        )
        live = models.Q(state=CodeState.LIVE)
        return self.filter(live | on_hold, valid_until__gt=at)

    def printable(self, at: datetime) -> Self:
        """Live codes whose visit, in which they were issued, is not over.

        That ends after SLIP_MINUTES, and before when who issued it has gone on to the
        next person: recorded somebody, turned somebody away, or issued a code to
        somebody who was recorded earlier.
        """
        since = at - timedelta(minutes=SLIP_MINUTES)
        # The office is in the index that finds them.
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
        """The accounts with this contact address: one, or several of an older date."""
        return self.alias(folded=Lower("email")).filter(folded=comparable(email))


class DigitalKeyQuerySet[M: models.Model](OfPerson, models.QuerySet[M]):
    person_path = "holder__applicant"

    def active(self, at: datetime) -> Self:
        return self.filter(state=KeyState.ACTIVE, valid_until__gt=at)

    def being_set_up(self, at: datetime) -> Self:
        """Keys that are not confirmed yet; an app that is added counts for an hour.

        Whoever saw the page has its secret: somebody at a screen left open must not
        share what its owner confirms one day. The first key's app counts as long as
        its code, because who installs one may come back tomorrow; its picture is
        shown in the visit that made it and never again.
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
        """Of the months from that of `first` until that of `last`, both included."""
        return self.filter(month__range=(first.replace(day=1), last))


class OneTimeCodeQuerySet[M: models.Model](TriesQuerySet[M]):
    def live(self, at: datetime) -> Self:
        return self.filter(state=OneTimeCodeState.LIVE, valid_until__gt=at)

    def opening(self, at: datetime) -> Self:
        """Codes mailed for a forgotten password whose link may still work."""
        return self.filter(
            purpose=Purpose.RECOVER,
            key=None,
            requested_at__gt=at - RECOVERY_LINK_LIFE,
        )


class AddressCountQuerySet[M: models.Model](models.QuerySet[M]):
    def past(self, at: datetime) -> Self:
        """Counts of minutes that are over; an hour's count has its first minute."""
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
        """Rows older than a holder is shown, which stayed while no schedule ran."""
        return self.filter(at__lte=at - ACTIVITY_KEPT)


class KnownBrowserQuerySet[M: models.Model](models.QuerySet[M]):
    def in_force(self, at: datetime) -> Self:
        return self.filter(signed_in_at__gt=at - BROWSER_KNOWN_FOR)
