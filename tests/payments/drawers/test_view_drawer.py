"""The clerk's drawer on the screen, from its float to the supervisor's approval."""

import re
import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import Role
from counter.models import Clerk, Dossier, Office
from payments.drawers import drawers
from payments.enums import DrawerState, Method
from payments.exceptions import DrawerRefusedError
from payments.models import DrawerMovement, DrawerSession, Payment, Terminal
from tests import cast
from tests.activation.helpers import text_of
from tests.counter.staff.hands import closed
from tests.litany import assert_for_clerks_only, signed_in
from tests.payments.money_back import give_back, hand_over
from tests.payments.reversals.test_service_handing_over import agreed
from tests.payments.reversals.test_service_reversing import paid

OPEN, COUNT, CLOSE, DEPOSIT, DRAWER = (
    reverse(f"payments_drawers:{name}")
    for name in ("open_drawer", "count_drawer", "close_drawer", "deposit", "drawer")
)


@pytest.fixture
def desk(nadia: Clerk) -> Client:
    return signed_in(nadia)


@pytest.mark.parametrize("url", [OPEN, COUNT, CLOSE, DEPOSIT, DRAWER])
def test_the_drawer_is_for_clerks(db: None, url: str) -> None:
    assert_for_clerks_only(url)


def counted(**pieces: str) -> dict[str, str]:
    return {name.replace("of_", "pieces_"): number for name, number in pieces.items()}


def test_a_drawer_opens_with_a_counted_float(desk: Client, nadia: Clerk) -> None:
    assert OPEN in desk.get(DRAWER).content.decode()
    page = desk.get(OPEN).content.decode()
    assert page.count("data-cents") == 15
    answer = desk.post(OPEN, counted(of_2000="2", of_1000="4", of_500="4", of_1="3"))
    assert (answer.status_code, answer["Location"]) == (303, DRAWER)
    drawer = DrawerSession.objects.get(clerk=nadia)
    assert drawer.opening_float == Decimal("100.03")
    assert drawer.opening_counts == {"2000": 2, "1000": 4, "500": 4, "1": 3}
    assert drawer.desk == "Loket 3"
    assert "100.03" in desk.get(DRAWER).content.decode()


@pytest.mark.parametrize(
    "typed",
    [{}, {"of_500": "-1"}, {"of_500": "many"}, {"of_500": "1.5"}, {"of_500": "2001"}],
)
def test_what_is_no_count_comes_back(
    desk: Client, nadia: Clerk, typed: dict[str, str]
) -> None:
    answer = desk.post(OPEN, counted(of_20="7", **typed) if typed else {})
    assert answer.status_code == 422
    if typed:
        assert 'value="7"' in answer.content.decode()
    assert not DrawerSession.objects.filter(clerk=nadia).exists()


def test_cash_without_a_drawer_leads_to_one_and_back(
    desk: Client, nadia: Clerk, dossier: Dossier
) -> None:
    pay = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    assert f"{OPEN}?next={pay}" in desk.get(pay).content.decode()
    form = {"submission": str(uuid.uuid4()), "method": "cash", "tendered": "20"}
    answer = desk.post(pay, form)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f"{OPEN}?next={pay}" in page
    assert 'value="20"' in page
    assert not Payment.objects.exists()
    answer = desk.post(OPEN, {"next": pay, **counted(of_500="1")})
    assert answer["Location"] == pay
    assert f"{OPEN}?next={pay}" not in desk.get(pay).content.decode()
    assert desk.post(pay, form).status_code == 303
    assert Payment.objects.get().drawer == DrawerSession.objects.get(clerk=nadia)


def test_a_card_needs_no_drawer(desk: Client, dossier: Dossier) -> None:
    pay = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    form = {"submission": str(uuid.uuid4()), "method": "card", "terminal_slip": "A-1"}
    assert desk.post(pay, form).status_code == 303
    assert Payment.objects.get().drawer is None


