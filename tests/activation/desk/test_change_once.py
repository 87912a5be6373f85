"""How much change to give back: the answer to the payment says so, and only once."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes import reissuing
from activation.enums import ReissueReason
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import text_of
from tests.litany import signed_in
from tests.races import at_once

GIVE_BACK = "Give back € 40.00"


def page(dossier: Dossier) -> str:
    return reverse("counter_dossiers:dossier", args=[dossier.pk])


def pay(client: Client, dossier: Dossier, **changes: str) -> dict[str, str]:
    form = {"submission": str(uuid.uuid4()), "method": "cash", "tendered": "50"}
    form |= changes
    address = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    answer = client.post(address, form)
    assert answer.headers["Location"] == page(dossier)
    return form


def page_text(client: Client, dossier: Dossier) -> str:
    return text_of(client.get(page(dossier)).content)


def test_the_answer_says_it_and_a_reload_does_not(
    els_client: Client, dossier: Dossier
) -> None:
    pay(els_client, dossier)
    els_client.head(page(dossier))
    assert GIVE_BACK in page_text(els_client, dossier)
    for _ in range(3):
        again = page_text(els_client, dossier)
        assert "Give back" not in again
        assert "Print the slip" in again


def test_a_new_code_does_not_say_it_again(
    els: Clerk, els_client: Client, dossier: Dossier
) -> None:
    pay(els_client, dossier)
    assert GIVE_BACK in page_text(els_client, dossier)
    reissuing.reissue_code(
        dossier=dossier,
        clerk=els,
        reason=ReissueReason.SHEET_LOST,
        code_id=cast.code_of(dossier).pk,
        document_seen=True,
        at=timezone.now(),
    )
    assert "Give back" not in page_text(els_client, dossier)


def test_a_new_code_before_the_answer_was_read_does_not_say_it_either(
    els: Clerk, els_client: Client, dossier: Dossier
) -> None:
    """The answer to the payment was lost; the page of a later sheet names no change."""
    pay(els_client, dossier)
    reissuing.correct_email(
        dossier=dossier,
        clerk=els,
        email="janssens@example.org",
        code_id=cast.code_of(dossier).pk,
        document_seen=True,
        at=timezone.now(),
    )
    assert "Give back" not in page_text(els_client, dossier)


def test_a_colleague_is_told_nothing_and_takes_nothing_away(
    els_client: Client, bart_client: Client, dossier: Dossier
) -> None:
    pay(els_client, dossier)
    assert "Give back" not in page_text(bart_client, dossier)
    assert GIVE_BACK in page_text(els_client, dossier)


def test_the_next_persons_page_says_nothing_of_this_one(
    els: Clerk, els_client: Client, dossier: Dossier
) -> None:
    marie = cast.make_applicant(cast.MARIE_NUMBER, first_names="Marie")
    other = cast.make_dossier(marie, els, email="marie@example.org")
    pay(els_client, dossier)
    assert "Give back" not in page_text(els_client, other)
    pay(els_client, other, tendered="20")
    assert "Give back € 10.00" in page_text(els_client, other)
    assert "Give back" not in page_text(els_client, dossier)


def test_the_form_sent_again_does_not_say_it_again(
    els_client: Client, dossier: Dossier
) -> None:
    form = pay(els_client, dossier)
    assert GIVE_BACK in page_text(els_client, dossier)
    pay(els_client, dossier, **form)
    assert "Give back" not in page_text(els_client, dossier)


def test_another_session_of_the_clerk_does_not_say_it(
    els: Clerk, els_client: Client, dossier: Dossier
) -> None:
    pay(els_client, dossier)
    again = Client()
    form = {"username": els.username, "password": cast.PASSWORD}
    assert again.post(reverse("counter_sign_in:sign_in"), form).status_code == 303
    assert "Give back" not in page_text(again, dossier)


def test_minutes_later_it_is_no_answer_any_more(
    els_client: Client, dossier: Dossier
) -> None:
    pay(els_client, dossier)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert "Give back" not in page_text(els_client, dossier)


def test_a_card_has_no_change(els_client: Client, dossier: Dossier) -> None:
    pay(els_client, dossier, method="card", terminal_slip="A-17", tendered="")
    assert "Give back" not in page_text(els_client, dossier)


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_the_same_instant_one_says_it(
    els: Clerk, dossier: Dossier
) -> None:
    client = signed_in(els)
    pay(client, dossier)
    tabs = [signed_in(els) for _ in range(5)]
    pages = at_once([lambda tab=tab: page_text(tab, dossier) for tab in tabs])  # type: ignore[misc]
    assert sum("Give back" in page for page in pages) == 1
