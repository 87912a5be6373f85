"""The total that a card terminal shows at the end of a day."""

from decimal import Decimal

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.journal.events import Event
from counter.models import Clerk, JournalEntry, Office
from payments.models import Terminal, TerminalTotal
from tests import cast
from tests.litany import signed_in
from tests.payments.closing.test_view_day import page

TODAY = timezone.localdate


def test_it_is_compared_and_typed_again(office: Office, sofie_client: Client) -> None:
    terminal = Terminal.objects.create(office=office, name="T1", number="1")
    address = reverse("payments_closing:day", args=(TODAY().isoformat(),))
    form = {"terminal": terminal.pk, "amount": "12,50"}
    assert sofie_client.post(address, form).status_code == 303
    assert TerminalTotal.objects.get().amount == Decimal("12.50")
    assert "differs by" in page(sofie_client)
    assert sofie_client.post(address, form | {"amount": "0"}).status_code == 303
    assert TerminalTotal.objects.get().amount == Decimal("0.00")
    assert "differs by" not in page(sofie_client)
    told = JournalEntry.objects.filter(event__startswith="terminal_counted")
    of_it = {"terminal": str(terminal), "date": TODAY().isoformat()}
    assert [(entry.event, entry.details) for entry in told.order_by("pk")] == [
        (Event.TERMINAL_COUNTED, of_it | {"amount": "12.50"}),
        (
            Event.TERMINAL_COUNTED_ANEW,
            of_it | {"amount": "0.00", "amount_before": "12.50"},
        ),
    ]


def test_sent_twice_it_was_noted_once(office: Office, sofie_client: Client) -> None:
    terminal = Terminal.objects.create(office=office, name="T1", number="1")
    address = reverse("payments_closing:day", args=(TODAY().isoformat(),))
    form = {"terminal": terminal.pk, "amount": "12,50"}
    sofie_client.post(address, form)
    noted = TerminalTotal.objects.get()
    assert sofie_client.post(address, form).status_code == 303
    assert TerminalTotal.objects.get().noted_at == noted.noted_at
    told = JournalEntry.objects.filter(event__startswith="terminal_counted")
    assert [entry.event for entry in told] == [Event.TERMINAL_COUNTED]


def test_noted_from_above_it_is_of_the_terminals_office(
    office: Office,
) -> None:
    terminal = Terminal.objects.create(office=office, name="T1", number="1")
    boss: Clerk = Clerk.objects.create_superuser("boss", password=cast.PASSWORD)
    address = reverse("payments_closing:day", args=(TODAY().isoformat(),))
    signed_in(boss).post(
        f"{address}?office={office.pk}", {"terminal": terminal.pk, "amount": "1"}
    )
    assert JournalEntry.objects.get(event=Event.TERMINAL_COUNTED).office == office