def test_a_card_names_its_terminal_when_there_are_any(
    desk: Client, dossier: Dossier, office: Office, other_office: Office
) -> None:
    terminal, theirs = (
        Terminal.objects.create(office=where, name="Terminal", number="1")
        for where in (office, other_office)
    )
    pay = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    form = {"submission": str(uuid.uuid4()), "method": "card", "terminal_slip": "0017"}
    for wrong in ("", str(theirs.pk)):
        assert desk.post(pay, {**form, "terminal": wrong}).status_code == 422
    assert desk.post(pay, {**form, "terminal": str(terminal.pk)}).status_code == 303
    assert Payment.objects.get().terminal == terminal


def test_no_drawer_leads_out_of_the_house(desk: Client) -> None:
    answer = desk.post(OPEN, {"next": "https://evil.example/", **counted(of_500="1")})
    assert answer["Location"] == DRAWER


def test_cash_goes_to_the_safe(els: Clerk, els_client: Client) -> None:
    form = {"submission": str(uuid.uuid4()), "amount": "60,00", "reference": "Z-1"}
    for _ in range(2):
        assert els_client.post(DEPOSIT, form).status_code == 303
    assert DrawerMovement.objects.get().amount == Decimal(60)
    assert "Z-1" in els_client.get(DRAWER).content.decode()
    form = {"submission": str(uuid.uuid4()), "amount": "60", "reference": ""}
    assert els_client.post(DEPOSIT, form).status_code == 409
    assert els_client.post(DEPOSIT, {**form, "amount": "0"}).status_code == 422


def test_the_count_is_blind_and_the_difference_has_a_reason(
    els: Clerk, els_client: Client, dossier: Dossier
) -> None:
    pay = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    form = {"submission": str(uuid.uuid4()), "method": "cash", "tendered": "10"}
    els_client.post(pay, form)
    for page in (DRAWER, COUNT):
        # Only the text: a hidden identifier may have the same digits by chance.
        assert "110" not in text_of(els_client.get(page).content)
    answer = els_client.post(COUNT, counted(of_5000="2", of_500="1"))
    assert (answer.status_code, answer["Location"]) == (303, CLOSE)
    page = els_client.get(CLOSE).content.decode()
    for amount in ("110.00", "105.00", "-5.00"):
        assert amount in page
    assert els_client.post(CLOSE, {"count": "1", "reason": " "}).status_code == 422
    answer = els_client.post(CLOSE, {"count": "1", "reason": "Gave 5 euros too much"})
    assert (answer.status_code, answer["Location"]) == (303, DRAWER)
    drawer = DrawerSession.objects.get(clerk=els)
    assert drawer.state == DrawerState.CLOSED
    assert drawer.difference_reason == "Gave 5 euros too much"


def test_a_right_count_closes_without_a_question(
    els: Clerk, els_client: Client
) -> None:
    els_client.post(COUNT, counted(of_5000="2"))
    assert 'type="text" name="reason"' not in els_client.get(CLOSE).content.decode()
    assert els_client.post(CLOSE, {"count": "1", "reason": ""}).status_code == 303
    assert DrawerSession.objects.get(clerk=els).state == DrawerState.CLOSED
    assert els_client.get(OPEN).status_code == 200


def test_a_count_is_not_lost_while_a_refund_is_open(
    els: Clerk, sofie: Clerk, els_client: Client, dossier: Dossier
) -> None:
    """The page warns before the count, and keeps the figures when it is refused."""
    reversal = agreed(paid(dossier, els, Method.CASH), els, sofie, at=timezone.now())
    page = els_client.get(COUNT)
    assert isinstance(page.context["refusal"], DrawerRefusedError)
    answer = els_client.post(COUNT, counted(of_5000="2", of_500="2"))
    assert answer.status_code == 409
    assert [answer.context["form"].counts[cents] for cents in ("5000", "500")] == [2, 2]
    drawer = DrawerSession.objects.get(clerk=els)
    assert drawer.is_open
    hand_over(reversal, els, at=timezone.now())
    assert els_client.get(COUNT).context["refusal"] is None
    assert els_client.post(COUNT, counted(of_5000="2")).headers["Location"] == CLOSE


