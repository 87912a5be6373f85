"""An entry keeps codes. Readers get today's words for them, in their own language."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from counter.database.choices import Choices
from counter.enums import RedirectReason
from counter.journal import entry_details, journal
from counter.journal.entry_details import Code
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from payments.enums import Method
from tests import cast
from tests.journal_checks import misfits

#: A value of each detail that is no code, and what a Dutch reader sees.
OTHERS: dict[str, tuple[Any, str]] = {
    "account": ("els", "els"),
    "amount": (Decimal("12.50"), "€\N{NO-BREAK SPACE}12,50"),
    "amount_before": (Decimal("8.00"), "€\N{NO-BREAK SPACE}8,00"),
    "attempts": (5, "5"),
    "colleague": (Clerk(first_name="Els", last_name="Maes"), "Els Maes"),
    "count": (2, "2"),
    "date": (date(2026, 3, 2).isoformat(), "2 maart 2026"),
    "desk": ("Loket 2", "Loket 2"),
    "first": (date(2026, 3, 1).isoformat(), "1 maart 2026"),
    "hour": ("2026-11-24 12:00", "2026-11-24 12:00"),
    "last": (date(2026, 3, 31).isoformat(), "31 maart 2026"),
    "network": ("", "andere netwerken"),
    "nth": (3, "3"),
    "number": (7, "7"),
    "receipt": ("2026-000042", "2026-000042"),
    "rule": ("person", "persoon: naam"),
    "terminal": ("T1", "T1"),
    "who": (Clerk(username="bart"), "bart"),
    "passkey": ("Ring", "Ring"),
    "model": ("counter.applicant", "aanvragers"),
}
#: Written by counter.journal.recorded_models, and tested in test_recorded.py.
ROWS = (Event.ROW_ADDED, Event.ROW_CHANGED, Event.ROW_REMOVED)


def places() -> Iterator[tuple[Event, str]]:
    """Each detail of each event."""
    for event in Event:
        for name in sorted(entry_details.names(event)):
            yield event, name


def codes() -> Iterator[tuple[Event, str, Choices]]:
    """Each choice that a detail of an event can have as its value."""
    for event, name in places():
        detail = entry_details.find(event, name)
        if isinstance(detail, Code):
            for choice in detail.choices:
                yield event, name, choice


def write(event: Event, name: str, value: object) -> JournalEntry:
    """Write an entry with this value, and with some value for each other detail."""
    given: dict[str, object] = {name: value}
    for other in entry_details.names(event) - {name}:
        detail = entry_details.find(event, other)
        first = next(iter(detail.choices)) if isinstance(detail, Code) else None
        given[other] = first or OTHERS[other][0]
    return JournalEntry.objects.get(pk=journal.write(event, given).pk)


def test_every_detail_of_every_event_is_of_a_kind() -> None:
    unknown = [
        f"{event}: {name}"
        for event, name in places()
        if entry_details.find(event, name) is None
    ]
    assert not unknown, "say what it is, in entry_details or in the app's apps.py"


@pytest.mark.usefixtures("db")
def test_each_choice_is_kept_as_its_value_and_read_by_its_label() -> None:
    seen = set()
    for event, name, choice in codes():
        entry = write(event, name, choice)
        assert entry.details[name] == choice.value
        for language in ("nl", "en"):
            with translation.override(language):
                assert str(choice.label) in entry.sentence, (event, choice)
        seen.add(type(choice).__name__)
    assert seen >= {
        "CancelReason",
        "Change",
        "CorrectedField",
        "DoubtKind",
        "KeyKind",
        "Kind",
        "Method",
        "ErasureReason",
        "ExportReason",
        "HoldReason",
        "LiftReason",
        "RedirectReason",
        "RefusalReason",
        "ReissueReason",
        "RevealReason",
        "ReversalReason",
        "SecretForm",
        "Settled",
        "StaffSecret",
        "WaiverReason",
        "RefundMethod",
    }


def test_a_code_is_no_english_sentence() -> None:
    """If entries kept labels, a label could never be reworded."""
    for event, name, choice in codes():
        assert " " not in choice.value, (event, name, choice)


@pytest.mark.usefixtures("db")
def test_every_other_detail_is_read_as_dutch_has_it() -> None:
    for event, name in places():
        if event in ROWS or isinstance(entry_details.find(event, name), Code):
            continue
        value, shown = OTHERS[name]
        with translation.override("nl"):
            assert shown in write(event, name, value).sentence, (event, name)


def test_a_reworded_label_is_read_in_old_entries_and_the_seals_still_fit(
    els: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = RedirectReason.ITSME
    entry = journal.write(Event.PERSON_REDIRECTED, {"reason": reason}, clerk=els)
    journal.seal()
    before = entry.sentence
    monkeypatch.setattr(reason, "_label_", "signs in with itsme")
    entry.refresh_from_db()
    assert entry.sentence == before.replace("heeft itsme", "signs in with itsme")
    assert misfits() == []


def test_a_choice_that_is_no_more_is_shown_by_its_code(
    els: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = journal.write(Event.PERSON_REDIRECTED, {"reason": "itsme"}, clerk=els)
    place = (Event.PERSON_REDIRECTED, "reason")
    monkeypatch.setitem(entry_details._OF_EVENT, place, Code(Method))
    assert "itsme" in entry.sentence


@pytest.mark.parametrize(
    ("event", "details"),
    [
        (Event.PERSON_REDIRECTED, {"reason": "Jan Janssens called"}),
        (Event.ACCOUNT_INVITED, {"who": "els"}),
        (Event.ACCOUNT_INVITED, {"who": Method.CASH}),
        (Event.CODE_LOCKED, {"attempts": "five"}),
    ],
)
def test_what_is_not_of_its_kind_is_refused(
    els: Clerk, event: Event, details: dict[str, object]
) -> None:
    with pytest.raises((TypeError, ValueError)):
        journal.write(event, details, clerk=els)


@pytest.mark.parametrize(
    ("event", "name"), [(event, name) for event, name in places() if name == "who"]
)
def test_a_person_called_like_a_word_of_ours_keeps_the_name(
    els: Clerk, event: Event, name: str
) -> None:
    """In Dutch "cash" is "contant" and "supervisor" is "verantwoordelijke"."""
    for called in ("cash", "supervisor"):
        entry = write(event, name, Clerk(username=called))
        with translation.override("nl"):
            assert called in entry.sentence, event


def test_a_desk_and_a_colleague_called_like_a_word_of_ours_keep_the_name(
    els: Clerk,
) -> None:
    desk = write(Event.DESK_CHOSEN, "desk", "cash")
    colleague = write(Event.DRAWER_CLOSED_FOR, "colleague", Clerk(username="cash"))
    account = write(Event.SIGN_IN_FAILED, "account", "cash")
    with translation.override("nl"):
        for entry in (desk, colleague, account):
            assert "cash" in entry.sentence


def test_a_colleague_called_cash_is_invited_on_the_supervisors_page(
    sofie: Clerk, sofie_client: Client
) -> None:
    other = cast.make_clerk("cash", sofie.office, desk="")
    journal.write(
        Event.ACCOUNT_INVITED,
        {"who": other},
        clerk=sofie,
        office=sofie.office,
    )
    page = sofie_client.get(reverse("admin:counter_journalentry_changelist"))
    assert "sofie" in page.content.decode()
    assert "account for cash" in page.content.decode()


def test_a_visit_reads_in_the_language_of_the_reader(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    journal.write(
        Event.PAYMENT_TAKEN,
        {"amount": "10.00", "method": Method.CASH},
        dossier=dossier,
        clerk=els,
    )
    page = reverse("counter_dossiers:dossier", args=(dossier.pk,))
    for language, words in (("nl", "contant"), ("en", "by cash")):
        els.language = language
        els.save(update_fields=["language"])
        assert words in els_client.get(page).content.decode(), language
