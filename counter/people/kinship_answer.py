"""Stores the clerk's answer about a person who has the clerk's own family name."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, KinshipAnswer
from counter.retention import still_named
from counter.staff import same_hands


@dataclass(frozen=True)
class Answer:
    """The answer "no family" when `colleague` is None; otherwise "family", with the
    colleague who agreed at the screen.
    """

    colleague: Clerk | None = None


@transaction.atomic
def note_answer(*, answer: Answer, dossier: Dossier, clerk: Clerk) -> None:
    """Store the answer for this dossier and clerk, and write it in the journal.

    The first answer is final; when there is one already, nothing is written. Raises
    SameHandsError when the clerk may have access to the colleague's account, and
    AnonymisedError when the dossier was anonymised.
    """
    if answer.colleague is not None:
        same_hands.refuse(clerk, answer.colleague, at=timezone.now())
    still_named.lock_named(dossier)
    _row, is_new = KinshipAnswer.objects.get_or_create(
        dossier=dossier,
        clerk=clerk,
        defaults={
            "is_family": answer.colleague is not None,
            "colleague": answer.colleague,
            "at": timezone.now(),
        },
    )
    if not is_new:
        return
    if answer.colleague is None:
        journal.write(Event.NO_FAMILY, dossier=dossier, clerk=clerk)
    else:
        who = {"who": answer.colleague}
        journal.write(Event.FAMILY_WITH_COLLEAGUE, who, dossier=dossier, clerk=clerk)