def test_the_supervisor_finds_it_and_signs(
    els: Clerk, els_client: Client, sofie_client: Client, sofie: Clerk
) -> None:
    els_client.post(COUNT, counted(of_5000="2"))
    els_client.post(CLOSE, {"count": "1", "reason": ""})
    drawer = DrawerSession.objects.get(clerk=els)
    approve = reverse("payments_drawers:approve_drawer", args=[drawer.pk])
    assert approve in sofie_client.get(DRAWER).content.decode()
    admin = reverse("admin:payments_drawersession_change", args=[drawer.pk])
    assert approve in sofie_client.get(admin).content.decode()
    assert approve not in els_client.get(DRAWER).content.decode()
    assert (
        els_client.post(approve, {"count": "1", "sealed_bag": "Z-9"}).status_code == 403
    )
    assert (
        sofie_client.post(approve, {"count": "1", "sealed_bag": ""}).status_code == 409
    )
    answer = sofie_client.post(approve, {"count": "1", "sealed_bag": "Z-9"})
    today = timezone.localdate().isoformat()
    day = reverse("payments_closing:day", args=[today])
    assert (answer.status_code, answer["Location"]) == (303, day)
    drawer.refresh_from_db()
    assert (drawer.approved_by, drawer.sealed_bag) == (sofie, "Z-9")
    assert (
        sofie_client.post(approve, {"count": "1", "sealed_bag": "Z-10"}).status_code
        == 409
    )
    assert approve not in sofie_client.get(DRAWER).content.decode()


def test_who_is_above_the_offices_comes_to_the_close_of_its_office(
    els: Clerk, office: Office
) -> None:
    above = cast.make_clerk("rik", None, desk="", role=Role.SUPERVISOR)
    Clerk.objects.filter(pk=above.pk).update(is_superuser=True)
    drawer = closed(els)
    approve = reverse("payments_drawers:approve_drawer", args=[drawer.pk])
    client = signed_in(above)
    answer = client.post(approve, {"count": "1", "sealed_bag": "Z-9"})
    today = timezone.localdate().isoformat()
    day = reverse("payments_closing:day", args=[today])
    assert answer.headers["Location"] == f"{day}?office={office.pk}"
    page = client.get(approve)
    assert page.status_code == 200
    assert f'href="{day}?office={office.pk}"' in page.text


def test_who_approves_sees_what_the_drawer_is_made_of(
    els: Clerk, sofie: Clerk, sofie_client: Client, dossier: Dossier
) -> None:
    """Its cash, refunds and deposits, and how many of each note and coin it has."""
    drawer = DrawerSession.objects.with_clerk(els).get()
    kept, returned = (
        paid(one, els, Method.CASH)
        for one in (
            dossier,
            cast.make_dossier(
                cast.make_applicant(number=cast.MARIE_NUMBER), els, email="p@e.org"
            ),
        )
    )
    give_back(returned, els, sofie, at=timezone.now())
    drawers.deposit(
        drawer=drawer,
        clerk=els,
        amount=Decimal(50),
        reference="Z-50",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )
    at = timezone.now()
    drawers.count_drawer(drawer=drawer, clerk=els, counts={"1000": 5, "50": 1}, at=at)
    approve = reverse("payments_drawers:approve_drawer", args=[drawer.pk])
    page = " ".join(re.sub("<[^>]+>", " ", sofie_client.get(approve).text).split())
    assert "Cash of 2 payments € 20.00" in page
    assert f"Given back: {returned.receipt.label}" in page
    assert kept.receipt.label not in page
    assert "To the safe: Z-50" in page
    assert "Expected € 60.00 Counted € 50.50" in page
    assert "Too little in the drawer € -9.50" in page
    # Pieces in the float, pieces counted, and what those are worth.
    assert "€ 10.00 4 5 € 50.00" in page
    assert "€ 0.50 0 1 € 0.50" in page
