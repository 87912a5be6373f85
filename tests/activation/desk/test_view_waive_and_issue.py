"""A code without a fee takes a reason and a supervisor, at the clerk's own screen."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, Office
from payments.enums import TariffCategory
from payments.models import Payment, Tariff
from tests import cast
from tests.counter import app
from tests.litany import assert_for_clerks_only, assert_hidden_from, signed_in


def url(dossier: Dossier) -> str:
    return reverse("activation_desk:waive_and_issue", args=[dossier.pk])


def form(**changes: str) -> dict[str, str]:
    return {
        "submission": str(uuid.uuid4()),
        "reason": "our_mistake",
        "supervisor_name": "sofie",
        "supervisor_password": cast.PASSWORD,
    } | changes


def test_only_for_clerks_of_the_office(dossier: Dossier, gust: Clerk) -> None:
    assert_for_clerks_only(url(dossier))
    assert_hidden_from(gust, url(dossier))


def test_a_supervisor_agrees_at_the_desk(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    assert els_client.post(url(dossier), form()).status_code == 303
    payment = Payment.objects.get()
    assert (payment.amount, payment.method) == (Decimal(0), "waiver")
    assert (payment.taken_by, payment.approved_by) == (els, sofie)
    assert payment.receipt.number == 1
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CODE_ISSUED
    entries = dossier.journal.order_by("id").values_list("event", "clerk")
    assert list(entries) == [(Event.FEE_WAIVED, sofie.pk), (Event.CODE_ISSUED, els.pk)]


@pytest.fixture
def free(office: Office) -> Tariff:
    """A tariff of nothing, for people whom the regulation exempts from the fee."""
    return cast.make_tariff(office, "0.00", category=TariffCategory.WAIVER)


@pytest.mark.parametrize("reason", ["regulation", "our_mistake", "decision"])
def test_only_the_regulations_exemption_is_of_the_free_tariff(
    dossier: Dossier, sofie: Clerk, tariff: Tariff, free: Tariff, reason: str
) -> None:
    sent = {"submission": str(uuid.uuid4()), "reason": reason}
    assert signed_in(sofie).post(url(dossier), sent).status_code == 303
    assert Payment.objects.get().tariff == (free if reason == "regulation" else tariff)


def test_an_office_without_a_price_lets_people_off_by_its_regulation(
    dossier: Dossier, sofie: Clerk, tariff: Tariff, free: Tariff
) -> None:
    tariff.delete()
    sent = {"submission": str(uuid.uuid4()), "reason": "regulation"}
    assert signed_in(sofie).post(url(dossier), sent).status_code == 303
    assert Payment.objects.get().tariff == free


def test_of_several_prices_the_one_that_is_waived_is_named(
    dossier: Dossier, sofie: Clerk, tariff: Tariff, free: Tariff
) -> None:
    resident = cast.make_tariff(
        dossier.office, "5.00", category=TariffCategory.RESIDENT
    )
    client = signed_in(sofie)
    page = client.get(url(dossier)).content.decode()
    assert "Resident: €\N{NO-BREAK SPACE}5.00" in page
    assert 'value="waiver"' not in page
    sent = {"submission": str(uuid.uuid4()), "reason": "decision"}
    for category in ("", "waiver", "non_resident"):
        answer = client.post(url(dossier), sent | {"category": category})
        assert answer.status_code == 422
    answer = client.post(url(dossier), sent | {"category": "resident"})
    assert answer.status_code == 303
    assert Payment.objects.get().tariff == resident


def test_a_supervisor_at_work_needs_no_second_sign_in(
    dossier: Dossier, sofie: Clerk
) -> None:
    sent = {"submission": str(uuid.uuid4()), "reason": "regulation"}
    assert signed_in(sofie).post(url(dossier), sent).status_code == 303
    assert Payment.objects.get().approved_by == sofie


@pytest.mark.parametrize(
    "changes",
    [
        {"supervisor_password": "raad maar"},
        {"supervisor_name": "bart"},
        {"supervisor_name": "lies"},
        {"supervisor_name": ""},
        {"reason": ""},
    ],
)
def test_without_one_nothing_is_given(
    dossier: Dossier,
    sofie: Clerk,
    bart: Clerk,
    other_office: Office,
    els_client: Client,
    changes: dict[str, str],
) -> None:
    cast.make_clerk("lies", other_office, desk="", role="supervisor")
    assert els_client.post(url(dossier), form(**changes)).status_code == 422
    assert not Payment.objects.exists()


def test_sent_twice_it_is_one(
    dossier: Dossier, sofie: Clerk, els_client: Client
) -> None:
    sent = form()
    for _ in range(2):
        assert els_client.post(url(dossier), sent).status_code == 303
    assert Payment.objects.count() == 1
    assert dossier.codes.count() == 1


def test_another_reason_on_the_same_form_is_not_told_as_booked(
    dossier: Dossier, sofie: Clerk, els_client: Client
) -> None:
    sent = form(reason="our_mistake")
    els_client.post(url(dossier), sent)
    other = sent | {"reason": "decision"}
    page = els_client.post(url(dossier), other, follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["warning"]
    assert Payment.objects.get().waiver_reason == "our_mistake"


@pytest.mark.parametrize("reason", ["regulation", "decision"])
def test_nor_is_another_price(
    dossier: Dossier, sofie: Clerk, tariff: Tariff, free: Tariff, reason: str
) -> None:
    """With the reason "regulation" the free tariff counts, and not the chosen price."""
    cast.make_tariff(dossier.office, "5.00", category=TariffCategory.RESIDENT)
    client = signed_in(sofie)
    sent = {"submission": str(uuid.uuid4()), "reason": reason, "category": "resident"}
    client.post(url(dossier), sent)
    for category, warns in (("resident", False), ("standard", reason == "decision")):
        other = sent | {"category": category}
        page = client.post(url(dossier), other, follow=True)
        levels = [message.level_tag for message in page.context["messages"]]
        assert levels == ["warning"] * warns


def test_sent_twice_with_the_supervisors_digits_it_is_one_too(
    dossier: Dossier, els: Clerk, sofie: Clerk, settings: Settings
) -> None:
    """The digits work once, so the second sending only gets the first answer again."""
    settings.STAFF_SECOND_FACTOR = True
    for clerk in (els, sofie):
        app.set_up(clerk)
    client = app.after_the_password(els)
    client.post(app.CODE, {"digits": app.digits(els)})
    sent = form(supervisor_digits=app.digits(sofie))
    for _ in range(2):
        assert client.post(url(dossier), sent).status_code == 303
    assert Payment.objects.count() == 1
    assert not JournalEntry.objects.filter(event=Event.SIGN_IN_FAILED).exists()
