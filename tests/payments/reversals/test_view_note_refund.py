"""The supervisor notes that the finance service paid a reversal back."""

import datetime
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import Role
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, Office
from payments.closing.day import close_of_day
from payments.models import BankRefund, Reversal, Terminal
from tests import cast
from tests.litany import signed_in
from tests.payments.closing.test_day import sell
from tests.payments.money_back import give_back
from tests.races import at_once

DAY = datetime.timedelta(days=1)


def today() -> datetime.date:
    return timezone.localdate()


@pytest.fixture
def reversal(dossier: Dossier, els: Clerk, sofie: Clerk, office: Office) -> Reversal:
    """A card payment of three days ago, given back by bank yesterday."""
    terminal = Terminal.objects.create(office=office, name="T1", number="1")
    now = timezone.now()
    payment = sell(dossier, els, at=now - 3 * DAY, terminal=terminal)
    return give_back(payment, els, sofie, at=now - DAY)


@pytest.fixture
def url(reversal: Reversal) -> str:
    return reverse("payments_reversals:note_refund", args=(reversal.pk,))


def on_the_day(client: Client) -> str:
    """The close of yesterday, when the payment was given back, as a page."""
    page = reverse("payments_closing:day", args=((today() - DAY).isoformat(),))
    return client.get(page).content.decode()


@pytest.mark.usefixtures("english")
def test_the_day_balances_once_it_was_paid_back(
    office: Office, url: str, sofie: Clerk, sofie_client: Client
) -> None:
    before = close_of_day(office=office, date=today() - DAY)
    assert before.exceptions == ["Reversals for the finance service to pay back: 1."]
    assert before.reversals[0].booked_as == "bank transfer, not paid yet"
    assert f'href="{url}"' in on_the_day(sofie_client)

    answer = sofie_client.post(url, {"paid_on": today().isoformat()})
    assert answer.status_code == 303
    refund = BankRefund.objects.get()
    assert (refund.paid_on, refund.noted_by) == (today(), sofie)
    entry = JournalEntry.objects.get(event=Event.REFUND_PAID)
    assert entry.details == {"amount": "10.00", "date": today().isoformat()}

    after = close_of_day(office=office, date=today() - DAY)
    assert after.is_balanced
    assert after.reversals[0].booked_as.startswith("bank transfer, paid on ")
    assert f'href="{url}"' not in on_the_day(sofie_client)


@pytest.mark.parametrize(
    "written",
    ["%d/%m/%Y", "%d,%m,%Y", "%d%m%Y", "%d / %m / %Y", "%d·%m·%Y"],
)
def test_the_day_is_read_as_every_date_is(
    url: str, sofie_client: Client, written: str
) -> None:
    answer = sofie_client.post(url, {"paid_on": f"{today():{written}}"})
    assert answer.status_code == 303
    assert BankRefund.objects.get().paid_on == today()


@pytest.mark.parametrize(
    "paid_on",
    [
        "",
        "gisteren",
        "2026-13-01",
        f"{today():%d/%m/%y}",
        f"00{today():%y-%m-%d}",
        (today() + DAY).isoformat(),
        (today() - 2 * DAY).isoformat(),
    ],
)
def test_a_day_that_cannot_be_is_asked_again(
    url: str, sofie_client: Client, paid_on: str
) -> None:
    answer = sofie_client.post(url, {"paid_on": paid_on})
    assert answer.status_code == 422
    assert answer.context["form"].errors["paid_on"]
    assert f'value="{paid_on}"' in answer.content.decode() or not paid_on
    assert not BankRefund.objects.exists()


def test_it_is_noted_once_and_stays(
    url: str, sofie: Clerk, sofie_client: Client
) -> None:
    form = {"paid_on": today().isoformat()}
    assert sofie_client.post(url, form).status_code == 303
    assert sofie_client.post(url, form).status_code == 422
    assert "noted by sofie" in sofie_client.get(url).content.decode()
    for change in (
        partial(BankRefund.objects.update, paid_on=today() - DAY),
        BankRefund.objects.all().delete,
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            change()


def test_who_is_above_the_offices_comes_back_to_the_day_of_its_office(
    url: str, office: Office
) -> None:
    above = cast.make_clerk("rik", None, desk="", role=Role.SUPERVISOR)
    Clerk.objects.filter(pk=above.pk).update(is_superuser=True)
    day = reverse("payments_closing:day", args=((today() - DAY).isoformat(),))
    client = signed_in(above)
    assert f'href="{day}?office={office.pk}"' in client.get(url).text
    answer = client.post(url, {"paid_on": today().isoformat()})
    assert answer.headers["Location"] == f"{day}?office={office.pk}"


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_at_once_are_one_note(
    url: str, sofie: Clerk, office: Office
) -> None:
    rik = cast.make_clerk("rik", office, desk="", role=Role.SUPERVISOR)
    form = {"paid_on": today().isoformat()}
    clients = [signed_in(clerk) for clerk in (sofie, rik)]
    answers = at_once([partial(client.post, url, form) for client in clients])
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert BankRefund.objects.count() == 1


def test_only_for_supervisors_of_the_office(
    url: str, els_client: Client, other_office: Office
) -> None:
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    assert els_client.get(url).status_code == 403
    assert signed_in(lies).post(url, {}).status_code == 404


def test_what_came_out_of_the_drawer_is_not_the_finance_services(
    dossier: Dossier, els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    now = timezone.now()
    in_cash = give_back(sell(dossier, els, at=now), els, sofie, at=now)
    address = reverse("payments_reversals:note_refund", args=(in_cash.pk,))
    assert sofie_client.get(address).status_code == 404
    with pytest.raises(DatabaseError, match="nothing to pay"), transaction.atomic():
        BankRefund.objects.create(
            reversal=in_cash, paid_on=today(), noted_by=sofie, noted_at=now
        )
