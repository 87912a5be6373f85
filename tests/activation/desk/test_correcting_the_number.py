"""A supervisor has to agree to another national number, and no key may be active."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes.issuing import pay_and_issue
from activation.enums import KeyKind, KeyState
from activation.models import DigitalKey
from counter.enums import DossierState, DoubtKind
from counter.exceptions import MoveRefusedError
from counter.journal.events import Event
from counter.models import (
    Applicant,
    Clerk,
    Dossier,
    DossierCorrection,
    JournalEntry,
)
from payments.enums import Method
from payments.models import Payment
from tests import cast
from tests.activation.corrections import journal_details, number, url
from tests.activation.holder.helpers import make_holder, make_key


def test_the_number_with_a_supervisor(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    code, _ = cast.make_code(dossier, els)
    wrong = dossier.applicant
    answer = els_client.post(url(dossier, "correct_number"), number(code))
    assert answer.status_code == 303
    dossier.refresh_from_db()
    assert dossier.applicant.national_number == cast.LEILA_NUMBER
    assert dossier.birth_date == datetime.date(1998, 7, 28)
    assert not Applicant.objects.filter(pk=wrong.pk).exists()
    assert cast.code_of(dossier) != code
    row = DossierCorrection.objects.get()
    assert (row.clerk, row.supervisor) == (els, sofie)
    assert row.changes["national_number"] == [None, None]
    assert journal_details(Event.NUMBER_APPROVED) == [str(sofie)]
    kept = str(list(DossierCorrection.objects.values())) + str(
        list(JournalEntry.objects.values_list("details", flat=True))
    )
    assert cast.LEILA_NUMBER not in kept
    assert cast.PETER_NUMBER not in kept


@pytest.mark.parametrize(
    "typed",
    [
        {"supervisor_password": "wrong"},
        {"supervisor_name": "els"},
        {"supervisor_name": ""},
        {"original_seen": ""},
        {"national_number": "85073003329"},
    ],
)
def test_the_number_stays_otherwise(
    dossier: Dossier, sofie: Clerk, els_client: Client, typed: dict[str, str]
) -> None:
    answer = els_client.post(url(dossier, "correct_number"), number(None, **typed))
    assert answer.status_code == 422
    dossier.refresh_from_db()
    assert dossier.applicant.national_number == cast.PETER_NUMBER


def test_the_number_is_compared_with_the_birth_date(
    dossier: Dossier, sofie: Clerk, els_client: Client
) -> None:
    form = number(birth_date="30/07/1985")
    answer = els_client.post(url(dossier, "correct_number"), form)
    assert answer.status_code == 422
    assert answer.context["form"].doubts


def test_a_slip_in_the_address_is_asked_about_and_not_offered_for_change(
    dossier: Dossier, sofie: Clerk, els_client: Client
) -> None:
    """The page has no field for the address; a page of its own corrects it."""
    Dossier.objects.update(email="peter@gmial.com")
    answer = els_client.post(url(dossier, "correct_number"), number())
    (slip,) = (
        doubt
        for doubt in answer.context["form"].doubts
        if doubt.kind is DoubtKind.EMAIL_SLIP
    )
    assert slip.tick
    assert not slip.suggestion


def test_a_person_with_an_open_dossier_gets_no_second_one(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    leila = cast.make_applicant(
        cast.LEILA_NUMBER, birth_date=datetime.date(1998, 7, 28)
    )
    cast.make_dossier(leila, els, email="leila@example.org")
    answer = els_client.post(url(dossier, "correct_number"), number(), follow=True)
    assert "open dossier already" in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.applicant.national_number == cast.PETER_NUMBER
    assert not DossierCorrection.objects.exists()


def test_an_address_of_somebody_else_is_refused_for_the_number_too(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    """With the wrong number the address was the person's own; with the right number it
    is somebody else's.
    """
    Dossier.objects.update(state="activated", activated_at=timezone.now())
    again = cast.make_dossier(dossier.applicant, els)
    assert again.email == dossier.email
    answer = els_client.post(url(again, "correct_number"), number())
    assert answer.status_code == 422
    assert answer.context["form"].doubts


def test_a_stranger_whose_number_it_was_is_called_as_before(
    els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    """Marie's number had been typed for Leila, and a code was issued for it."""
    marie = cast.make_applicant(
        cast.MARIE_NUMBER, first_names="Marie", last_name="Peeters"
    )
    long_ago = timezone.now() - datetime.timedelta(days=90)
    old = cast.make_dossier(marie, els, email="marie@example.org")
    Dossier.objects.update(
        state="activated", activated_at=long_ago, code_issued_at=long_ago
    )
    Applicant.objects.update(first_names="Leila", last_name="Amrani")
    marie.refresh_from_db()
    wrong = cast.make_dossier(marie, els, email="leila@example.org")
    code, _ = cast.make_code(wrong, els)
    answer = els_client.post(url(wrong, "correct_number"), number(code))
    assert answer.status_code == 303
    marie.refresh_from_db()
    old.refresh_from_db()
    assert (marie.name, old.name) == ("Marie Peeters", "Marie Peeters")


def test_the_number_of_a_key_in_use_is_not_corrected(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    make_key(make_holder(dossier, els), KeyKind.APP)
    dossier.refresh_from_db()
    assert dossier.state == DossierState.ACTIVATED
    page = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert url(dossier) in page.content.decode()
    assert url(dossier, "correct_number") not in page.content.decode()
    answer = els_client.post(url(dossier, "correct_number"), number())
    assert answer.status_code == 303
    dossier.refresh_from_db()
    assert dossier.applicant.national_number == cast.PETER_NUMBER
    assert DigitalKey.objects.get().state == KeyState.ACTIVE


def test_nothing_is_paid_for_whom_a_correction_made_another(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    """The payment had read the dossier just before the number was corrected."""
    read_before = Dossier.objects.select_related("applicant", "office").get()
    form = number(last_name="", first_names="")
    assert els_client.post(url(dossier, "correct_number"), form).status_code == 303
    with pytest.raises(MoveRefusedError):
        pay_and_issue(
            dossier=read_before,
            clerk=els,
            method=Method.CASH,
            tendered=Decimal("20.00"),
            terminal_slip="",
            submission=uuid.uuid4(),
            at=timezone.now(),
        )
    dossier.refresh_from_db()
    assert dossier.state == DossierState.RECORDED
    assert not Payment.objects.exists()
