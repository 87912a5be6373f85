"""Two offices: each page shows its own prices, hours and phone, and no other's."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activation.enums import KeyKind
from activation.public import form_stamp
from counter.models import Dossier, Enquiry, Office, OpeningHours
from tests import cast
from tests.activation.helpers import open_link, text_of
from tests.activation.holder.helpers import make_holder, make_key, sign_in

PHONE_A, PHONE_B = "016 27 27 27", "02 555 00 00"
HELP_A, HELP_B = "02 740 79 91", "02 555 00 99"


@pytest.fixture
def leuven(office: Office) -> Office:
    OpeningHours.objects.create(office=office, weekday=0, opens="09:00", closes="12:30")
    cast.make_tariff(office, "10.00")
    return office


@pytest.fixture
def elsewhere(leuven: Office, other_office: Office) -> Office:
    other_office.phone, other_office.help_phone = PHONE_B, HELP_B
    other_office.email = "elders@example.org"
    other_office.save()
    OpeningHours.objects.create(
        office=other_office, weekday=0, opens="13:15", closes="19:45"
    )
    cast.make_tariff(other_office, "17.00")
    return other_office


def stamp() -> str:
    return form_stamp.make(at=timezone.now() - datetime.timedelta(minutes=1))


def links_to(page: str) -> set[str]:
    return set(re.findall(r'href="(/en/[^"?]*)', page))


def test_each_information_page_shows_its_own_prices_hours_and_phone(
    client: Client, leuven: Office, elsewhere: Office
) -> None:
    first = text_of(client.get(f"/en/{leuven.slug}/").content)
    second = text_of(client.get(f"/en/{elsewhere.slug}/").content)
    for own in (PHONE_A, HELP_A, "10 euros", "12.30"):
        assert own in first
        assert own not in second
    for own in (PHONE_B, HELP_B, "17 euros", "19.45"):
        assert own in second
        assert own not in first


@pytest.mark.parametrize(
    "page", ["", "contact/", "contact/sent/", "report/", "report/sent/"]
)
def test_a_page_of_an_office_shows_no_other_and_its_links_stay_there(
    client: Client, leuven: Office, elsewhere: Office, page: str
) -> None:
    shown = client.get(f"/en/{elsewhere.slug}/{page}").text
    assert HELP_B in shown
    assert PHONE_A not in shown
    assert HELP_A not in shown
    assert leuven.email not in shown
    here = ("/en/keys/", f"/en/{elsewhere.slug}/")
    assert [link for link in links_to(shown) if not link.startswith(here)] == []


@pytest.mark.parametrize("page", ["", "contact/", "report/"])
def test_an_address_without_an_office_lets_choose_and_goes_on_to_the_same_page(
    client: Client, leuven: Office, elsewhere: Office, page: str
) -> None:
    answer = client.get(f"/en/{page}?page=activation_public%3Ainformation")
    shown = answer.text
    assert "Choose your office" in shown
    for office in (leuven, elsewhere):
        assert office.name in shown
        assert f"/en/{office.slug}/{page}?page=activation_public%3Ainformation" in shown
    for phone in (PHONE_A, PHONE_B, HELP_A, HELP_B):
        assert phone not in shown


def test_a_question_goes_to_the_office_of_the_page(
    client: Client, elsewhere: Office
) -> None:
    message = {"text": "When?", "name": "", "email": "", "website": ""}
    address = f"/en/{elsewhere.slug}/contact/"
    answer = client.post(address, message | {"stamp": stamp()})
    assert answer["Location"] == f"{address}sent/"
    assert Enquiry.objects.get().office == elsewhere
    back = client.get(
        f"/en/{elsewhere.slug}/report/sent/?page=activation_public%3Acontact"
    )
    assert f'href="{address}"' in back.text


def test_a_form_that_was_open_when_a_second_office_came_is_not_sent_and_says_so(
    client: Client, elsewhere: Office
) -> None:
    answer = client.post("/en/contact/", {"text": "When?", "stamp": stamp()})
    assert answer.status_code == 409
    assert "was not sent" in answer.text
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("page", ["", "contact/", "report/"])
def test_an_unknown_office_is_not_found(
    client: Client, leuven: Office, page: str
) -> None:
    assert client.get(f"/en/nowhere/{page}").status_code == 404


def test_with_one_office_every_address_is_plain(client: Client, leuven: Office) -> None:
    for page in ("", "contact/", "contact/sent/", "report/", "report/sent/"):
        shown = client.get(f"/en/{page}")
        assert shown.status_code == 200
        assert leuven.slug not in shown.text
        slugged = client.get(
            f"/en/{leuven.slug}/{page}?page=activation_public%3Acontact"
        )
        assert slugged["Location"] == f"/en/{page}?page=activation_public%3Acontact"


@pytest.mark.parametrize(
    "page",
    [
        "keys/sign-in/",
        "keys/forgotten/",
        "keys/no-key/",
        "keys/forgotten/mail/nothing/",
        "a/",
        "a/nothing-of-ours/",
    ],
)
def test_a_page_that_belongs_to_no_office_leads_to_the_list_of_them(
    client: Client, leuven: Office, elsewhere: Office, page: str
) -> None:
    shown = client.get(f"/en/{page}").text
    for phone in (PHONE_A, PHONE_B, HELP_A, HELP_B, leuven.name, elsewhere.name):
        assert phone not in shown
    assert "phone number of your office" in shown
    assert 'href="/en/"' in shown


def test_with_one_office_those_pages_show_its_phone(
    client: Client, leuven: Office
) -> None:
    shown = client.get("/en/keys/sign-in/").text
    assert HELP_A in shown
    assert "phone number of your office" not in shown


def test_before_set_up_there_is_nothing_to_choose(client: Client, db: None) -> None:
    assert "Choose your office" not in client.get("/en/").text
    assert client.get("/en/contact/").status_code == 404
    assert "your office" not in client.get("/en/keys/sign-in/").text


@pytest.fixture
def visit_elsewhere(elsewhere: Office) -> Dossier:
    """The dossier of somebody who came to the second office."""
    clerk = cast.make_clerk("noor", elsewhere, desk="Loket 9")
    return cast.make_dossier(cast.make_applicant(), clerk)


def test_a_link_of_an_office_shows_that_office_all_the_way(
    client: Client, visit_elsewhere: Dossier
) -> None:
    code, _ = cast.make_code(visit_elsewhere, visit_elsewhere.recorded_by)
    open_link(client, code)
    for page in ("/en/a/", "/en/a/?link=of-somebody-else"):
        shown = client.get(page).text
        assert HELP_B in shown
        assert HELP_A not in shown
        assert f'href="/en/{visit_elsewhere.office.slug}/"' in shown


def test_whoever_is_signed_in_sees_their_own_office(
    client: Client, visit_elsewhere: Dossier
) -> None:
    clerk = visit_elsewhere.recorded_by
    sign_in(client, make_key(make_holder(visit_elsewhere, clerk), KeyKind.APP))
    for page in ("/en/keys/", "/en/keys/no-key/"):
        shown = client.get(page).text
        assert HELP_B in shown
        assert HELP_A not in shown


def test_who_left_without_signing_out_decides_no_office(
    client: Client, visit_elsewhere: Dossier
) -> None:
    clerk = visit_elsewhere.recorded_by
    sign_in(client, make_key(make_holder(visit_elsewhere, clerk), KeyKind.APP))
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        for page in ("/en/keys/no-key/", "/en/a/"):
            assert HELP_B not in client.get(page).text


def test_an_account_and_a_link_of_two_offices_decide_none(
    client: Client, visit_elsewhere: Dossier, leuven: Office
) -> None:
    clerk = visit_elsewhere.recorded_by
    sign_in(client, make_key(make_holder(visit_elsewhere, clerk), KeyKind.APP))
    there = cast.make_clerk("gust", leuven, desk="Loket 1")
    person = cast.make_applicant(number=cast.MARIE_NUMBER)
    code, _ = cast.make_code(
        cast.make_dossier(person, there, email="marie@example.org"), there
    )
    open_link(client, code)
    shown = client.get("/en/a/?link=of-somebody-else").text
    for phone in (HELP_A, HELP_B):
        assert phone not in shown


def test_more_offices_ask_the_database_no_more(
    client: Client, leuven: Office, elsewhere: Office
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/en/").status_code == 200
        return len(asked)

    with_two = queries()
    for number in range(3):
        cast.make_office(f"Stadskantoor {number}")
    assert queries() == with_two


@pytest.mark.parametrize("page", ["contact/", "report/"])
def test_a_list_in_the_place_of_another_page_is_not_indexed(
    client: Client, leuven: Office, elsewhere: Office, page: str
) -> None:
    assert "noindex" in client.get(f"/en/{page}").text
    assert "noindex" not in client.get("/en/").text
