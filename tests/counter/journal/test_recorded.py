"""The journal has each change of accounts, roles and settings, with both values."""

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
from pytest_django import Settings

from counter.enums import ActorKind, Role
from counter.journal import journal
from counter.journal.events import Event
from counter.journal.recorded_models import Recorded
from counter.models import Clerk, JournalEntry, MailDomain, Office, OpeningHours
from payments.models import Tariff, Terminal
from tests import cast
from tests.counter.journal.changes import change, noted, sentence_of, start
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.journal_checks import misfits
from tests.litany import signed_in

__all__ = ["start"]


PBKDF2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"


def test_a_new_account_says_what_it_may(
    start: int, office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    sofie_client.post(reverse("admin:counter_clerk_add"), clerk_form(office))
    (entry,) = noted(start)
    assert (entry.event, entry.clerk, entry.office) == (Event.ROW_ADDED, sofie, office)
    assert "added member of staff “nora”" in sentence_of(entry)
    for words in ("role clerk", "name “Aerts”", "office Stadskantoor Leuven"):
        assert words in sentence_of(entry)
    assert "voegde medewerker “nora” toe" in sentence_of(entry, "nl")
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
    changed = "Sofie changed member of staff “sofie”".casefold()
    assert changed in sentence_of(entry).casefold()
    assert "password changed" in sentence_of(entry)
    assert "wachtwoord gewijzigd" in sentence_of(entry, "nl")


def test_renewed_parameters_of_the_same_password_are_no_change(
    start: int, els: Clerk, client: Client, settings: Settings
) -> None:
    """An older hash is replaced at the next sign-in; the password stays the same."""
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
        tuple(entry.details["row"]["named"].values())
        for entry in noted(0)
        if entry.details["row"]["model"] == "counter.clerk"
    }
    names = ("els", "bart", "sofie", "karel", "nadia", "tom")
    assert added == {(name,) for name in names}
    models = {entry.details["row"]["model"] for entry in noted(0)}
    assert {"counter.office", "counter.openinghours", "payments.tariff"} <= models


def test_someone_above_the_offices_is_seen_by_every_supervisor(
    start: int, els: Clerk, sofie: Clerk, other_office: Office
) -> None:
    """Supervisors of both offices see as well that a clerk moved between them."""
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
    """Groups have no effect here; the journal notes them all the same."""
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
    """A new model that is not recorded fails here, and so does one of its inlines."""
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
