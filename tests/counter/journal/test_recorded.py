"""Power over people and money is in the journal, with what was and what became."""

import datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from counter.enums import ActorKind, Role
from counter.journal import journal
from counter.journal.events import Event
from counter.journal.recorded_models import Recorded
from counter.models import (
    Clerk,
    ClosingDay,
    Desk,
    JournalEntry,
    MailDomain,
    Office,
    OfficeText,
    OpeningHours,
)
from payments.models import Tariff, Terminal
from tests import cast
from tests.counter.offices.test_admin_offices import office_form
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.journal_checks import misfits
from tests.litany import signed_in

PBKDF2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
CHANGES = (Event.ROW_ADDED, Event.ROW_CHANGED, Event.ROW_REMOVED)


@pytest.fixture
def start(sofie: Clerk, els: Clerk) -> int:
    """What is written after this number was done in the test."""
    return JournalEntry.objects.latest("pk").pk


def noted(start: int, *, model: str = "") -> list[JournalEntry]:
    entries = JournalEntry.objects.filter(pk__gt=start, event__in=CHANGES)
    return [
        entry
        for entry in entries
        if not model or entry.details["what"]["model"] == f"counter.{model}"
    ]


def sentence_of(entry: JournalEntry, language: str = "en") -> str:
    with translation.override(language):
        return JournalEntry.objects.get(pk=entry.pk).sentence


def change(client: Client, row: Recorded, data: dict[str, Any]) -> None:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    answer = client.post(reverse(name, args=(row.pk,)), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors


def test_a_new_account_says_what_it_may(
    start: int, office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    sofie_client.post(reverse("admin:counter_clerk_add"), clerk_form(office))
    (entry,) = noted(start)
    assert (entry.event, entry.clerk, entry.office) == (Event.ROW_ADDED, sofie, office)
    assert "added clerk “nora”" in sentence_of(entry)
    for words in ("role clerk", "name “Aerts”", "office Stadskantoor Leuven"):
        assert words in sentence_of(entry)
    assert "voegde loketmedewerker “nora” toe" in sentence_of(entry, "nl")
    assert "argon2" not in str(entry.details)
    assert cast.PASSWORD not in str(entry.details)


def test_a_change_of_an_account_has_old_and_new(
    start: int, office: Office, els: Clerk, sofie_client: Client
) -> None:
    data = clerk_form(office, username="els", role="supervisor")
    data["last_name"] = "Claes"
    del data["is_active"]
    change(sofie_client, els, data)
    (entry,) = noted(start)
    assert entry.details["changes"]["role"] == {"old": "clerk", "new": "supervisor"}
    assert entry.details["changes"]["is_active"] == {"old": True, "new": False}
    assert "last name from nothing to “Claes”" in sentence_of(entry)
    assert "active from yes to no" in sentence_of(entry)
    dutch = sentence_of(entry, "nl")
    assert "rol van loketmedewerker naar verantwoordelijke" in dutch
    assert "van ja naar nee" in dutch
    assert "from" not in dutch


def test_saving_without_a_change_is_nothing_to_tell(
    start: int, office: Office, els: Clerk, sofie_client: Client
) -> None:
    els.first_name, els.last_name = "Els", "Claes"
    els.email = "nora@stadskantoor.example"
    els.save()
    before = JournalEntry.objects.latest("pk").pk
    same = {"first_name": "Els", "last_name": "Claes"}
    change(sofie_client, els, clerk_form(office, username="els", language="en", **same))
    assert not noted(before)


def test_a_new_password_is_told_and_never_shown(
    start: int, sofie: Clerk, sofie_client: Client
) -> None:
    new = "een splinternieuw wachtwoord"
    data = {"old_password": cast.PASSWORD, "new_password1": new}
    page = reverse("admin:password_change")
    sofie_client.post(page, data | {"new_password2": new})
    assert Clerk.objects.get(username="sofie").check_password(new)
    (entry,) = noted(start)
    assert entry.details["changes"] == {"password": {}}
    assert "Sofie changed clerk “sofie”".casefold() in sentence_of(entry).casefold()
    assert "password changed" in sentence_of(entry)
    assert "wachtwoord gewijzigd" in sentence_of(entry, "nl")


def test_renewed_parameters_of_the_same_password_are_no_change(
    start: int, els: Clerk, client: Client, settings: Settings
) -> None:
    """A hash made under older parameters is made anew at the next sign-in."""
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, PBKDF2]
    els.password = make_password(cast.PASSWORD, hasher="pbkdf2_sha256")
    els.save(update_fields=["password"])
    before = JournalEntry.objects.latest("pk").pk
    answer = client.post(
        reverse("counter_sign_in:sign_in"),
        {"username": "els", "password": cast.PASSWORD},
    )
    assert answer.status_code == 303
    els.refresh_from_db()
    assert els.password.startswith("argon2")
    assert not noted(before)


@pytest.mark.usefixtures("db")
def test_commands_write_what_the_admin_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", cast.PASSWORD)
    names = {"username": "boss", "first_name": "An", "last_name": "Baas"}
    options = {**names, "email": "", "interactive": False}
    call_command("createsuperuser", **options, stdout=StringIO())
    (entry,) = noted(0)
    assert entry.actor_kind == ActorKind.SYSTEM
    assert entry.office is None
    assert "superuser status yes" in sentence_of(entry)
    asked = "django.contrib.auth.management.commands.changepassword.Command._get_pass"
    monkeypatch.setattr(asked, lambda *_args, **_options: "nog veel langer woord")
    call_command("changepassword", "boss", stdout=StringIO())
    assert "password changed" in sentence_of(noted(entry.pk)[0])


def test_the_seed_says_whom_it_employs(db: None) -> None:
    call_command("seed", stdout=StringIO())
    added = {
        tuple(entry.details["what"]["named"].values())
        for entry in noted(0)
        if entry.details["what"]["model"] == "counter.clerk"
    }
    names = ("els", "bart", "sofie", "karel", "nadia", "tom")
    assert added == {(name,) for name in names}
    models = {entry.details["what"]["model"] for entry in noted(0)}
    assert {"counter.office", "counter.openinghours", "payments.tariff"} <= models


def test_someone_above_the_offices_is_seen_by_every_supervisor(
    start: int, els: Clerk, sofie: Clerk, other_office: Office
) -> None:
    """Also by the one whose clerk was taken away."""
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    last = JournalEntry.objects.latest("pk").pk
    Clerk.objects.create_superuser("boss", password=cast.PASSWORD)
    for supervisor in (sofie, lies):
        seen = JournalEntry.objects.visible_to(supervisor).filter(pk__gt=last)
        assert seen.get().event == Event.ROW_ADDED
    els.office = other_office
    els.save()
    for supervisor in (sofie, lies):
        seen = JournalEntry.objects.visible_to(supervisor).filter(pk__gt=last)
        words = "office from Stadskantoor Leuven to Stadskantoor Elders"
        assert words in sentence_of(seen.latest("pk"))


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
        entry.details["what"]["model"]: sentence_of(entry, "nl")
        for entry in noted(last)
        if (entry.clerk, entry.office) == (sofie, office)
    }
    assert len(sentences) == 4
    assert "van “016 27 27 27” naar “016 00 00 00”" in sentences["counter.office"]
    assert "van ja naar nee" in sentences["counter.office"]
    assert "Dinsdag 09:00 12:00" in sentences["counter.openinghours"]
    assert "van 12:00 naar 16:30" in sentences["counter.openinghours"]
    assert "verwijderde" in sentences["counter.closingday"]
    assert "14 mei 2026" in sentences["counter.closingday"]
    assert "Bonjour." in sentences["counter.officetext"]


