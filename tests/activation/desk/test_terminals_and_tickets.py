"""A card terminal belongs to a desk, and a ticket number pays on it once a day."""

import uuid
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format

from counter.enums import Role
from counter.models import Clerk, Desk, Dossier, Office
from counter.staff import desks
from payments.enums import ReversalReason
from payments.models import Payment, Terminal
from payments.reversals.handing_over import confirm_hand_over
from payments.reversals.reversing import agree_to_reversal, ask_reversal
from tests import cast
from tests.litany import signed_in
from tests.payments.people import dossiers
from tests.races import at_once

NIGHT = datetime(2027, 3, 3, 23, 59, tzinfo=ZoneInfo("Europe/Brussels"))


@pytest.fixture
def terminals(office: Office, els: Clerk, bart: Clerk) -> list[Terminal]:
    """One terminal at the desk of els (Loket 1), and one at that of bart (Loket 2)."""
    made = []
    for n in (1, 2):
        terminal = Terminal.objects.create(
            office=office, name=f"Terminal {n}", number=f"0047{n}"
        )
        terminal.desks.add(Desk.objects.get(office=office, name=f"Loket {n}"))
        made.append(terminal)
    return made


def address(dossier: Dossier) -> str:
    return reverse("activation_desk:pay_and_issue", args=[dossier.pk])


def chosen(client: Client, dossier: Dossier) -> Terminal | None:
    value = client.get(address(dossier)).context["form"]["terminal"].value()
    return Terminal.objects.filter(pk=value).first()


def card(slip: str, terminal: Terminal | None, **changes: str) -> dict[str, str]:
    form = {
        "submission": str(uuid.uuid4()),
        "method": "card",
        "terminal_slip": slip,
        "terminal": str(terminal.pk) if terminal else "",
    }
    return form | changes


def test_the_desks_terminal_is_chosen_and_not_the_last_one(
    els: Clerk, terminals: list[Terminal]
) -> None:
    """Els takes a payment at Loket 1, and then sits down at Loket 2."""
    first, second = dossiers(els, 2)
    client = signed_in(els)
    assert chosen(client, first) == terminals[0]
    assert client.post(address(first), card("170", terminals[0])).status_code == 303
    desks.sit_at(clerk=els, desk=Desk.objects.get(name="Loket 2"), at=timezone.now())
    assert chosen(client, second) == terminals[1]


@pytest.mark.parametrize("desk", ["", "Loket 3"])
def test_where_no_terminal_stands_the_clerk_says_which(
    office: Office, els: Clerk, dossier: Dossier, terminals: list[Terminal], desk: str
) -> None:
    sits_at = Desk.objects.create(office=office, name=desk) if desk else None
    desks.sit_at(clerk=els, desk=sits_at, at=timezone.now())
    client = signed_in(els)
    page = client.get(address(dossier))
    assert page.context["form"]["terminal"].value() is None
    assert "Choose the terminal" in page.text
    answer = client.post(address(dossier), card("170", None))
    assert answer.status_code == 422
    assert answer.context["form"].errors["terminal"]
    assert not Payment.objects.exists()


def test_of_two_at_one_desk_the_clerk_says_which(
    els: Clerk, dossier: Dossier, terminals: list[Terminal]
) -> None:
    terminals[1].desks.add(Desk.objects.get(name="Loket 1"))
    assert chosen(signed_in(els), dossier) is None


def test_one_that_is_out_of_use_is_not_chosen(
    office: Office, els: Clerk, dossier: Dossier, terminals: list[Terminal]
) -> None:
    Terminal.objects.create(office=office, name="Terminal 3", number="00473")
    Terminal.objects.filter(pk=terminals[0].pk).update(is_active=False)
    assert chosen(signed_in(els), dossier) is None


def test_a_terminal_shared_by_two_desks_is_chosen_at_both(
    els: Clerk, bart: Clerk, dossier: Dossier, terminals: list[Terminal]
) -> None:
    terminals[0].desks.add(Desk.objects.get(name="Loket 2"))
    terminals[1].desks.clear()
    for clerk in (els, bart):
        assert chosen(signed_in(clerk), dossier) == terminals[0]


def test_the_supervisor_puts_a_terminal_at_its_desk(
    office: Office, other_office: Office, els: Clerk, sofie_client: Client
) -> None:
    here = Desk.objects.get(name="Loket 1")
    there = Desk.objects.create(office=other_office, name="Balie")
    add = reverse("admin:payments_terminal_add")
    form = {
        "office": office.pk,
        "name": "T",
        "number": "1",
        "slip_shortest": "3",
        "slip_longest": "6",
        "is_active": "on",
    }
    assert "Balie" not in sofie_client.get(add).text
    assert sofie_client.post(add, form | {"desks": [there.pk]}).status_code == 200
    assert sofie_client.post(add, form | {"desks": [here.pk]}).status_code == 302
    assert list(Terminal.objects.get().desks.all()) == [here]


def test_a_terminal_without_an_office_is_asked_for_one(
    office: Office, els: Clerk, sofie_client: Client
) -> None:
    form = {
        "office": "",
        "name": "T",
        "number": "1",
        "slip_shortest": "3",
        "slip_longest": "6",
        "desks": [Desk.objects.get(name="Loket 1").pk],
    }
    answer = sofie_client.post(reverse("admin:payments_terminal_add"), form)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["office"]
    assert not Terminal.objects.exists()


