"""Legal holds: nothing of a dossier and its person is removed while a hold lasts.

A hold is for a lawsuit, a complaint or an investigation. A supervisor sets it with a
reason and a last day, and lifts it with a reason; both are written in the journal.
"""

from datetime import date, datetime
from typing import Final

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError, is_unique_violation
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, LegalHold
from counter.models.retention import LegalHoldQuerySet
from counter.retention.reasons import HoldReason, LiftReason

#: The limit, because a forgotten hold would keep personal data for ever. The last day
#: may be the same day of the year; for 29 February it is the 28th.
LONGEST: Final = relativedelta(years=10)

_LOCK: Final = "hashtextextended('retention holds', 0)"


class HoldRefusedError(CounterError):
    """The hold cannot be set or lifted: the dossier has one already or is anonymised,
    the last day is not allowed, or the hold was lifted already.
    """


@transaction.atomic
def set_hold(
    *,
    dossier: Dossier,
    reason: HoldReason,
    until: date,
    clerk: Clerk,
    at: datetime,
) -> LegalHold:
    """Keep everything of a dossier and its person until the last day.

    It waits for a batch of the removal that is running; the next batch sees the hold.
    So nothing more is removed once this has been committed. An earlier hold whose last
    day is over is lifted first. Raises HoldRefusedError.
    """
    today = localdate(at)
    if until < today:
        raise HoldRefusedError(_("The last day of a hold is today or later."))
    if until > today + LONGEST:
        raise HoldRefusedError(_("A hold lasts for ten years at most."))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
    locked = Dossier.objects.select_for_update(no_key=True).get(pk=dossier.pk)
    if locked.anonymised_at:
        raise HoldRefusedError(
            _("Nothing is left to hold: this dossier was anonymised.")
        )
    end_those_that_are_over(LegalHold.objects.filter(dossier=locked), at=at)
    hold = LegalHold(
        dossier=dossier, reason=reason, until=until, set_by=clerk, set_at=at
    )
    try:
        with transaction.atomic():
            hold.save(force_insert=True)
    except IntegrityError as error:
        if not is_unique_violation(error, LegalHold):
            raise
        raise HoldRefusedError(_("This dossier has a hold already.")) from None
    details = {"reason": reason.value, "date": until.isoformat()}
    journal.write(Event.HOLD_SET, details, dossier=dossier, clerk=clerk)
    return hold


@transaction.atomic
def lift_hold(
    *, hold: LegalHold, reason: LiftReason, clerk: Clerk, at: datetime
) -> None:
    """Lift a hold: the retention rules apply again from the next run on.

    Raises HoldRefusedError when it was lifted already.
    """
    still = LegalHold.objects.filter(pk=hold.pk, lifted_at__isnull=True)
    if not still.update(lifted_at=at, lifted_by=clerk, lift_reason=reason):
        raise HoldRefusedError(_("This hold was lifted already."))
    details = {"reason": reason.value}
    journal.write(Event.HOLD_LIFTED, details, dossier=hold.dossier, clerk=clerk)


@transaction.atomic
def end_those_that_are_over(holds: LegalHoldQuerySet, *, at: datetime) -> None:
    """Lift those of these holds whose last day is over.

    The trigger in the database (counter.migrations.0003_append_only) does not compare
    dates: for it a hold is in force until it is lifted.
    """
    over = holds.filter(lifted_at__isnull=True, until__lt=localdate(at))
    for hold in over.select_related("dossier__office").select_for_update(of=("self",)):
        hold.lifted_at, hold.lift_reason = at, LiftReason.LAST_DAY
        hold.save(update_fields=["lifted_at", "lift_reason"])
        details = {"reason": LiftReason.LAST_DAY.value}
        journal.write(Event.HOLD_LIFTED, details, dossier=hold.dossier)


def keep_holds_out() -> None:
    """Prevent new holds until the transaction ends.

    Code that removes data calls this before it looks for holds.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")
