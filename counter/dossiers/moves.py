"""The one door through which a dossier comes to another state."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from counter.database.any_of import AnyOf
from counter.enums import ALLOWED_MOVES, ActorKind, DossierState
from counter.exceptions import MoveRefusedError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier
from counter.people import person

_TIME_OF: Final = {
    DossierState.PAID: "paid_at",
    DossierState.CODE_ISSUED: "code_issued_at",
    DossierState.ACTIVATED: "activated_at",
    DossierState.CANCELLED: "cancelled_at",
    DossierState.LAPSED: "lapsed_at",
    DossierState.REDIRECTED: "redirected_at",
}


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
    `at` is the instant written beside the state. The applicant is called as the latest
    document to which a code was issued shows (counter.people.person).
    """
    # No savepoint: a refusal has written nothing, and a visit's transaction counts
    # its statements (docs/decisions/008-the-drawers-lock.md).
    with transaction.atomic(savepoint=False):
        still = Dossier.objects.filter(pk=dossier.pk, state__in=_sources(to))
        if to in (DossierState.PAID, DossierState.CODE_ISSUED):
            still = still.as_read(dossier)
        moved = still.update(state=to, **{_TIME_OF[to]: at})
        if moved:
            journal.write(
                event, details, dossier=dossier, clerk=by, actor_kind=actor_kind
            )
            if to == DossierState.CODE_ISSUED:
                person.follow_document(dossier.applicant, dossier)
            elif to == DossierState.CANCELLED and dossier.code_issued_at:
                person.follow_documents(dossier.applicant)
    if not moved:
        raise MoveRefusedError(_("This dossier has moved on. Look at it again."))
    dossier.state = to
    setattr(dossier, _TIME_OF[to], at)


def move_all(
    dossiers: Sequence[Dossier],
    *,
    to: DossierState,
    at: datetime,
    event: Event,
    details: Mapping[str, str | int] | None = None,
) -> None:
    """`move` for many at once, by nobody: where the clock moves them, and no person
    waits for one of them.

    The caller has them locked, so that all may move; otherwise none does and
    MoveRefusedError is raised, and the transaction around it is to be undone. Not to a
    state that a code is issued with.
    """
    keys = [dossier.pk for dossier in dossiers]
    still = Dossier.objects.filter(AnyOf("pk", keys), state__in=_sources(to))
    if still.update(state=to, **{_TIME_OF[to]: at}) != len(keys):
        raise MoveRefusedError(_("This dossier has moved on. Look at it again."))
    journal.write_all(
        journal.compose(event, details, dossier=dossier) for dossier in dossiers
    )
    for dossier in dossiers:
        if to == DossierState.CANCELLED and dossier.code_issued_at:
            person.follow_documents(dossier.applicant)
        dossier.state = to
        setattr(dossier, _TIME_OF[to], at)


def _sources(to: DossierState) -> list[DossierState]:
    return [state for state, targets in ALLOWED_MOVES.items() if to in targets]
