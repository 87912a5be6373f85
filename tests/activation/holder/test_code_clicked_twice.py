"""A recovery code in the place of a key, sent by several clicks, is used once."""

import pytest
from django.test import Client
from django.utils import timezone

from activation.holder.paper import recovery_codes
from activation.models import KeyHolder
from tests.activation.holder.helpers import path
from tests.activation.threats.test_double_clicks import (
    clicked,
    failures,
    shown_long_ago,
)

pytestmark = pytest.mark.django_db(transaction=True)

WITH_CODE = path("prove_with_code", "add/")


def test_each_click_leads_to_the_page_that_asked(
    signed_in: Client, holder: KeyHolder
) -> None:
    first, *_rest = recovery_codes.make_codes(holder=holder, at=timezone.now())
    shown_long_ago(signed_in)
    answers = clicked(signed_in, WITH_CODE, {"code": first})
    assert answers == {f"303 {path('add_key')}", f"303 {path('prove', 'add/')}"}
    assert recovery_codes.sheet_of(holder).left == 9
    assert failures() == 0


def test_the_page_of_a_code_that_was_typed_leads_on(
    signed_in: Client, holder: KeyHolder
) -> None:
    """For example when the page is reloaded, or opened in another language."""
    first, *_rest = recovery_codes.make_codes(holder=holder, at=timezone.now())
    shown_long_ago(signed_in)
    assert signed_in.get(WITH_CODE).status_code == 200
    signed_in.post(WITH_CODE, {"code": first})
    again = signed_in.get(WITH_CODE, follow=True)
    assert [to for to, _status in again.redirect_chain][-1] == path("add_key")
