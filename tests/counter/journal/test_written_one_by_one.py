"""An entry is inserted by the statement that its model's `save` would build."""

import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import post_save, pre_save

from counter.enums import ActorKind
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from tests.journal_checks import misfits
from tests.statements import columns_of

pytestmark = pytest.mark.django_db


def sent_by(work: Callable[[], object]) -> list[str]:
    """The statements of `work` as Django hands them to the driver, without values."""
    sent: list[str] = []

    def note(
        execute: Callable[..., object], sql: str, params: object, *rest: object
    ) -> object:
        sent.append(sql)
        return execute(sql, params, *rest)

    with connection.execute_wrapper(note):
        work()
    return sent


def test_the_statement_is_the_one_of_save(els: Clerk, dossier: Dossier) -> None:
    entry = journal.compose(Event.CODE_LAPSED, dossier=dossier)
    saved = sent_by(lambda: entry.save(force_insert=True))
    written = sent_by(lambda: journal.write(Event.CODE_LAPSED, dossier=dossier))
    # `write` has a shorter RETURNING: it knows the subject and the mark before.
    assert [_inserting(sql) for sql in written] == [_inserting(sql) for sql in saved]
    assert len(saved) == 1


def _inserting(sql: str) -> str:
    return sql.partition(" RETURNING ")[0]


def test_the_entry_is_as_the_database_has_it(els: Clerk, dossier: Dossier) -> None:
    subject = dossier.applicant
    for entry in (
        journal.write(Event.DESK_CHOSEN, {"desk": "%s 'é\\"}, clerk=els),
        journal.write(Event.SLIP_PRINTED, dossier=dossier, clerk=els),
        journal.write(Event.PERSON_ANONYMISED, subject=subject),
    ):
        stored = JournalEntry.objects.get(pk=entry.pk)
        assert columns_of(entry) == columns_of(stored)
        assert not entry._state.adding
        assert entry._state.db == connection.alias
    assert misfits() == []


def test_whoever_listens_to_new_entries_is_told(dossier: Dossier) -> None:
    heard: list[tuple[object, object]] = []

    def note(instance: JournalEntry, **options: object) -> None:
        heard.append((options.get("created"), instance.pk))

    for signal in (pre_save, post_save):
        signal.connect(note, sender=JournalEntry)
    try:
        entry = journal.write(Event.CODE_LAPSED, dossier=dossier)
    finally:
        for signal in (pre_save, post_save):
            signal.disconnect(note, sender=JournalEntry)
    assert heard == [(None, None), (True, entry.pk)]


def test_a_refused_entry_ends_its_transaction(els: Clerk, dossier: Dossier) -> None:
    dossier.pk = uuid.uuid4()
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            journal.write(
                Event.CODE_LAPSED,
                dossier=dossier,
                clerk=els,
                actor_kind=ActorKind.SYSTEM,
            )
        assert connection.needs_rollback


def test_a_clerk_who_is_not_saved_is_refused(dossier: Dossier) -> None:
    with pytest.raises(ValueError, match="not saved"):
        journal.write(Event.SIGNED_IN, clerk=Clerk(username="els"))
