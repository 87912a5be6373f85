"""What the counter does, named after the buttons.

Every service is keyword-only and atomic, and raises a CounterError whose
sentence the view shows.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from counter import journal
from counter.enums import ALLOWED_MOVES, ActorKind, DossierState, Event
from counter.exceptions import MoveRefusedError
from counter.models import Clerk, Dossier

_TIME_OF = {
    DossierState.PAID: "paid_at",
    DossierState.CODE_ISSUED: "code_issued_at",
    DossierState.ACTIVATED: "activated_at",
    DossierState.CANCELLED: "cancelled_at",
    DossierState.LAPSED: "lapsed_at",
    DossierState.REDIRECTED: "redirected_at",
}


@transaction.atomic
def move(
    dossier: Dossier,
    *,
    to: DossierState,
    at: datetime,
    event: Event,
    by: Clerk | None = None,
    actor_kind: ActorKind | None = None,
    details: Mapping[str, str | int] | None = None,
) -> None:
    """Move a dossier to another state and say so in the journal: the one door.

    The update carries the states it may come from, so of two that try at once one
    gets through and the other raises MoveRefusedError with nothing changed.
    `at` is the instant written beside the state.
    """
    sources = [state for state, targets in ALLOWED_MOVES.items() if to in targets]
    moved = Dossier.objects.filter(pk=dossier.pk, state__in=sources).update(
        state=to, **{_TIME_OF[to]: at}
    )
    if not moved:
        raise MoveRefusedError(_("This dossier has moved on. Look at it again."))
    dossier.refresh_from_db(fields=["state", _TIME_OF[to]])
    journal.write(event, details, dossier=dossier, clerk=by, actor_kind=actor_kind)
