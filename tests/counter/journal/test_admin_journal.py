"""The journal as a supervisor reads it: sentences, whom they are about, and filters."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from counter.enums import DossierState, RevealReason
from counter.journal import journal
from counter.journal.events import Event
from counter.journal.kinds import EVENTS, Kind, in_short
from counter.models import Clerk, Dossier, JournalEntry
from tests import cast
from tests.database import superuser
from tests.payments.reversals.test_service_reversing import paid
from tests.states import put

JOURNAL = reverse("admin:counter_journalentry_changelist")


def lines(client: Client, **query: str) -> list[str]:
    """What the list says happened, the newest first."""
    page = client.get(JOURNAL, query).content.decode()
    cells = re.findall(r'<td class="field-beginning">(.*?)</td>', page, re.DOTALL)
    return [" ".join(cell.split()) for cell in cells]


@pytest.fixture
def busy(dossier: Dossier, els: Clerk, bart: Clerk) -> Dossier:
    """A dossier that two clerks did several things with."""
    journal.write(Event.CODE_ISSUED, dossier=dossier, clerk=els)
    journal.write(
        Event.NUMBER_REVEALED,
        {"reason": RevealReason.QUESTION},
        dossier=dossier,
        clerk=bart,
    )
    journal.write(Event.DOSSIER_OPENED, dossier=dossier, clerk=bart)
    return dossier


def test_kinds_are_offered_in_words_and_no_template(
    busy: Dossier, sofie_client: Client
) -> None:
    page = sofie_client.get(JOURNAL).content.decode()
    for kind in Kind:
        assert f"?kind={kind.value}" in page
    assert "Showed a national number" in page
    assert "{actor}" not in page


def test_a_kind_finds_its_entries_and_offers_each_event(
    busy: Dossier, sofie_client: Client
) -> None:
    (line,) = lines(sofie_client, kind=Kind.REVEALS.value)
    assert line.startswith("bart revealed the national number: ")
    page = sofie_client.get(JOURNAL, {"kind": Kind.CODES.value}).content.decode()
    assert "?kind=code_issued" in page
    assert "Issued the activation code" in page
    assert lines(sofie_client, kind=Event.CODE_ISSUED.value) == [
        "els issued the activation code."
    ]
    assert lines(sofie_client, kind=Event.SLIP_PRINTED.value) == []
    assert lines(sofie_client, kind="nonsense") == []


def test_who_signed_in_by_the_city_did_sign_in(
    els: Clerk, sofie_client: Client
) -> None:
    journal.write(Event.SIGNED_IN, clerk=els)
    journal.write(Event.SIGNED_IN_BY_CITY, clerk=els)
    by_els = {"clerk__id__exact": str(els.pk), "kind": Kind.SIGN_INS.value}
    assert len(lines(sofie_client, **by_els)) == 2


def test_filters_hold_together(
    busy: Dossier, bart: Clerk, sofie_client: Client
) -> None:
    of_bart = {"clerk__id__exact": str(bart.pk)}
    assert len(lines(sofie_client, **of_bart)) == 2
    assert lines(sofie_client, **of_bart, kind=Kind.LOOKS.value) == [
        "bart opened the dossier."
    ]


def test_an_entry_says_about_whom_it_is(busy: Dossier, sofie_client: Client) -> None:
    page = sofie_client.get(JOURNAL).content.decode()
    about = f"{JOURNAL}?about=counter.applicant%3A{busy.applicant_id}"
    assert f'<a href="{about}">{busy.name} ({busy.reference})</a>' in page
    entry = JournalEntry.objects.get(event=Event.CODE_ISSUED)
    page = sofie_client.get(
        reverse("admin:counter_journalentry_change", args=[entry.pk])
    ).content.decode()
    assert busy.name in page
    assert "Activation codes" in page


def test_a_reference_finds_everything_about_its_person(
    busy: Dossier, els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    """Also of the person's other dossier and of looks at the person; of nobody else."""
    put(
        Dossier.objects.filter(pk=busy.pk),
        state=DossierState.CANCELLED,
        cancelled_at=timezone.now(),
    )
    later = cast.make_dossier(busy.applicant, els)
    journal.write(Event.CODE_LAPSED, dossier=later)
    journal.write(Event.PERSON_OPENED, subject=busy.applicant, clerk=sofie)
    other = cast.make_dossier(cast.make_applicant(number=cast.LEILA_NUMBER), els)
    journal.write(Event.CODE_REVOKED, dossier=other, clerk=els)
    page = sofie_client.get(JOURNAL, {"q": busy.reference}).content.decode()
    for words in ("lapsed unused", "issued the activation code", "sofie looked at"):
        assert words in page
    assert "revoked" not in page
    about = f"counter.applicant:{busy.applicant_id}"
    assert len(lines(sofie_client, about=about)) >= 5


