"""The command that a supervisor's colleague runs every month."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Dossier
from tests.database import superuser


def verify() -> str:
    said = StringIO()
    call_command("verify_journal", stdout=said, stderr=said)
    return said.getvalue()


def test_a_whole_journal_verifies(dossier: Dossier) -> None:
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    journal.seal()
    journal.write(Event.SLIP_PRINTED, dossier=dossier)
    assert "1 seals checked" in verify()
    assert "1 entries not sealed yet" in verify()


def test_an_empty_journal_verifies(db: None) -> None:
    assert "0 seals checked" in verify()


@pytest.mark.django_db(transaction=True)
def test_a_broken_range_is_named_and_ends_with_an_error(dossier: Dossier) -> None:
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    journal.seal()
    for _ in range(2):
        journal.write(Event.SLIP_PRINTED, dossier=dossier)
    second = journal.seal()
    assert second is not None
    with superuser() as server:
        server.execute(
            "DELETE FROM counter_journalentry WHERE id = %s", [second.first_id]
        )
    said = StringIO()
    with pytest.raises(CommandError, match="1 seals do not fit"):
        call_command("verify_journal", stdout=said, stderr=said)
    named = f"entries {second.first_id} to {second.last_id}: entries were removed"
    assert named in said.getvalue()
