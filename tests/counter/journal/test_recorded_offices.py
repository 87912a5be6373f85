"""Changes of an office, its prices and its terminals are in the journal."""

import datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from counter.journal.events import Event
from counter.models import (
    Clerk,
    ClosingDay,
    Desk,
    JournalEntry,
    Office,
    OfficeText,
    OpeningHours,
)
from payments.models import Tariff, Terminal
from tests.counter.journal.changes import change, noted, sentence_of, start
from tests.counter.offices.test_admin_offices import office_form

__all__ = ["start"]


def test_an_offices_settings_and_what_belongs_to_it(
    start: int, office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    OpeningHours.objects.create(office=office, weekday=1, opens="09:00", closes="12:00")
    day = ClosingDay.objects.create(
        office=office, date=datetime.date(2026, 5, 14), occasion="Hemelvaart"
    )
    hours = OpeningHours.objects.get()
    last = JournalEntry.objects.latest("pk").pk
    data = office_form(office, phone="016 00 00 00", app_keys="") | {
        "hours-TOTAL_FORMS": "1",
        "hours-INITIAL_FORMS": "1",
        "hours-0-id": str(hours.pk),
        "hours-0-weekday": "1",
        "hours-0-opens": "09:00",
        "hours-0-closes": "16:30",
        "closing_days-INITIAL_FORMS": "1",
        "closing_days-0-id": str(day.pk),
        "closing_days-0-date": "2026-05-14",
        "closing_days-0-occasion": "Hemelvaart",
        "closing_days-0-DELETE": "on",
        "texts-0-slot": "intro",
        "texts-0-language": "fr",
        "texts-0-text": "Bonjour.",
    }
    change(sofie_client, office, data)
    sentences = {
        entry.details["row"]["model"]: sentence_of(entry, "nl")
        for entry in noted(last)
        if (entry.clerk, entry.office) == (sofie, office)
    }
    assert len(sentences) == 4
    assert "van “016 27 27 27” naar “016 00 00 00”" in sentences["counter.office"]
    assert "van ja naar nee" in sentences["counter.office"]
    assert "dinsdag 09:00 12:00" in sentences["counter.openinghours"]
    assert "van 12:00 naar 16:30" in sentences["counter.openinghours"]
    assert "verwijderde" in sentences["counter.closingday"]
    assert "14 mei 2026" in sentences["counter.closingday"]
    assert "Bonjour." in sentences["counter.officetext"]


def test_a_text_is_kept_whole_before_and_after(
    start: int, office: Office, sofie_client: Client
) -> None:
    """The journal can show who wrote which text; a digest of it could not."""
    old, new = "Oud. " * 500, "Nieuw. " * 400
    text = OfficeText.objects.create(
        office=office, slot="intro", language="nl", text=old
    )
    last = JournalEntry.objects.latest("pk").pk
    text.text = new
    text.save()
    (entry,) = noted(last)
    assert entry.details["changes"]["text"] == {"old": old, "new": new}
    assert old in sentence_of(entry)
    listing = sofie_client.get(reverse("admin:counter_journalentry_changelist"))
    assert old not in listing.content.decode()
    page = reverse("admin:counter_journalentry_change", args=(entry.pk,))
    assert old.strip() in sofie_client.get(page).content.decode()


def test_a_word_that_somebody_typed_is_not_translated(
    start: int, office: Office
) -> None:
    office.authority = "date"
    office.save()
    assert "naar “date”" in sentence_of(noted(start)[0], "nl")


def test_prices_terminals_and_domains(
    start: int, office: Office, tariff: Tariff, sofie: Clerk, sofie_client: Client
) -> None:
    last = JournalEntry.objects.latest("pk").pk
    data = {
        "office": str(office.pk),
        "category": "standard",
        "amount": "12.50",
        "valid_from": "2020-01-01",
        "valid_until": "2030-12-31",
        "regulation": tariff.regulation,
    }
    change(sofie_client, tariff, data)
    (entry,) = noted(last)
    assert "€\N{NO-BREAK SPACE}10,00" in sentence_of(entry, "nl")
    assert "naar €\N{NO-BREAK SPACE}12,50" in sentence_of(entry, "nl")
    assert "van niets naar 31 december 2030" in sentence_of(entry, "nl")
    page = reverse("admin:payments_tariff_delete", args=(tariff.pk,))
    sofie_client.post(page, {"post": "yes"})
    assert noted(last)[-1].event == Event.ROW_REMOVED
    terminal = {"office": str(office.pk), "name": "T1", "number": "47"}
    terminal |= {"slip_shortest": "3", "slip_longest": "12"}
    sofie_client.post(reverse("admin:payments_terminal_add"), terminal)
    assert "T1 47" in sentence_of(noted(last)[-1])
    sofie_client.post(
        reverse("admin:counter_maildomain_add"), {"domain": "ucll.example"}
    )
    entry = noted(last)[-1]
    assert (entry.clerk, entry.office) == (sofie, None)  # it counts for all offices
    assert "ucll.example" in sentence_of(entry)


def test_at_which_desks_a_terminal_stands(
    start: int, office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    """Noted from the terminal's side and the desk's: the pay page chooses by it."""
    here = Desk.objects.get(office=office, name="Loket 1")
    there = Desk.objects.create(office=office, name="Loket 2")
    terminal = Terminal.objects.create(office=office, name="T1", number="47")
    data: dict[str, Any] = {"name": "T1", "number": "47", "is_active": "on"}
    data |= {"slip_shortest": "3", "slip_longest": "12", "desks": [here.pk]}
    last = JournalEntry.objects.latest("pk").pk
    change(sofie_client, terminal, data)
    (entry,) = noted(last)
    assert (entry.event, entry.clerk, entry.office) == (
        Event.ROW_CHANGED,
        sofie,
        office,
    )
    assert "desks from nothing to Loket 1" in sentence_of(entry)
    assert "T1 47" in sentence_of(entry)
    last = entry.pk
    change(sofie_client, terminal, data)
    assert not noted(last)
    change(sofie_client, terminal, data | {"desks": [there.pk]})
    assert "to Loket 2" in sentence_of(noted(last)[-1])
    last = noted(last)[-1].pk
    there.terminals.clear()
    assert "desks from Loket 2 to nothing" in sentence_of(noted(last)[-1])