def test_who_took_data_out_is_in_the_journal(
    sofie: Clerk, sofie_client: Client
) -> None:
    today = timezone.localdate().isoformat()
    report = reverse("admin:payments_payment_report")
    sofie_client.get(report, {"csv": "1", "first": today, "last": today})
    (line,) = lines(sofie_client, kind=Kind.EXPORTS.value)
    assert line.startswith("sofie exported the takings from ")
    sofie_client.get(report, {"first": today, "last": today})  # only looked at
    assert len(lines(sofie_client, kind=Kind.EXPORTS.value)) == 1


def test_who_fetches_a_batch_is_in_the_journal(
    dossier: Dossier, els: Clerk, sofie_client: Client
) -> None:
    paid(dossier, els)
    today = timezone.localdate().isoformat()
    sofie_client.post(reverse("payments_closing:export_day", args=[today]))
    sofie_client.get(reverse("payments_closing:batch", args=[1]))
    assert lines(sofie_client, kind=Kind.EXPORTS.value) == [
        "sofie fetched the file of batch 1.",
        "sofie exported batch 1.",
    ]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_event_has_words_of_its_own_inside_its_kind(language: str) -> None:
    with translation.override(language):
        for kind, events in EVENTS.items():
            words = [in_short(event) for event in events]
            assert len(set(words)) == len(words), kind
            assert not any("{" in each or each.endswith(".") for each in words)


def test_the_words_of_an_event_read_on_without_who() -> None:
    with translation.override("en"):
        assert in_short(Event.DOSSIER_OPENED) == "Opened the dossier"
        assert in_short(Event.PAYMENT_TAKEN) == "Took … by …"
        assert in_short(Event.NUMBER_REVEALED) == "Revealed the national number"
        assert in_short(Event.DRAWER_COUNTED_FOR) == "… and … counted the drawer of …"


@pytest.mark.django_db(transaction=True)
def test_a_day_has_the_entries_from_its_midnight_to_the_next(
    busy: Dossier, sofie_client: Client
) -> None:
    """By the clock of Brussels: half past twelve at night belongs to the new day."""
    with superuser() as server:
        server.execute(
            "UPDATE counter_journalentry SET at = '2026-03-02 00:30+01'"
            " WHERE event = 'code_issued'"
        )
        server.execute(
            "UPDATE counter_journalentry SET at = '2026-03-01 23:30+01'"
            " WHERE event = 'number_revealed'"
        )
    assert lines(sofie_client, day="2026-03-02") == ["els issued the activation code."]
    (line,) = lines(sofie_client, day="2026-03-01")
    assert "revealed" in line
    assert lines(sofie_client, day="2026-03-01", kind=Kind.CODES.value) == []
    page = sofie_client.get(
        JOURNAL, {"day": "2026-03-01", "kind": Kind.REVEALS.value}
    ).content.decode()
    assert 'name="day" id="id_day" value="2026-03-01"' in page
    assert f'<input type="hidden" name="kind" value="{Kind.REVEALS.value}">' in page


@pytest.mark.parametrize("typed", ["morgen", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_shows_the_whole_journal(
    busy: Dossier, sofie_client: Client, typed: str
) -> None:
    answer = sofie_client.get(JOURNAL, {"day": typed}, follow=True)
    assert answer.redirect_chain[-1][0].partition("?")[0] == JOURNAL
    assert answer.status_code == 200
    assert 'class="field-beginning"' in answer.content.decode()


def test_under_the_list_stands_how_many_entries_there_are(sofie_client: Client) -> None:
    """It counts "journal entries", and not "journals", the name of the list."""
    page = sofie_client.get(reverse("admin:counter_journalentry_changelist")).text
    assert "journal entries" in " ".join(page.split())
