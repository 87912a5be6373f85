"""The language of the screens."""

import pytest
from django.test import Client
from django.urls import reverse

from counter.models import Clerk
from tests.litany import signed_in

URL = reverse("counter_sign_in:switch_language")
DESK = reverse("counter_desk:desk")


def test_it_stays_with_the_clerk(els: Clerk) -> None:
    answer = signed_in(els).post(URL, {"language": "nl", "next": DESK})
    assert answer.headers["Location"] == DESK
    els.refresh_from_db()
    assert els.language == "nl"
    assert '<html lang="nl"' in signed_in(els).get(DESK).content.decode()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_sign_in_page_keeps_it_too(db: None, language: str) -> None:
    client = Client()
    client.post(URL, {"language": language})
    page = client.get(reverse("counter_sign_in:sign_in")).content.decode()
    assert f'<html lang="{language}"' in page


@pytest.mark.parametrize("language", ["fr", "xx", ""])
def test_other_languages_are_not_for_staff(els: Clerk, language: str) -> None:
    before = els.language
    assert signed_in(els).post(URL, {"language": language}).status_code == 303
    els.refresh_from_db()
    assert els.language == before
