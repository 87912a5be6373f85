"""The close of a day on the screen, on paper and in the accounting's file."""

import datetime
import io
import uuid
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from counter.models import Clerk, Dossier, Office
from payments.closing.day import close_of_day, day_bounds
from payments.drawers.denominations import fewest
from payments.drawers.drawers import (
    approve_drawer,
    close_drawer,
    count_drawer,
    deposit,
)
from payments.enums import Method
from payments.models import DrawerSession
from tests import cast
from tests.payments.closing.test_export import approved_drawer, closed_drawer
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
    # Within one time zone, Python's subtraction ignores the change of the clock.
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


def test_the_paper_says_the_same(office: Office, sofie_client: Client) -> None:
    address = reverse("payments_closing:day_paper", args=(TODAY().isoformat(),))
    reader = PdfReader(io.BytesIO(sofie_client.get(address).content))
    text = reader.pages[0].extract_text()
    with translation.override("en"):
        assert "Balanced." in text


def export(client: Client, drawer: DrawerSession) -> str:
    """Press the button of the export; return the page that the browser then shows."""
    address = reverse("payments_closing:export_drawer", args=(drawer.pk,))
    answer = client.post(address, {"day": TODAY().isoformat()}, follow=True)
    assert answer.redirect_chain[0][1] == 303
    return answer.content.decode()


def test_a_batch_is_told_with_its_file_and_fetched_again(
    els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    text = export(sofie_client, approved_drawer(els, sofie))
    address = reverse("payments_closing:batch", args=(1,))
    assert "Batch 1 is made." in text
    assert f'<a href="{address}" data-fetch-now>export-{els.office_id}-00001' in text
    assert "drawer of els" in text
    first, again = (sofie_client.get(address).content for _ in range(2))
    assert first == again
    assert b"Retributie activatiecode" in first


def test_only_an_approved_drawer_is_offered_for_export(
    els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    drawer = closed_drawer(els)
    address = reverse("payments_closing:export_drawer", args=(drawer.pk,))
    assert address not in page(sofie_client)
    assert "Only an approved drawer is exported." in export(sofie_client, drawer)
    sofie_client.post(
        reverse("payments_drawers:approve_drawer", args=(drawer.pk,)),
        {"count": "1", "sealed_bag": "Z-7"},
    )
    assert address in page(sofie_client)


def test_the_cards_of_today_are_exported_and_later_ones_offered_again(
    dossier: Dossier, els: Clerk, sofie_client: Client
) -> None:
    address = reverse("payments_closing:export_day", args=(TODAY().isoformat(),))
    assert address not in page(sofie_client)  # nothing to export
    paid(dossier, els)
    assert "Export the cards of this day" in page(sofie_client)
    answer = sofie_client.post(address, follow=True)
    assert "Batch 1 is made." in answer.content.decode()
    assert address not in page(sofie_client)
    person = cast.make_applicant(number=cast.MARIE_NUMBER)
    paid(cast.make_dossier(person, els, email="p@example.org"), els)
    assert "Export 1 card payment" in page(sofie_client)


def test_an_export_of_no_day_is_not_found(els: Clerk, sofie_client: Client) -> None:
    drawer = DrawerSession.objects.with_clerk(els).get()
    address = reverse("payments_closing:export_drawer", args=(drawer.pk,))
    assert sofie_client.post(address, {"day": "morgen"}).status_code == 404


def test_bags_and_deposits_are_named(
    office: Office, els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    deposit(
        drawer=DrawerSession.objects.with_clerk(els).get(),
        clerk=els,
        amount=Decimal(40),
        reference="Z-40",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )
    drawer = DrawerSession.objects.with_clerk(els).get()
    at = timezone.now()
    count_drawer(drawer=drawer, clerk=els, counts=fewest(Decimal(60)), at=at)
    closed = close_drawer(drawer=drawer, count=1, clerk=els, reason="", at=at)
    approve_drawer(drawer=closed, count=1, supervisor=sofie, sealed_bag="Z-60", at=at)
    day = close_of_day(office=office, date=TODAY())
    assert [(bag.reference, bag.by, bag.amount) for bag in day.bags] == [
        ("Z-40", "els", Decimal(40)),
        ("Z-60", "sofie", Decimal(60)),
    ]
    for text in (page(sofie_client), paper(sofie_client)):
        assert "Z-40" in text
        assert "Z-60" in text


def paper(client: Client) -> str:
    address = reverse("payments_closing:day_paper", args=(TODAY().isoformat(),))
    reader = PdfReader(io.BytesIO(client.get(address).content))
    return "\n".join(each.extract_text() for each in reader.pages)


def test_clerks_are_called_by_their_names_and_two_alike_told_apart(
    dossier: Dossier, els: Clerk, bart: Clerk, sofie_client: Client
) -> None:
    paid(dossier, els)
    person = cast.make_applicant(number=cast.MARIE_NUMBER)
    paid(cast.make_dossier(person, bart, email="p@example.org"), bart)
    for clerk in (els, bart):
        clerk.first_name, clerk.last_name = "An", "Claes"
        clerk.save()
    bart.refresh_from_db()
    text = page(sofie_client)
    assert "An Claes (els)" in text
    assert "An Claes (bart)" in text
    bart.first_name = "Bart"
    bart.save()
    assert "An Claes (els)" not in page(sofie_client)
    assert "Bart Claes" in paper(sofie_client)


def test_who_counted_has_a_line_to_sign_on_screen_and_paper(
    els: Clerk, sofie_client: Client
) -> None:
    els.first_name, els.last_name = "Els", "Peeters"
    els.save()
    closed_drawer(els)
    screen = page(sofie_client)
    signatures = screen[screen.index('class="table signatures"') :]
    assert "Els Peeters" in signatures
    assert "Finance service" in signatures
    assert "Signature" in paper(sofie_client)


def test_what_does_not_balance_is_marked_in_colour_and_in_words(
    office: Office, sofie_client: Client
) -> None:
    assert 'class="verdict verdict-good"' in page(sofie_client)
    cast.make_clerk("rik", office, desk="")  # with a drawer that is open
    assert 'class="verdict verdict-bad"' in page(sofie_client)
    assert "Not balanced, because:" in paper(sofie_client)


def test_how_many_is_no_number_in_dutch(office: Office) -> None:
    day = close_of_day(office=office, date=TODAY())
    with translation.override("nl"):
        text = render_to_string("payments/closing/_day.html", {"day": day})
    assert ">Aantal</th>" in text
    assert ">Nummer</th>" not in text


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
