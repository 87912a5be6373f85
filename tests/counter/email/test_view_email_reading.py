"""What the page says about an address while it is typed."""

import logging

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from counter.models import Clerk, Dossier
from tests.cast import MARIE_NUMBER, PETER_NUMBER
from tests.litany import assert_for_clerks_only

URL = reverse("counter_email:email_reading")


def test_only_for_clerks(els_client: Client) -> None:
    assert_for_clerks_only(URL, method="post")
    assert els_client.get(URL).status_code == 405


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("peter@gmial.com", "peter@gmail.com"),
        (" peter@hotmial.be", "peter@hotmail.be"),
        ("peter@telent.be", "peter@telenet.be"),
        ("peter@bakker.con", "peter@bakker.com"),
        ("peter@gmailcom", "peter@gmail.com"),
        ("peter@gmail,com", "peter@gmail.com"),
    ],
)
def test_a_slip_gets_one_button(els_client: Client, typed: str, meant: str) -> None:
    page = els_client.post(URL, {"email": typed}).content.decode()
    assert f'data-value="{meant}"' in page
    assert 'data-hotkey="j"' in page


@pytest.mark.parametrize(
    "typed", ["", "peter", "peter@", "peter@gmail", "peter@gmail.com", "\0", "x" * 9999]
)
def test_what_is_unfinished_or_good_gets_nothing(
    els_client: Client, typed: str
) -> None:
    answer = els_client.post(URL, {"email": typed})
    assert answer.status_code == 200
    assert "reading" not in answer.content.decode()


def test_work_is_said(els_client: Client) -> None:
    page = els_client.post(URL, {"email": "an@student.kuleuven.be"}).content.decode()
    assert "work or study" in page


def test_a_name_that_takes_no_mail_is_said(
    els_client: Client, settings: Settings
) -> None:
    settings.REFUSE_RESERVED_MAIL_DOMAINS = True
    page = els_client.post(URL, {"email": "an@huis.local"}).content.decode()
    assert "No e-mail can arrive" in page


def test_an_address_in_use_is_said_when_it_is_anothers(
    els_client: Client, dossier: Dossier
) -> None:
    def asked(number: str) -> str:
        typed = {"email": dossier.email, "national_number": number}
        return els_client.post(URL, typed).content.decode()

    assert "Another person has an open dossier" in asked(MARIE_NUMBER)
    assert "Peter" not in asked(MARIE_NUMBER)
    assert "Another person" not in asked(PETER_NUMBER)
    assert "Another person" not in asked("")


def test_it_is_not_logged(
    els: Clerk, els_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        els_client.post(URL, {"email": "peter@gmial.com"})
    assert "gmial" not in caplog.text
