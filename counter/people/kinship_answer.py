"""What a clerk said about a person of her own family name, remembered."""

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
    """No family; or family, with the `colleague` who came to the screen."""

    colleague: Clerk | None = None


@transaction.atomic
def note_answer(*, answer: Answer, dossier: Dossier, clerk: Clerk) -> None:
    """Remember the answer for this dossier and clerk, and write it in the journal.

    The first one stands: a form sent twice asks nothing again. Raises SameHandsError
    when the colleague's account may be in the clerk's hands, AnonymisedError when the
    dossier is nobody's any more.
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
        who = {"who": str(answer.colleague)}
        journal.write(Event.FAMILY_WITH_COLLEAGUE, who, dossier=dossier, clerk=clerk)
