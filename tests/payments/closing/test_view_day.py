"""The close of a day: on the screen, on paper, and out to the accounting."""

import datetime
import io
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, Office
from payments.closing.day import close_of_day, day_bounds
from payments.enums import Method
from payments.models import Terminal, TerminalTotal
from tests import cast
from tests.payments.closing.test_export import closed_drawer
from tests.payments.reversals.test_service_reversing import paid

TODAY = timezone.localdate


def page(client: Client, name: str = "payments_closing:day") -> str:
    return client.get(reverse(name, args=(TODAY().isoformat(),))).content.decode()


def test_an_untouched_day_balances(office: Office, sofie_client: Client) -> None:
    text = page(sofie_client)
    assert "Balanced." in text
    assert "Choose a terminal" in text


def test_it_says_what_came_in_and_why_it_does_not_balance(
    dossier: Dossier, els: Clerk, sofie_client: Client
) -> None:
    paid(dossier, els, Method.CASH)
    text = page(sofie_client)
    assert "Not balanced, because:" in text
    assert "is open, not approved" in text
    assert f"Receipts {TODAY().year}-000001 to" in text


@pytest.mark.usefixtures("english")
def test_the_figures_are_those_of_the_day(
    dossier: Dossier, els: Clerk, office: Office
) -> None:
    paid(dossier, els, Method.CASH)
    day = close_of_day(office=office, date=TODAY())
    assert (day.taken, day.given_back, day.balance) == (
        Decimal("10.00"),
        Decimal("0.00"),
        Decimal("10.00"),
    )
    assert (day.codes_issued, day.paid) == (1, 1)
    yesterday = close_of_day(office=office, date=TODAY() - datetime.timedelta(days=1))
    assert (yesterday.taken, yesterday.is_balanced) == (Decimal(0), True)


@pytest.mark.usefixtures("english")
def test_a_drawer_of_no_desk_is_called_by_its_clerk(office: Office) -> None:
    cast.make_clerk("rik", office, desk="")
    (why,) = close_of_day(office=office, date=TODAY()).exceptions
    assert why.startswith("Drawer rik ")


@pytest.mark.usefixtures("english")
def test_a_difference_is_named_with_its_reason(els: Clerk, office: Office) -> None:
    closed_drawer(els, short="5.00")
    day = close_of_day(office=office, date=TODAY())
    assert any("-5.00" in why and "Wisselgeld" in why for why in day.exceptions)


def test_a_days_length_follows_the_clock_of_brussels() -> None:
    # An aware difference within one zone ignores the clock change, so through UTC.
    lengths = [
        (end.astimezone(datetime.UTC) - start.astimezone(datetime.UTC)).total_seconds()
        / 3600
        for start, end in map(
            day_bounds,
            (
                datetime.date(2026, 3, 29),
                datetime.date(2026, 6, 1),
                datetime.date(2026, 10, 25),
            ),
        )
    ]
    assert lengths == [23, 24, 25]


def test_a_terminals_total_is_compared_and_typed_again(
    office: Office, sofie_client: Client
) -> None:
    terminal = Terminal.objects.create(office=office, name="T1", number="1")
    address = reverse("payments_closing:day", args=(TODAY().isoformat(),))
    form = {"terminal": terminal.pk, "amount": "12,50"}
    assert sofie_client.post(address, form).status_code == 303
    assert TerminalTotal.objects.get().amount == Decimal("12.50")
    assert "differs by" in page(sofie_client)
    assert sofie_client.post(address, form | {"amount": "0"}).status_code == 303
    assert TerminalTotal.objects.get().amount == Decimal("0.00")
    assert "differs by" not in page(sofie_client)
    assert JournalEntry.objects.filter(event=Event.TERMINAL_COUNTED).count() == 2


def test_the_paper_says_the_same(office: Office, sofie_client: Client) -> None:
    address = reverse("payments_closing:day_paper", args=(TODAY().isoformat(),))
    reader = PdfReader(io.BytesIO(sofie_client.get(address).content))
    text = reader.pages[0].extract_text()
    with translation.override("en"):
        assert "Balanced." in text


def test_a_batch_is_made_and_fetched_again(els: Clerk, sofie_client: Client) -> None:
    drawer = closed_drawer(els)
    made = sofie_client.post(
        reverse("payments_closing:export_drawer", args=(drawer.pk,))
    )
    assert made.status_code == 303
    address = reverse("payments_closing:batch", args=(1,))
    first, again = (sofie_client.get(address).content for _ in range(2))
    assert first == again
    assert b"Retributie activatiecode" in first


@pytest.mark.parametrize("text", ["morgen", "2026-13-01", "1999-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_not_found(sofie_client: Client, text: str) -> None:
    assert sofie_client.get(f"/payments/day/{text}/").status_code == 404


def test_a_clerk_does_not_close_the_day(els_client: Client) -> None:
    address = reverse("payments_closing:day", args=(TODAY().isoformat(),))
    assert els_client.get(address).status_code == 403


@pytest.mark.parametrize("written", ["%Y-%m-%d", "%d/%m/%Y", "%d,%m,%Y", "%d%m%Y"])
def test_the_day_that_is_asked_for_is_read_as_every_date_is(
    sofie_client: Client, written: str
) -> None:
    answer = sofie_client.get("/payments/day/", {"date": f"{TODAY():{written}}"})
    assert answer["Location"] == f"/payments/day/{TODAY().isoformat()}/"
