"""The page asks to confirm more than 200 euros in cash, once for each amount."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.models import Dossier, Office
from payments.drawers.drawers import open_drawer
from payments.models import (
    DrawerMovement,
    Payment,
    Terminal,
    TerminalTotal,
)
from tests import cast
from tests.litany import signed_in


@pytest.fixture
def url(dossier: Dossier) -> str:
    return reverse("activation_desk:pay_and_issue", args=[dossier.pk])


def cash(tendered: str, **changes: str) -> dict[str, str]:
    form = {"submission": str(uuid.uuid4()), "method": "cash", "tendered": tendered}
    return form | changes


def tick(page: str) -> str:
    """The value of the box that the page asks to tick."""
    (box,) = re.findall(r'<input[^>]*name="confirmed"[^>]*>', page)
    assert " checked" not in box
    value = re.search('value="([^"]+)"', box)
    assert value
    return value[1]


@pytest.mark.parametrize("tendered", ["10", "50", "200", "200,00", "€ 200"])
def test_up_to_200_nothing_is_asked(
    els_client: Client, url: str, tendered: str
) -> None:
    assert els_client.post(url, cash(tendered)).status_code == 303


@pytest.mark.parametrize("tendered", ["200,01", "500", "1000.00", "9999"])
def test_above_it_is_asked_once(els_client: Client, url: str, tendered: str) -> None:
    form = cash(tendered)
    asked = els_client.post(url, form)
    assert asked.status_code == 422
    assert not Payment.objects.exists()
    assert f'value="{tendered}"' in asked.text
    answer = els_client.post(url, form | {"confirmed": tick(asked.text)})
    assert answer.status_code == 303
    assert (Payment.objects.get().tendered or 0) > 200


def test_the_question_names_the_amount_and_the_change(
    els_client: Client, url: str
) -> None:
    text = els_client.post(url, cash("500")).text
    assert "€\N{NO-BREAK SPACE}500.00" in text
    assert "€\N{NO-BREAK SPACE}490.00" in text


def test_another_large_amount_is_asked_about_anew(els_client: Client, url: str) -> None:
    form = cash("500")
    confirmed = tick(els_client.post(url, form).text)
    changed = form | {"tendered": "5000", "confirmed": confirmed}
    asked = els_client.post(url, changed)
    assert asked.status_code == 422
    assert tick(asked.text) != confirmed
    assert not Payment.objects.exists()


def test_of_another_visit_the_tick_says_nothing(els_client: Client, url: str) -> None:
    confirmed = tick(els_client.post(url, cash("500")).text)
    asked = els_client.post(url, cash("500", confirmed=confirmed))
    assert asked.status_code == 422


def test_a_card_is_not_asked(els_client: Client, url: str) -> None:
    """An amount that was typed as cash, before the card was chosen, does not count."""
    form = cash("500", method="card", terminal_slip="17")
    assert els_client.post(url, form).status_code == 303


def test_too_little_is_still_too_little(els_client: Client, url: str) -> None:
    page = els_client.post(url, cash("5"))
    assert page.status_code == 422
    assert 'name="confirmed"' not in page.text


def test_a_days_total_of_a_terminal_is_larger_than_what_one_person_pays(
    office: Office, sofie_client: Client
) -> None:
    """Otherwise the day of a busy terminal could never balance."""
    terminal = Terminal.objects.create(office=office, name="T1", number="1")
    address = reverse("payments_closing:day", args=[timezone.localdate().isoformat()])
    form = {"terminal": terminal.pk, "amount": "12.450,00"}
    assert sofie_client.post(address, form).status_code == 303
    assert TerminalTotal.objects.get().amount == 12450
    assert sofie_client.post(address, form | {"amount": "1 000 000"}).status_code == 422


def test_a_full_drawer_goes_to_the_safe_in_one_bag(office: Office) -> None:
    rik = cast.make_clerk("rik", office, desk="", has_drawer=False)
    open_drawer(clerk=rik, counts={"20000": 60}, at=timezone.now())
    form = {"submission": str(uuid.uuid4()), "amount": "11.500,00", "reference": "Z"}
    answer = signed_in(rik).post(reverse("payments_drawers:deposit"), form)
    assert answer.status_code == 303
    assert DrawerMovement.objects.get().amount == 11500
