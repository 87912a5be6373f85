"""What a role could once reach in other ways than its pages, and no longer can."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import AccountAct, Role
from counter.journal.events import Event
from counter.models import (
    AccountChange,
    Clerk,
    Dossier,
    JournalEntry,
    Office,
    PasswordLink,
)
from counter.staff import account_changes, password_links
from payments.models import Receipt
from tests import cast
from tests.litany import signed_in
from tests.test_admin import whole

__all__ = ["whole"]


def test_an_administrator_does_not_lead_the_publics_messages_to_a_mailbox(
    tom: Clerk, office: Office
) -> None:
    page = signed_in(tom).get(reverse("admin:counter_office_change", args=[office.pk]))
    assert page.status_code == 200
    fields = page.context["adminform"].form.fields
    assert "phone" in fields
    assert "email" not in fields


def test_a_supervisor_who_reads_them_chooses_the_mailbox(
    sofie_client: Client, office: Office
) -> None:
    page = sofie_client.get(reverse("admin:counter_office_change", args=[office.pk]))
    assert "email" in page.context["adminform"].form.fields


@pytest.mark.parametrize("who", ["karel", "tom"])
def test_a_refusal_says_nothing_of_whose_name_is_on_a_receipt(
    whole: Dossier, who: str, request: pytest.FixtureRequest
) -> None:
    """A colleague with the payer's family name gets the same answer as others."""
    clerk: Clerk = request.getfixturevalue(who)
    page = reverse("admin:payments_receipt_change", args=[Receipt.objects.get().pk])
    other = signed_in(clerk).post(page).status_code
    Clerk.objects.filter(pk=clerk.pk).update(last_name=whole.last_name)
    clerk.refresh_from_db()
    assert signed_in(clerk).post(page).status_code == other


def test_an_invitation_that_ended_is_not_prolonged_by_a_forgotten_password(
    office: Office, sofie: Clerk, time_machine: time_machine.TimeMachineFixture
) -> None:
    clerk = cast.make_clerk("nieuw", office, desk="")
    clerk.email = "nieuw@example.org"
    clerk.set_unusable_password()
    clerk.save()
    password_links.invite(clerk=clerk, by=sofie, at=timezone.now())
    time_machine.move_to(timezone.now() + timedelta(hours=49))
    password_links.ask_own_reset(user_name="nieuw", counts=(), at=timezone.now())
    assert not PasswordLink.objects.filter(clerk=clerk, is_invitation=False).exists()


def test_a_supervisor_hears_of_one_who_is_moved_in_from_an_office_without_any(
    office: Office, other_office: Office, sofie: Clerk
) -> None:
    sofie.email = "sofie@example.org"
    sofie.save()
    boss = cast.make_clerk("boss", None, desk="", role=Role.ADMINISTRATOR)
    puppet = cast.make_clerk("pop", other_office, desk="", role=Role.SUPERVISOR)
    was = account_changes.before(puppet, by=boss, at=timezone.now())
    puppet.office = office
    puppet.save()
    account_changes.note_place(account=puppet, was=was, by=boss, at=timezone.now())
    change = AccountChange.objects.get(account=puppet, act=AccountAct.OFFICE)
    assert change.second_supervisor == sofie


@pytest.mark.parametrize("who", ["nadia", "tom", "karel"])
def test_nobody_but_who_works_at_the_desk_is_the_second_person_there(
    who: str, request: pytest.FixtureRequest
) -> None:
    clerk: Clerk = request.getfixturevalue(who)
    assert not Clerk.objects.at_the_desk().filter(pk=clerk.pk).exists()


def test_looking_for_one_person_is_written_down_before_the_page_is_opened(
    whole: Dossier, nadia: Clerk
) -> None:
    response = signed_in(nadia).post(
        reverse("admin:counter_dossier_find"), {"q": whole.reference}
    )
    assert response.status_code == 303
    looks = JournalEntry.objects.filter(clerk=nadia, event=Event.DOSSIER_OPENED)
    assert looks.get().dossier == whole
