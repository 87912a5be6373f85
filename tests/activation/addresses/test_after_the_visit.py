"""After the visit a supervisor has to agree to another address or name."""

import uuid

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.addresses.same_visit import SupervisorNeededError
from activation.codes.reissuing import correct_email
from activation.enums import ReissueReason
from activation.models import ActivationCode, AddressChange
from counter.enums import Outcome
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, TurnedAway
from tests import cast
from tests.activation.addresses.changing import (
    AGREES,
    MINUTE,
    NEW,
    OLD,
    address_of,
    an_hour_ago,
    code,
    form,
    page,
    pay,
)
from tests.activation.corrections import details
from tests.litany import signed_in

__all__ = ["code"]


@pytest.mark.parametrize("has_code", [True, False])
def test_after_the_visit_a_supervisor_agrees(
    dossier: Dossier, els: Clerk, els_client: Client, sofie: Clerk, *, has_code: bool
) -> None:
    code = cast.make_code(dossier, els)[0] if has_code else None
    an_hour_ago(dossier)
    shown = els_client.get(page(dossier)).content.decode()
    assert 'name="supervisor_name"' in shown
    answer = els_client.post(page(dossier), form(code))
    assert answer.status_code == 422
    assert NEW in answer.content.decode()
    assert address_of(dossier) == OLD
    assert els_client.post(page(dossier), form(code) | AGREES).status_code == 303
    assert address_of(dossier) == NEW
    assert AddressChange.objects.get().supervisor == sofie
    entry = JournalEntry.objects.get(event=Event.LATE_CORRECTION_APPROVED)
    assert entry.clerk == sofie


def test_in_the_visit_the_clerk_does_it_alone(
    dossier: Dossier, els_client: Client, code: ActivationCode
) -> None:
    assert "supervisor_name" not in els_client.get(page(dossier)).content.decode()
    assert els_client.post(page(dossier), form(code)).status_code == 303


def test_a_supervisor_at_work_agrees_by_sending_it(
    dossier: Dossier, sofie_client: Client, code: ActivationCode
) -> None:
    an_hour_ago(dossier)
    assert sofie_client.post(page(dossier), form(code)).status_code == 303
    assert address_of(dossier) == NEW


def test_a_wrong_password_of_the_supervisor_changes_nothing(
    dossier: Dossier, els_client: Client, sofie: Clerk, code: ActivationCode
) -> None:
    an_hour_ago(dossier)
    wrong = AGREES | {"supervisor_password": "geraden"}
    assert els_client.post(page(dossier), form(code) | wrong).status_code == 422
    assert address_of(dossier) == OLD


def _needs_supervisor(dossier: Dossier, clerk: Clerk, code_id: uuid.UUID) -> None:
    with pytest.raises(SupervisorNeededError):
        correct_email(
            dossier=dossier,
            clerk=clerk,
            email=NEW,
            code_id=code_id,
            document_seen=True,
            at=timezone.now(),
        )
    assert address_of(dossier) == OLD
    assert cast.code_of(dossier).pk == code_id


def test_a_colleague_is_not_in_the_visit(
    dossier: Dossier, bart: Clerk, code: ActivationCode
) -> None:
    _needs_supervisor(dossier, bart, code.pk)


def test_the_next_person_ends_the_visit(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    leila = cast.make_applicant(
        cast.LEILA_NUMBER, first_names="Leila", last_name="Haddad", birth_date=None
    )
    cast.make_dossier(leila, els, email="leila@example.org")
    _needs_supervisor(dossier, els, code.pk)


def test_who_was_turned_away_ends_it_too(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    TurnedAway.objects.create(
        office=dossier.office,
        clerk=els,
        submission=uuid.uuid4(),
        at=timezone.now(),
        outcome=Outcome.REFUSED,
        reason="other",
    )
    _needs_supervisor(dossier, els, code.pk)


def test_the_code_prolongs_the_visit_and_a_new_code_does_not(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    start = dossier.recorded_at
    with time_machine.travel(start + 14 * MINUTE, tick=False):
        code, _ = cast.make_code(dossier, els)
    with time_machine.travel(start + 28 * MINUTE, tick=False):
        again = signed_in(els)
        shown = again.get(page(dossier)).content.decode()
        assert "supervisor_name" not in shown
        typed = {
            "document_seen": "on",
            "code_id": code.pk,
            "reason": ReissueReason.SHEET_LOST.value,
        }
        answer = again.post(page(dossier, "reissue_code"), typed)
        assert answer.status_code == 303
    with time_machine.travel(start + 30 * MINUTE, tick=False):
        _needs_supervisor(dossier, els, cast.code_of(dossier).pk)


def test_who_pays_for_an_older_dossier_makes_no_visit_of_it(
    dossier: Dossier, els: Clerk
) -> None:
    """Otherwise a clerk could pay the fee herself, and the visit would begin again."""
    an_hour_ago(dossier)
    code = pay(dossier, els)
    _needs_supervisor(dossier, els, code.pk)


@pytest.mark.parametrize("agrees", [False, True])
def test_names_with_a_new_sheet_need_a_supervisor_after_the_visit(
    dossier: Dossier,
    els_client: Client,
    sofie: Clerk,
    code: ActivationCode,
    *,
    agrees: bool,
) -> None:
    an_hour_ago(dossier)
    url = page(dossier, "correct_details")
    assert 'name="supervisor_name"' in els_client.get(url).content.decode()
    typed = details(code, first_names="Pieter") | (AGREES if agrees else {})
    assert els_client.post(url, typed).status_code == (303 if agrees else 422)
    dossier.refresh_from_db()
    assert dossier.first_names == ("Pieter" if agrees else "Peter")
    assert (cast.code_of(dossier) == code) is not agrees


def test_names_without_a_sheet_need_none(dossier: Dossier, els_client: Client) -> None:
    an_hour_ago(dossier)
    typed = details(first_names="Pieter")
    url = page(dossier, "correct_details")
    assert els_client.post(url, typed).status_code == 303
