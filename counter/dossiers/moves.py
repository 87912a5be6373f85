"""The only code that changes the state of a dossier."""

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
    """Change the state of a dossier and write a journal entry.

    It is a conditional UPDATE that names the allowed former states. So when two
    processes try at once, one succeeds; the other raises MoveRefusedError and changes
    nothing. A move to PAID or CODE_ISSUED is also refused when a correction changed the
    person or the names since the dossier was read. `at` is the time stored for the new
    state. Afterwards the applicant has the names of the latest document to which a code
    was issued (counter.people.person).
    """
    # No savepoint: a refused move has written nothing, and a payment's transaction
    # should have few statements (docs/decisions/008-the-drawers-lock.md).
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
    """`move` many dossiers at once, for a scheduled task: no person is named as actor.

    The caller has locked the dossiers and checked that all may move. When one may not,
    MoveRefusedError is raised and the caller must roll back the transaction, because
    the others were updated already. Not for CODE_ISSUED: it does not give the applicant
    the names of the document.
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
