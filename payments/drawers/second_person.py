"""Whether a supervisor is a second person beside the clerk whose drawer it is.

What a supervisor approves is what the clerk did with the drawer: each count that the
clerk made, and the closing. At each of them the two accounts must have been separate,
and now too (docs/decisions/041-accounts-in-other-hands.md).
"""

from datetime import datetime

from counter.models import Clerk
from counter.staff import same_hands
from payments.models import DrawerSession


def why_not(drawer: DrawerSession, supervisor: Clerk, *, at: datetime) -> str:
    """A sentence why this supervisor may not approve the drawer as a second person; ""
    when nothing is against it.
    """
    for acted_at in _acts(drawer) or [at]:
        sentence = same_hands.why_not(
            drawer.clerk, supervisor, at=at, acted_at=acted_at
        )
        if sentence:
            return sentence
    return ""


def refuse(drawer: DrawerSession, supervisor: Clerk, *, at: datetime) -> None:
    """As `why_not`, for services: raises SameHandsError with the sentence."""
    if sentence := why_not(drawer, supervisor, at=at):
        raise same_hands.SameHandsError(sentence)


def _acts(drawer: DrawerSession) -> list[datetime]:
    """When the clerk counted the drawer, and when it was closed.

    A drawer that was closed by two for an absent clerk says so nowhere; it counts as
    closed by the clerk.
    """
    counted = drawer.counts.filter(counted_by=drawer.clerk_id)
    acts = set(counted.values_list("at", flat=True))
    return sorted(acts if drawer.closed_at is None else acts | {drawer.closed_at})
