"""Correcting a dossier, with a new code when an unused one was printed."""

import uuid
from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from activation.addresses.same_visit import require_supervisor
from activation.codes.issuing import new_code
from activation.codes.reissuing import end_code, moved_on
from activation.models import ActivationCode
from counter.dossiers import corrections
from counter.dossiers.recording import Recording
from counter.enums import DossierState
from counter.models import Clerk, Dossier
from counter.people.kinship_answer import Answer


@sensitive_variables()
@transaction.atomic
def correct_dossier(  # noqa: PLR0913 (all named, all on the form)
    *,
    dossier: Dossier,
    recording: Recording,
    clerk: Clerk,
    code_id: uuid.UUID | None,
    document_seen: bool,
    at: datetime,
    supervisor: Clerk | None = None,
    family: Answer | None = None,
) -> ActivationCode | None:
    """Correct a dossier free of charge; an unused code is replaced by a new one.

    The old sheet and mail have the mistake, so they stop working. `code_id` is the code
    that the clerk's page was about. It is None before payment, and when a key is active
    already; then account and keys stay as they are. A new code after the visit needs a
    `supervisor`. Raises CodeMovedOnError when the code or the dossier has changed since
    the page was shown, SupervisorNeededError, and what
    `counter.dossiers.corrections.correct_dossier` raises. Returns the new code.
    """
    if code_id is not None:
        end_code(dossier, code_id, at)
        require_supervisor(dossier, clerk=clerk, supervisor=supervisor, at=at)
    else:
        _lock_without_code(dossier)
    corrections.correct_dossier(
        dossier=dossier,
        recording=recording,
        clerk=clerk,
        document_seen=document_seen,
        at=at,
        supervisor=supervisor,
        family=family,
    )
    if code_id is None:
        return None
    return new_code(dossier, clerk=clerk, at=at)


def _lock_without_code(dossier: Dossier) -> None:
    """Lock the dossier, and check that it has no unused code.

    Otherwise a payment at the same moment could print a sheet with the wrong name.
    Raises CodeMovedOnError.
    """
    rows = Dossier.objects.select_for_update(of=("self",)).filter(pk=dossier.pk)
    if not list(rows.filter(state__in=(DossierState.RECORDED, DossierState.ACTIVATED))):
        raise moved_on()