def test_a_text_is_kept_whole_before_and_after(
    start: int, office: Office, sofie_client: Client
) -> None:
    """Who wrote this: a digest would not answer."""
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
    assert "€ 10,00" in sentence_of(entry, "nl")
    assert "naar € 12,50" in sentence_of(entry, "nl")
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
    assert (entry.clerk, entry.office) == (sofie, None)  # the whole house's
    assert "ucll.example" in sentence_of(entry)


def test_at_which_desks_a_terminal_stands(
    start: int, office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    """It is the terminal that the pay page chooses there; told from either side."""
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


def test_many_at_once_are_told_one_by_one(start: int, office: Office) -> None:
    Terminal.objects.bulk_create(
        Terminal(office=office, name=name, number=name) for name in ("A", "B")
    )
    Terminal.objects.filter(office=office).update(is_active=False)
    MailDomain.objects.filter(domain="kuleuven.be").delete()
    events = [entry.event for entry in noted(start)]
    assert events == [
        *[Event.ROW_ADDED] * 2,
        *[Event.ROW_CHANGED] * 2,
        Event.ROW_REMOVED,
    ]


def test_a_group_given_to_an_account_is_told(start: int, els: Clerk) -> None:
    """Nothing reads groups here; who gives one all the same is seen."""
    els.groups.add(Group.objects.create(name="Beheer"))
    assert "from nothing to Beheer" in sentence_of(noted(start)[0])


def test_what_is_no_decision_is_not_told(start: int, els: Clerk) -> None:
    client = signed_in(els)
    client.post(reverse("counter_sign_in:switch_language"), {"language": "nl"})
    client.post(reverse("counter_sign_in:lock"))
    assert not noted(start)


def test_what_was_undone_is_not_told(start: int, office: Office) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningHours.objects.create(
            office=office, weekday=1, opens="12:00", closes="09:00"
        )
    assert not noted(start)


def test_the_chain_holds_over_changes(start: int, tariff: Tariff) -> None:
    tariff.amount = Decimal(11)
    tariff.save()
    journal.seal()
    assert misfits() == []


def test_the_history_of_an_account_is_the_journal(
    start: int, els: Clerk, sofie_client: Client
) -> None:
    els.last_name = "Claesen"
    els.save()
    page = reverse("admin:counter_clerk_history", args=(els.pk,))
    shown = sofie_client.get(page, follow=True).content.decode()
    assert "Claesen" in shown.split('id="result_list"')[1]


def test_every_model_that_the_supervisor_edits_is_recorded() -> None:
    """A new one that is not fails here, with what hangs on it."""
    request = RequestFactory().get("/")
    request.user = Clerk(
        is_active=True, is_staff=True, is_superuser=True, role=Role.SUPERVISOR
    )
    for model, house in admin.site._registry.items():
        parts: list[tuple[Any, tuple[None, ...]]] = [(house, ())]
        parts += [(part, (None,)) for part in house.get_inline_instances(request)]
        for part, parent in parts:
            edits = (
                part.has_add_permission(request, *parent)
                or part.has_change_permission(request)
                or part.has_delete_permission(request)
            )
            assert not edits or issubclass(part.model, Recorded), model
