"""Which price is asked on the payment screen, and when it changes."""

import datetime
import re
import uuid
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.models import Clerk, Dossier, Office
from payments.enums import Method, TariffCategory, WaiverReason
from payments.exceptions import PriceChangedError
from payments.models import Payment, Tariff
from payments.taking.taking import take_payment
from payments.taking.waiving import waive_fee
from tests.activation.helpers import text_of
from tests.litany import signed_in

NEW_YEAR = datetime.datetime(2027, 1, 1, tzinfo=ZoneInfo("Europe/Brussels"))
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def url(dossier: Dossier) -> str:
    return reverse("activation_desk:pay_and_issue", args=[dossier.pk])


@pytest.fixture
def other_prices(office: Office, tariff: Tariff) -> None:
    """Besides the standard price: residents pay 5, non-residents 15, a waiver is 0."""
    for category, amount in (
        (TariffCategory.RESIDENT, 5),
        (TariffCategory.NON_RESIDENT, 15),
        (TariffCategory.WAIVER, 0),
    ):
        Tariff.objects.create(
            office=office,
            category=category,
            amount=Decimal(amount),
            valid_from=datetime.date(2020, 1, 1),
            regulation="Retributiereglement",
        )


@pytest.fixture
def new_price(office: Office, tariff: Tariff) -> Tariff:
    """A price of 12 euros, which begins by itself at New Year."""
    tariff.valid_until = datetime.date(2026, 12, 31)
    tariff.save()
    return Tariff.objects.create(
        office=office,
        amount=Decimal(12),
        valid_from=datetime.date(2027, 1, 1),
        regulation="Retributiereglement 2027",
    )


def typed(**changes: str) -> dict[str, str]:
    form = {"submission": str(uuid.uuid4()), "method": "cash", "tendered": "20"}
    return form | changes


def shown_price(page: str) -> str:
    """The price in the form's hidden field, which says what the clerk was shown."""
    field = re.search(r'name="shown" value="([^"]*)"', page)
    assert field
    return field[1]


def test_one_price_is_no_choice(els_client: Client, url: str) -> None:
    assert 'name="category"' not in els_client.get(url).content.decode()


@pytest.mark.usefixtures("other_prices")
def test_of_several_the_clerk_chooses_by_key(els_client: Client, url: str) -> None:
    page = els_client.get(url).content
    text = text_of(page)
    for key, price in enumerate(("10.00", "5.00", "15.00"), start=1):
        assert f"€ {price} Alt {key}" in text
        assert f'data-price="{price}" data-hotkey="{key}"' in page.decode()
    assert "Alt 4" not in text
    # No price is chosen beforehand, so that the clerk has to choose one.
    assert 'data-amount=""' in page.decode()
    radios = re.findall(r'<input[^>]*name="category"[^>]*>', page.decode())
    assert len(radios) == 3
    assert not [radio for radio in radios if " checked" in radio]


@pytest.mark.usefixtures("other_prices")
@pytest.mark.parametrize(
    ("category", "amount"), [("standard", 10), ("resident", 5), ("non_resident", 15)]
)
def test_the_chosen_price_is_what_is_booked(
    els_client: Client, url: str, category: str, amount: int
) -> None:
    assert els_client.post(url, typed(category=category)).status_code == 303
    payment = Payment.objects.get()
    assert (payment.amount, payment.tariff.category) == (Decimal(amount), category)


@pytest.mark.usefixtures("other_prices")
@pytest.mark.parametrize("category", ["", "waiver", "free", "\0"])
def test_what_is_no_category_is_asked_again(
    els_client: Client, url: str, category: str
) -> None:
    answer = els_client.post(url, typed(category=category))
    assert answer.status_code == 422
    assert answer.context["form"].errors["category"]
    assert 'value="20"' in answer.content.decode()
    assert not Payment.objects.exists()


