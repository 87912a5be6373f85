"""`manage.py verify_journal`, which a supervisor's colleague runs every month."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from counter.journal import journal
from counter.journal.broken_words import OF_A_SEAL, sentence
from counter.journal.events import Event
from counter.journal.verifying import Broken, Why
from counter.models import Dossier
from tests.database import superuser


def verify() -> str:
    output = StringIO()
    call_command("verify_journal", stdout=output, stderr=output)
    return output.getvalue()


def test_a_whole_journal_verifies(dossier: Dossier) -> None:
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    journal.seal()
    journal.write(Event.SLIP_PRINTED, dossier=dossier)
    assert "1 seals checked" in verify()
    assert "1 entries not sealed yet" in verify()


def test_an_empty_journal_verifies(db: None) -> None:
    assert "0 seals checked" in verify()


@pytest.mark.django_db(transaction=True)
def test_the_first_row_is_named_and_it_ends_with_an_error(dossier: Dossier) -> None:
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
    output = StringIO()
    named = f"entry {second.first_id} was removed after it was sealed"
    with pytest.raises(CommandError, match=rf"1 do not fit. First: {named}\."):
        call_command("verify_journal", stdout=output, stderr=output)
    assert named in output.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_first_row_is_named_under_an_altered_seal_too(dossier: Dossier) -> None:
    altered = journal.write(Event.CODE_ISSUED, dossier=dossier)
    journal.seal()
    with superuser() as server:
        server.execute("SET session_replication_role = replica")
        server.execute(
            "UPDATE counter_journalentry SET event = 'code_lapsed' WHERE id = %s",
            [altered.pk],
        )
        server.execute("UPDATE counter_journalseal SET marks = ''")
    with pytest.raises(CommandError, match=rf"First entry: entry {altered.pk} was"):
        verify()


def test_every_reason_has_its_sentence() -> None:
    for why in Why:
        for number in (None, 7):
            if (number is None) is (why in OF_A_SEAL):
                assert str(number or 3) in sentence(Broken(why, 3, 9, number))
