"""A hold: nothing of one dossier and its person is removed while it lasts.

For a lawsuit, a complaint, an investigation. A supervisor sets it with a reason and a
last day, and lifts it with a reason; the journal has both.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError, is_unique_violation
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, LegalHold
from counter.retention.reasons import HoldReason, LiftReason

#: A hold that nobody looks at again would keep somebody's data for ever.
LONGEST_YEARS = 10


class HoldRefusedError(CounterError):
    """There is one already, nothing is left to hold, or its last day cannot be."""


@transaction.atomic
def set_hold(
    *,
    dossier: Dossier,
    reason: HoldReason,
    until: date,
    clerk: Clerk,
    at: datetime,
) -> LegalHold:
    """Keep all of a dossier and its person up to the last day.

    A hold whose last day is over makes room. Raises HoldRefusedError.
    """
    today = localdate(at)
    if until < today:
        raise HoldRefusedError(_("The last day of a hold is today or later."))
    if until.year > today.year + LONGEST_YEARS:
        raise HoldRefusedError(_("A hold lasts for ten years at most."))
    # The run locks the row before it looks for holds again (counter.retention.running).
    locked = Dossier.objects.select_for_update(no_key=True).get(pk=dossier.pk)
    if locked.anonymised_at:
        raise HoldRefusedError(
            _("Nothing is left to hold: this dossier was anonymised.")
        )
    _end_those_that_are_over(locked, clerk=clerk, at=at)
    hold = LegalHold(
        dossier=dossier, reason=reason, until=until, set_by=clerk, set_at=at
    )
    try:
        with transaction.atomic():
            hold.save(force_insert=True)
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        raise HoldRefusedError(_("This dossier has a hold already.")) from None
    details = {"reason": reason.value, "date": until.isoformat()}
    journal.write(Event.HOLD_SET, details, dossier=dossier, clerk=clerk)
    return hold


@transaction.atomic
def lift_hold(
    *, hold: LegalHold, reason: LiftReason, clerk: Clerk, at: datetime
) -> None:
    """The rules go on from tonight. Raises HoldRefusedError when it was lifted."""
    still = LegalHold.objects.filter(pk=hold.pk, lifted_at__isnull=True)
    if not still.update(lifted_at=at, lifted_by=clerk, lift_reason=reason):
        raise HoldRefusedError(_("This hold was lifted already."))
    details = {"reason": reason.value}
    journal.write(Event.HOLD_LIFTED, details, dossier=hold.dossier, clerk=clerk)


def _end_those_that_are_over(dossier: Dossier, *, clerk: Clerk, at: datetime) -> None:
    """A row past its last day is no hold any more; it stays as what was."""
    over = LegalHold.objects.filter(
        dossier=dossier, lifted_at__isnull=True, until__lt=localdate(at)
    )
    over.update(lifted_at=at, lifted_by=clerk, lift_reason=LiftReason.OVER)