@pytest.mark.usefixtures("other_prices")
def test_no_service_takes_the_first_price_for_granted(
    dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    at = timezone.now()
    with pytest.raises(PriceChangedError):
        take_payment(
            dossier=dossier,
            clerk=els,
            method=Method.CASH,
            tendered=Decimal(20),
            terminal_slip="",
            submission=uuid.uuid4(),
            at=at,
        )
    with pytest.raises(PriceChangedError):
        waive_fee(
            dossier=dossier,
            clerk=els,
            supervisor=sofie,
            reason=WaiverReason.DECISION,
            submission=uuid.uuid4(),
            at=at,
        )
    assert not Payment.objects.exists()


@pytest.mark.usefixtures("other_prices")
def test_what_is_waived_is_chosen_too(els: Clerk, url: str) -> None:
    page = signed_in(els).get(url.replace("pay", "waive")).content.decode()
    radios = re.findall(r'<input[^>]*name="category"[^>]*>', page)
    assert len(radios) == 3
    assert not [radio for radio in radios if " checked" in radio]


@pytest.mark.usefixtures("other_prices")
@pytest.mark.parametrize(
    "address", ["/en/", "/en/keys/no-key/", f"/en/a/{'A' * 64}"], ids=str
)
def test_the_public_reads_every_price_with_whom_it_is_for(address: str) -> None:
    text = text_of(Client().get(address).content)
    for line in (
        "Standard price 10 euros",
        "If you live in the municipality 5 euros",
        "If you live elsewhere 15 euros",
        "If you are exempt under the regulation free of charge",
    ):
        assert line in text


@pytest.mark.usefixtures("tariff")
def test_a_single_price_is_told_without_a_name(office: Office) -> None:
    text = text_of(Client().get("/en/").content)
    assert "10 euros" in text
    assert "Standard price" not in text


@pytest.mark.usefixtures("other_prices")
def test_a_price_of_another_category_alone_is_told_too(tariff: Tariff) -> None:
    """An office may have prices for residents and others, and none for everybody."""
    tariff.delete()
    text = text_of(Client().get("/en/").content)
    assert "If you live in the municipality 5 euros" in text
    assert "Standard price" not in text


@pytest.mark.usefixtures("other_prices")
def test_the_amount_follows_the_choice_and_not_the_browser(
    els_client: Client, url: str
) -> None:
    form = typed(category="non_resident", tendered="10", amount="1")
    answer = els_client.post(url, form)
    assert answer.status_code == 422
    assert answer.context["form"].errors["tendered"]
    assert 'data-amount="15.00"' in answer.content.decode()


@pytest.mark.usefixtures("new_price")
def test_a_new_price_holds_from_midnight_in_brussels(els: Clerk, url: str) -> None:
    for at, amount in ((NEW_YEAR - SECOND, "10.00"), (NEW_YEAR, "12.00")):
        with time_machine.travel(at, tick=False):
            page = signed_in(els).get(url).content.decode()
        assert f'data-amount="{amount}"' in page


@pytest.mark.usefixtures("new_price")
def test_a_price_that_changed_under_the_page_is_shown_before_it_is_charged(
    els: Clerk, url: str
) -> None:
    """The clerk read 10 euros and typed 10 on the terminal, so 12 is not booked."""
    with time_machine.travel(NEW_YEAR - SECOND, tick=False):
        client = signed_in(els)
        shown = shown_price(client.get(url).content.decode())
    form = typed(method="card", terminal_slip="A-17", shown=shown, document_seen="on")
    with time_machine.travel(NEW_YEAR, tick=False):
        answer = client.post(url, form)
        assert answer.status_code == 422
        assert not Payment.objects.exists()
        again = answer.content.decode()
        assert 'data-amount="12.00"' in again
        assert f'value="{form["submission"]}"' in again
        form["shown"] = shown_price(again)
        assert client.post(url, form).status_code == 303
    assert Payment.objects.get().amount == Decimal("12.00")
