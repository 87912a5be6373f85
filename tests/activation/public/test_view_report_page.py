"""Reports of something wrong on a page: the supervisor reads them, with its name."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from activation.public import form_stamp
from counter.enums import EnquiryKind, Role
from counter.models import Clerk, Dossier, Enquiry, Office
from notifications.models import Delivery
from tests import cast
from tests.activation.helpers import link, open_link, path
from tests.counter.enquiries.test_handling import marking

URL = "/en/report/"
LIST = "/admin/counter/enquiry/"


def report(**changed: str) -> dict[str, str]:
    shown = timezone.now() - datetime.timedelta(seconds=10)
    return {
        "text": "The hours are wrong.",
        "website": "",
        "stamp": form_stamp.make(at=shown),
        "page": "activation_public:information",
    } | changed


def reported_from(client: Client, address: str) -> str:
    """The page's name in the link at the foot of a page."""
    page = client.get(address).text
    assert "Something wrong or unclear on this page?" in page
    return page.split(f"{URL}?page=")[1].split('"')[0].replace("%3A", ":")


def test_it_is_kept_for_the_supervisor_with_the_page(
    client: Client, office: Office, sofie_client: Client
) -> None:
    answer = client.post(URL, report())
    assert answer["Location"] == "/en/report/sent/?page=activation_public:information"
    assert 'href="/en/"' in client.get(answer["Location"]).text
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.page) == (
        EnquiryKind.REPORT,
        "activation_public:information",
    )
    assert not Delivery.objects.exists()
    assert "activation_public:information" in sofie_client.get(LIST).text
    shown = sofie_client.get(f"{LIST}{enquiry.pk}/change/").text
    assert "The hours are wrong." in shown


def test_every_page_of_the_applicant_leads_to_it_by_its_name(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    code, _text = cast.make_code(dossier, els)
    assert reported_from(client, "/en/") == "activation_public:information"
    assert reported_from(client, "/en/contact/") == "activation_public:contact"
    assert reported_from(client, path("enter_code")) == "activation_journey:enter_code"
    assert reported_from(client, "/en/keys/sign-in/") == "activation_holder:sign_in"
    open_link(client, code)
    assert reported_from(client, path("enter_code")) == "activation_journey:enter_code"


def test_a_links_page_says_its_name_and_never_its_token(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    code, _text = cast.make_code(dossier, els)
    whole = link(code).removesuffix("/")
    ended = whole[:-1] + ("A" if whole[-1] != "A" else "B") + "/"
    token = ended.split("/")[-2]
    page = client.get(ended).text
    assert "page=activation_journey%3Aopen_link" in page
    assert f"page={token}" not in page


@pytest.mark.parametrize(
    "page",
    [
        "",
        "nowhere",
        "counter_desk:desk",
        "admin:index",
        "/en/a/token",
        "https://evil.example",
    ],
)
def test_only_the_name_of_a_page_for_the_public_is_kept(
    client: Client, office: Office, page: str
) -> None:
    assert client.get(URL, {"page": page}).status_code == 200
    assert client.post(URL, report(page=page))["Location"] == "/en/report/sent/"
    assert Enquiry.objects.get().page == ""
    sent = client.get("/en/report/sent/", {"page": page})
    assert 'href="/en/"' in sent.text


def test_a_page_with_a_secret_in_its_address_is_not_gone_back_to(
    client: Client, office: Office
) -> None:
    answer = client.post(URL, report(page="activation_journey:open_link"))
    assert Enquiry.objects.get().page == "activation_journey:open_link"
    assert 'class="btn" href="/en/"' in client.get(answer["Location"]).text


def test_what_was_typed_stays_when_something_is_amiss(
    client: Client, office: Office
) -> None:
    page = client.post(URL, report(stamp="", page="activation_holder:sign_in"))
    assert page.status_code == 422
    assert "The hours are wrong." in page.text
    assert 'value="activation_holder:sign_in"' in page.text


def test_a_supervisor_marks_it_as_handled_once(
    client: Client, office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    client.post(URL, report())
    enquiry = Enquiry.objects.get()
    mark = marking(enquiry)
    assert sofie_client.post(LIST, mark).status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.handled_by == sofie
    handled_at = enquiry.handled_at
    other = cast.make_clerk("lena", office, desk="", role=Role.SUPERVISOR)
    lena = Client()
    lena.force_login(other)
    lena.post(LIST, mark)
    enquiry.refresh_from_db()
    assert (enquiry.handled_by, enquiry.handled_at) == (sofie, handled_at)
    assert str(enquiry.pk) in sofie_client.get(LIST, {"state": "handled"}).text
    listed = sofie_client.get(LIST, {"state": "open"}).text
    assert str(enquiry.pk) not in listed


def test_another_offices_supervisor_marks_nothing(
    client: Client, office: Office, other_office: Office
) -> None:
    client.post(f"/en/{office.slug}/report/", report())
    enquiry = Enquiry.objects.get()
    lies = Client()
    lies.force_login(
        cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    )
    lies.post(LIST, marking(enquiry))
    enquiry.refresh_from_db()
    assert enquiry.handled_at is None
