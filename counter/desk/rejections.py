"""Visits that end without a dossier. They are counted, and no personal data is kept.

A person who can make a key online, free of charge, is redirected to that route; a
person who cannot be helped is refused with a reason
(docs/domain.md#who-is-turned-away).
"""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from counter.enums import Outcome, RedirectReason, RefusalReason
from counter.exceptions import CounterError, NoOfficeError, is_unique_violation
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, Draft, TurnedAway


def turn_away(
    *,
    reason: RedirectReason | RefusalReason,
    clerk: Clerk,
    submission: uuid.UUID,
    at: datetime,
) -> TurnedAway:
    """End the visit without a fee: create a row and a journal entry, delete the draft.

    Idempotent: the same `submission` returns the row that it made before. It is that of
    the recording form, when one was begun for the person. Raises NoOfficeError, or
    CounterError when that form was recorded meanwhile, such as in another tab, when
    another clerk sent this `submission` or it had another reason.
    """
    if clerk.office is None:
        raise NoOfficeError(_("You belong to no office. Ask the supervisor."))
    redirected = isinstance(reason, RedirectReason)
    outcome = Outcome.REDIRECTED if redirected else Outcome.REFUSED
    outcome_and_reason = {"outcome": outcome, "reason": reason.value}
    answers = {"clerk": clerk, "submission": submission, **outcome_and_reason}
    try:
        with transaction.atomic():
            rejection = TurnedAway.objects.create(office=clerk.office, at=at, **answers)
            event = Event.PERSON_REDIRECTED if redirected else Event.PERSON_REFUSED
            journal.write(event, {"reason": reason.value}, clerk=clerk)
            if Dossier.objects.filter(submission=submission).exists():
                raise CounterError(_("This visit was recorded. It has a dossier."))
            Draft.objects.visible_to(clerk).filter(submission=submission).delete()
            return rejection
    except IntegrityError as error:
        if not is_unique_violation(error, TurnedAway):
            raise
    earlier = TurnedAway.objects.filter(**answers).first()
    if earlier is None:
        raise CounterError(_("This form was sent before. Begin a new visit."))
    return earlier
