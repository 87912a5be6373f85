"""A journal, and a way to rewrite it as somebody who has the whole database would."""

from typing import Any

import pytest

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier
from tests.database import superuser
from tests.journal_checks import misfits


@pytest.fixture
def written(dossier: Dossier, els: Clerk) -> list[int]:
    """The numbers of seven entries under two seals and of an eighth, not sealed yet."""
    numbers = []
    for nth in range(7):
        entry = journal.write(
            Event.DESK_CHOSEN, {"desk": f"Loket {nth}"}, clerk=els, dossier=dossier
        )
        numbers.append(entry.pk)
        if nth in {3, 6}:
            journal.seal()
    numbers.append(journal.write(Event.SLIP_PRINTED, dossier=dossier, clerk=els).pk)
    assert misfits() == []
    return numbers


def rewrite(statement: str, *given: Any) -> None:
    """Change the journal as the database's superuser, whom no trigger stops."""
    with superuser() as server:
        server.execute("SET session_replication_role = replica")
        server.execute(statement, given)
