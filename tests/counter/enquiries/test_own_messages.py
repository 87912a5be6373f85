"""A message that a supervisor wrote herself, or her family, is for a colleague."""

import pytest
from django.test import Client
from django.utils import timezone

from counter.enquiries import handling
from counter.enquiries.own_people import FamilyMessageError, OwnMessageError, refuse
from counter.enquiries.reasons import HandledReason
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier, Enquiry, KinshipAnswer, Office
from tests.counter.enquiries.test_handling import LIST, asked, marking, page, pieter

__all__ = ["pieter"]


@pytest.fixture(autouse=True)
def sofie_peeters(sofie: Clerk) -> None:
    sofie.first_name, sofie.last_name = "Sofie", "Peeters"
    sofie.email = "sofie.peeters@stad.example"
    sofie.save()


@pytest.mark.parametrize(
    "sender",
    [
        {"name": "Sofie Peeters"},
        {"name": "PEETERS, Sofie"},
        {"name": "Peeters Sofie Maria"},
        {"name": "", "email": "Sofie.Peeters@stad.example"},
    ],
)
def test_her_own_message_is_left_to_a_colleague(
    office: Office, sofie: Clerk, pieter: Clerk, sender: dict[str, str]
) -> None:
    mine = asked(office, **sender)
    with pytest.raises(OwnMessageError):
        handling.answer(enquiry=mine, text="Ja", by=sofie, at=timezone.now())
    with pytest.raises(OwnMessageError):
        handling.give(enquiry=mine, to=sofie, by=pieter)
    with pytest.raises(OwnMessageError):
        handling.mark_handled(
            enquiries=Enquiry.objects.all(),
            reason=HandledReason.TWICE,
            by=sofie,
            at=timezone.now(),
        )
    handling.give(enquiry=mine, to=pieter, by=sofie)
    handling.answer(enquiry=mine, text="Ja", by=pieter, at=timezone.now())


def test_her_familys_message_too(office: Office, sofie: Clerk) -> None:
    with pytest.raises(FamilyMessageError):
        refuse(asked(office, name="Jan Peeters"), sofie)


@pytest.mark.parametrize("name", ["Marie Dubois", "", "Jan", "Sofie Vermeulen"])
def test_everybody_elses_is_answered(office: Office, sofie: Clerk, name: str) -> None:
    message = asked(office, name=name)
    handling.answer(enquiry=message, text="Ja", by=sofie, at=timezone.now())
    message.refresh_from_db()
    assert (message.answer, message.handled_by) == ("Ja", sofie)


def test_an_address_leads_to_the_dossier_that_has_it(
    office: Office, sofie: Clerk, dossier: Dossier
) -> None:
    """The name in the message makes no difference."""
    Dossier.objects.update(last_name="Peeters", first_names="Jan")
    message = asked(office, name="J.", email=dossier.email.upper())
    with pytest.raises(FamilyMessageError):
        refuse(message, sofie)
    Dossier.objects.update(first_names="Sofie")
    with pytest.raises(OwnMessageError):
        refuse(message, sofie)


def test_what_she_said_of_the_dossier_holds_for_its_messages(
    office: Office, sofie: Clerk, dossier: Dossier
) -> None:
    Dossier.objects.update(last_name="Peeters", first_names="Jan")
    message = asked(office, name="Jan Peeters", email=dossier.email)
    with pytest.raises(FamilyMessageError):
        refuse(message, sofie)
    KinshipAnswer.objects.create(
        dossier=dossier, clerk=sofie, is_family=False, at=timezone.now()
    )
    refuse(message, sofie)


def test_the_page_offers_her_only_to_give_it_away(
    office: Office, sofie: Clerk, sofie_client: Client, pieter: Clerk
) -> None:
    mine = asked(office, name="Sofie Peeters")
    shown = sofie_client.get(page("change", mine)).text
    assert "seems to be your own" in shown
    assert page("answer", mine) not in shown
    assert page("give", mine) in shown
    for method in (sofie_client.get, sofie_client.post):
        answer = method(page("answer", mine), {"text": "Ja"})
        assert answer.headers["Location"] == page("change", mine)
    refused = sofie_client.post(LIST, marking(mine), follow=True).text
    assert "seems to be your own" in refused
    sofie_client.post(page("give", mine), {"owner": sofie.pk})
    mine.refresh_from_db()
    assert (mine.handled_at, mine.owner, mine.answer) == (None, None, "")
    sofie_client.post(page("give", mine), {"owner": pieter.pk})
    mine.refresh_from_db()
    assert mine.owner == pieter


def test_the_refusal_is_a_sentence() -> None:
    for error in (OwnMessageError(), FamilyMessageError()):
        assert isinstance(error, CounterError)
        assert str(error)
