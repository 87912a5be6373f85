"""The journal: only added to, shown as sentences, sealed in a chain."""

import pytest
from django.utils import translation
from pytest_django import Settings

from activation.enums import KeyKind
from counter.enums import RevealReason
from counter.journal import journal
from counter.journal.events import Event
from counter.journal.verifying import Why
from counter.models import Clerk, Dossier
from tests.database import superuser
from tests.journal_checks import misfits


def test_an_entry_reads_as_a_sentence(dossier: Dossier, els: Clerk) -> None:
    entry = journal.write(
        Event.NUMBER_REVEALED,
        {"reason": RevealReason.QUESTION},
        dossier=dossier,
        clerk=els,
    )
    assert "els" in entry.sentence
    assert "vraag van de persoon" in entry.sentence
    assert entry.office == els.office


@pytest.mark.parametrize(
    ("language", "word"), [("nl", "mobiele app"), ("en", "mobile app")]
)
def test_a_choice_is_read_in_the_readers_language(
    dossier: Dossier, language: str, word: str
) -> None:
    with translation.override("nl"):
        entry = journal.write(
            Event.KEY_ACTIVATED, {"kind": KeyKind.APP}, dossier=dossier
        )
    entry.refresh_from_db()
    with translation.override(language):
        assert word in entry.sentence


def test_a_detail_without_a_place_is_refused(dossier: Dossier) -> None:
    with pytest.raises(ValueError, match="details"):
        journal.write(Event.CODE_ISSUED, {"code": "secret"}, dossier=dossier)


@pytest.mark.django_db(transaction=True)
def test_sealed_entries_verify_until_one_is_changed(dossier: Dossier) -> None:
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    first = journal.seal()
    journal.write(Event.SLIP_PRINTED, dossier=dossier)
    second = journal.seal()
    assert first is not None
    assert second is not None
    assert journal.seal() is None
    assert misfits() == []

    with superuser() as server:
        server.execute(
            "UPDATE counter_journalentry SET event = 'paid'"
            " WHERE event = 'slip_printed'"
        )
    assert misfits() == [(Why.ALTERED, second.last_id)]


def test_a_new_key_seals_and_the_old_one_still_verifies(
    dossier: Dossier, settings: Settings
) -> None:
    old = settings.SEAL_KEYS
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    journal.seal()
    settings.SEAL_KEYS = {"s2": bytes(range(32)), **old}
    journal.write(Event.SLIP_PRINTED, dossier=dossier)
    seal = journal.seal()
    assert seal is not None
    assert seal.key_id == "s2"
    assert misfits() == []
    settings.SEAL_KEYS = {"s2": bytes(range(32))}
    assert misfits() == [(Why.KEY, None)]
