"""Which price is booked when a free code becomes a paid one, or a paid one free."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes.issuing import waive_and_issue
from counter.models import Clerk, Dossier, Office
from payments.corrections.right_method import CorrectionRefusedError, RightMethod
from payments.enums import Method, TariffCategory, WaiverReason
from payments.exceptions import PriceChangedError
from payments.models import DrawerSession, Payment, Tariff
from tests import cast
from tests.litany import signed_in
from tests.payments.corrections.methods import CASH, FREE, corrected
from tests.payments.days import NINE
from tests.payments.people import dossiers

pytestmark = pytest.mark.usefixtures("english")

EXEMPT = RightMethod(method=Method.WAIVER, waiver_reason=WaiverReason.REGULATION)


@pytest.fixture
def free(office: Office) -> Tariff:
    """The tariff of people who pay nothing under the regulation."""
    return cast.make_tariff(office, "0.00", category=TariffCategory.WAIVER)


@pytest.fixture
def of_others(office: Office) -> Tariff:
    return cast.make_tariff(office, "12.00", category=TariffCategory.NON_RESIDENT)


def exempted(
    dossier: Dossier, clerk: Clerk, supervisor: Clerk, *, at: datetime.datetime
) -> Payment:
    waive_and_issue(
        dossier=dossier,
        clerk=clerk,
        supervisor=supervisor,
        reason=WaiverReason.REGULATION,
        document_seen=True,
        submission=uuid.uuid4(),
        at=at,
    )
    return cast.payment_of(dossier)


@pytest.fixture
def exempt(nadia: Clerk, sofie: Clerk, drawer: DrawerSession, free: Tariff) -> Payment:
    return exempted(dossiers(nadia, 1)[0], nadia, sofie, at=NINE)


def test_of_several_prices_the_one_that_was_paid_is_booked(
    exempt: Payment, sofie: Clerk, of_others: Tariff
) -> None:
    with pytest.raises(PriceChangedError):
        corrected(exempt, CASH, sofie)
    paid = RightMethod(method=Method.CASH, category=TariffCategory.NON_RESIDENT)
    made = corrected(exempt, paid, sofie)
    assert (made.tariff, made.amount) == (of_others, Decimal(12))


def test_an_exemption_is_of_the_free_tariff(
    in_cash: Payment, sofie: Clerk, free: Tariff
) -> None:
    made = corrected(in_cash, EXEMPT, sofie)
    assert (made.tariff, made.amount) == (free, Decimal(0))


def test_a_waiver_for_another_reason_is_put_right(
    exempt: Payment, sofie: Clerk, tariff: Tariff, free: Tariff
) -> None:
    """It was the office's own mistake: no exemption, so the free tariff is not it."""
    mistake = corrected(exempt, FREE, sofie)
    assert mistake.waiver_reason == WaiverReason.OUR_MISTAKE
    assert (mistake.tariff, mistake.amount) == (tariff, Decimal(0))
    with pytest.raises(CorrectionRefusedError, match="booked already"):
        corrected(mistake, FREE, sofie)
    back = corrected(mistake, EXEMPT, sofie)
    assert (back.waiver_reason, back.tariff) == (WaiverReason.REGULATION, free)


def test_the_page_takes_another_reason_and_asks_which_price_is_waived(
    exempt: Payment, els: Clerk, sofie: Clerk, of_others: Tariff
) -> None:
    url = reverse("payments_corrections:correct", args=(exempt.dossier_id,))
    client = signed_in(sofie)
    sent = {"payment": str(exempt.pk), "method": "waiver"}
    same = client.post(url, sent | {"waiver_reason": "regulation"})
    assert "booked already" in same.content.decode()
    sent |= {"waiver_reason": "our_mistake"}
    assert list(client.post(url, sent).context["form"].errors) == ["category"]
    sent |= {"category": "non_resident"}
    # The form sent again changes nothing; with another reason that is told.
    for reason, tags in (
        ("our_mistake", ["success"]),
        ("our_mistake", []),
        ("decision", ["warning"]),
    ):
        answer = client.post(url, sent | {"waiver_reason": reason}, follow=True)
        levels = [message.level_tag for message in answer.context["messages"]]
        assert levels == tags
    made = cast.payment_of(exempt.dossier)
    assert (made.waiver_reason, made.tariff) == ("our_mistake", of_others)


@pytest.mark.parametrize("method", ["cash", "card"])
def test_the_page_asks_which_of_several_prices_was_paid(
    dossier: Dossier,
    els: Clerk,
    sofie: Clerk,
    tariff: Tariff,
    free: Tariff,
    of_others: Tariff,
    method: str,
) -> None:
    payment = exempted(dossier, els, sofie, at=timezone.now())
    url = reverse("payments_corrections:correct", args=(dossier.pk,))
    client: Client = signed_in(sofie)
    assert "Non-resident: €\N{NO-BREAK SPACE}12.00" in client.get(url).content.decode()
    sent = {"payment": str(payment.pk), "method": method, "terminal_slip": "B-1"}
    for category in ("", "waiver"):
        answer = client.post(url, sent | {"category": category})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["category"]
    answer = client.post(url, sent | {"category": "non_resident"})
    assert answer.status_code == 303
    made = cast.payment_of(dossier)
    assert (made.method, made.tariff) == (method, of_others)
    # Send the same form again: with the price that was booked (its messages are still
    # those of the first time) and with another price.
    for category, tags in (("non_resident", ["success"]), ("standard", ["warning"])):
        again = client.post(url, sent | {"category": category}, follow=True)
        levels = [message.level_tag for message in again.context["messages"]]
        assert levels == tags


def test_of_one_price_and_of_a_price_that_was_charged_nothing_is_asked(
    dossier: Dossier, els: Clerk, sofie: Clerk, tariff: Tariff, free: Tariff
) -> None:
    payment = exempted(dossier, els, sofie, at=timezone.now())
    url = reverse("payments_corrections:correct", args=(dossier.pk,))
    client: Client = signed_in(sofie)
    assert "category" not in client.get(url).context["form"].fields
    sent = {"payment": str(payment.pk), "method": "cash"}
    assert client.post(url, sent).status_code == 303
    cast.make_tariff(dossier.office, "12.00", category=TariffCategory.NON_RESIDENT)
    assert "category" not in client.get(url).context["form"].fields