@pytest.mark.parametrize("kind", ["payments_terminal", "counter_desk"])
def test_what_stands_at_a_counter_stays_with_its_office(
    terminals: list[Terminal], other_office: Office, kind: str
) -> None:
    """In another office it would be missing from the day's close of its own office."""
    above = cast.make_clerk("rik", None, desk="", role=Role.SUPERVISOR)
    Clerk.objects.filter(pk=above.pk).update(is_superuser=True)
    row = terminals[0] if kind == "payments_terminal" else Desk.objects.first()
    assert row is not None
    form = {
        "office": other_office.pk,
        "name": "Other",
        "number": "00471",
        "slip_shortest": "3",
        "slip_longest": "6",
    }
    page = reverse(f"admin:{kind}_change", args=[row.pk])
    assert signed_in(above).post(page, form).status_code == 302
    office = row.office_id
    row.refresh_from_db()
    assert (row.name, row.office_id) == ("Other", office)


@pytest.mark.parametrize("again", ["0017", "017", " 0017", "000017"])
def test_a_ticket_that_paid_before_is_refused_with_what_it_paid(
    els: Clerk, bart: Clerk, terminals: list[Terminal], again: str
) -> None:
    first, second = dossiers(els, 2)
    client = signed_in(bart)
    client.post(address(first), card("0017", terminals[0]))
    used = Payment.objects.get()
    answer = client.post(address(second), card(again, terminals[0]))
    assert answer.status_code == 409
    (sentence,) = answer.context["form"].errors["terminal_slip"]
    at = time_format(timezone.localtime(used.taken_at))
    for fact in (used.receipt.label, at, "bart"):
        assert fact in sentence
    assert again.strip() in answer.context["form"]["terminal_slip"].value()
    assert Payment.objects.count() == 1
    second.refresh_from_db()
    assert second.state == "recorded"


def test_another_terminal_or_another_day_has_numbers_of_its_own(
    els: Clerk, terminals: list[Terminal]
) -> None:
    with time_machine.travel(NIGHT, tick=False) as clock:
        first, second, third, fourth = dossiers(els, 4)
        client = signed_in(els)
        for dossier, terminal, status in (
            (first, terminals[0], 303),
            (second, terminals[1], 303),
            (third, terminals[0], 409),
        ):
            answer = client.post(address(dossier), card("170", terminal))
            assert answer.status_code == status
        clock.shift(timedelta(minutes=1))  # midnight in Brussels, not in UTC
        form = card("170", terminals[0], document_seen="on")
        assert client.post(address(fourth), form).status_code == 303


def test_a_payment_that_was_given_back_leaves_its_ticket_used(
    els: Clerk, sofie: Clerk, terminals: list[Terminal]
) -> None:
    first, second = dossiers(els, 2)
    client = signed_in(els)
    client.post(address(first), card("170", terminals[0]))
    reversal = ask_reversal(
        payment=Payment.objects.get(),
        clerk=els,
        reason=ReversalReason.WRONG_AMOUNT,
        at=timezone.now(),
    )
    agreed = agree_to_reversal(
        reversal_id=reversal.pk, supervisor=sofie, at=timezone.now()
    )
    confirm_hand_over(
        reversal_id=agreed.pk, clerk=els, at=timezone.now(), refund_slip="180"
    )
    answer = client.post(address(second), card("170", terminals[0]))
    assert answer.status_code == 409


def test_the_very_form_sent_again_gets_its_first_answer(
    els: Clerk, dossier: Dossier, terminals: list[Terminal]
) -> None:
    client, form = signed_in(els), card("170", terminals[0])
    for _ in range(2):
        answer = client.post(address(dossier), form)
        assert answer.headers["Location"] == reverse(
            "counter_dossiers:dossier", args=[dossier.pk]
        )
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", ["00471", ""], ids=["terminal", "no terminal"])
def test_of_clerks_at_the_same_instant_one_has_the_ticket(
    els: Clerk, bart: Clerk, office: Office, number: str
) -> None:
    terminal = None
    if number:
        terminal = Terminal.objects.create(office=office, name="T", number=number)
    rows = dossiers(els, 6)
    clients = [signed_in(clerk) for clerk in (els, bart) * 3]
    answers = at_once(
        [
            partial(client.post, address(dossier), card("170", terminal))
            for client, dossier in zip(clients, rows, strict=True)
        ]
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [303, 409, 409, 409, 409, 409]
    label = Payment.objects.get().receipt.label
    for answer in answers:
        if answer.status_code == 409:
            assert label in answer.context["form"].errors["terminal_slip"][0]


def test_the_ticket_of_a_refund_is_no_payment(
    els: Clerk, sofie: Clerk, terminals: list[Terminal]
) -> None:
    first, second = dossiers(els, 2)
    client = signed_in(els)
    client.post(address(first), card("170", terminals[0]))
    at = timezone.now()
    asked = ask_reversal(
        payment=Payment.objects.get(),
        clerk=els,
        reason=ReversalReason.WRONG_AMOUNT,
        at=at,
    )
    agreed = agree_to_reversal(reversal_id=asked.pk, supervisor=sofie, at=at)
    confirm_hand_over(reversal_id=agreed.pk, clerk=els, at=at, refund_slip="180")
    answer = client.post(address(second), card("180", terminals[0]))
    assert answer.status_code == 409
