"""A supervisor who agrees at the clerk's screen also types the digits of the app."""

import pytest
from django.test import Client
from django.urls import reverse

from counter.models import Clerk, Dossier
from payments.models import Payment
from tests.activation.desk.test_view_waive_and_issue import form, url
from tests.counter.app import CODE, after_the_password, digits, set_up, wrong

pytestmark = pytest.mark.usefixtures("digits_asked")


def test_with_the_digits_the_code_is_given(
    dossier: Dossier, sofie: Clerk, els_client: Client
) -> None:
    set_up(sofie)
    assert b"supervisor_digits" in els_client.get(url(dossier)).content
    sent = form(supervisor_digits=digits(sofie))
    assert els_client.post(url(dossier), sent).status_code == 303
    assert Payment.objects.get().approved_by == sofie


@pytest.mark.parametrize("typed", ["", "12", None])
def test_without_them_nothing_is_given(
    dossier: Dossier, sofie: Clerk, els_client: Client, typed: str | None
) -> None:
    set_up(sofie)
    sent = form(supervisor_digits=wrong(sofie) if typed is None else typed)
    answer = els_client.post(url(dossier), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors["supervisor_digits"]
    assert not Payment.objects.exists()


def test_digits_that_were_used_agree_to_nothing(
    dossier: Dossier, sofie: Clerk, els_client: Client
) -> None:
    """Sofie has just signed in with these digits, and Els saw them."""
    set_up(sofie)
    used = digits(sofie)
    at_work = after_the_password(sofie)
    at_work.post(CODE, {"digits": used})
    assert at_work.get(reverse("counter_desk:desk")).status_code == 200
    answer = els_client.post(url(dossier), form(supervisor_digits=used))
    errors = answer.context["form"].errors.as_data()["supervisor_digits"]
    assert [error.code for error in errors] == ["used"]
    assert not Payment.objects.exists()
    sent = form(supervisor_digits=digits(sofie, later=1))
    assert els_client.post(url(dossier), sent).status_code == 303
    # Sofie agreed at the desk of Els, and is still signed in at her own.
    assert at_work.get(reverse("counter_desk:desk")).status_code == 200


def test_a_supervisor_without_an_app_signs_in_first(
    dossier: Dossier, sofie: Clerk, els_client: Client
) -> None:
    answer = els_client.post(url(dossier), form(supervisor_digits="123456"))
    assert answer.status_code == 422
    errors = answer.context["form"].errors.as_data()["supervisor_digits"]
    assert [error.code for error in errors] == ["none"]
