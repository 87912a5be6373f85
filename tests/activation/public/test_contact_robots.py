"""A message to the office is sent once, and by no robot."""

import datetime
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from activation.web.throttling import MESSAGES_AN_HOUR
from counter.models import Enquiry, Office
from notifications.models import Delivery
from tests.activation.public.contact_form import EARLIER, SENT, URL, message, stamp

REPORT = "/en/report/"


def stamp_in(page: str) -> str:
    field = re.search(r'name="stamp" value="([^"]+)"', page)
    assert field
    return field[1]


def test_a_robot_that_fills_in_at_once_has_to_wait(
    client: Client, office: Office
) -> None:
    shown = stamp_in(client.get(URL).text)
    page = client.post(URL, message(stamp=shown))
    assert page.status_code == 422
    assert "very fast" in page.text
    assert stamp_in(page.text) == shown
    with time_machine.travel(timezone.now() + EARLIER, tick=True):
        assert client.post(URL, message(stamp=shown))["Location"] == SENT


def test_a_page_left_open_for_days_gets_a_new_stamp(
    client: Client, office: Office
) -> None:
    shown = stamp()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2), tick=True):
        page = client.post(URL, message(stamp=shown))
        assert page.status_code == 422
        new = stamp_in(page.text)
    later = timezone.now() + datetime.timedelta(days=2) + EARLIER
    with time_machine.travel(later, tick=True):
        assert client.post(URL, message(stamp=new))["Location"] == SENT


def test_sent_twice_is_one_message(client: Client, office: Office) -> None:
    form = message()
    assert client.post(URL, form)["Location"] == SENT
    assert client.post(URL, form)["Location"] == SENT
    assert Enquiry.objects.count() == 1
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"text": "And on Tuesday?"}, {"email": "jo@example.org"}, {"name": "Jo"}],
)
def test_another_message_from_the_same_page_is_asked_for_once_more(
    client: Client, office: Office, changed: dict[str, str]
) -> None:
    """The person went back and changed a field, so the second message is no copy."""
    form = message()
    client.post(URL, form)
    page = client.post(URL, form | changed)
    assert page.status_code == 422
    assert next(iter(changed.values())) in page.text
    form |= changed | {"stamp": stamp_in(page.text)}
    with time_machine.travel(timezone.now() + EARLIER, tick=True):
        assert client.post(URL, form)["Location"] == SENT
    assert Enquiry.objects.filter(**changed).count() == 1
    assert Enquiry.objects.count() == Delivery.objects.count() == 2


def test_another_report_from_the_same_page_is_asked_for_once_more(
    client: Client, office: Office
) -> None:
    form = {"text": "The map is wrong.", "page": "", "stamp": stamp()}
    assert client.post(REPORT, form).status_code == 303
    assert client.post(REPORT, form).status_code == 303
    page = client.post(REPORT, form | {"text": "The hours are wrong."})
    assert page.status_code == 422
    assert "The hours are wrong." in page.text
    assert Enquiry.objects.get().text == "The map is wrong."


@pytest.mark.django_db(transaction=True)
def test_sent_five_times_at_once_is_one_message(office: Office) -> None:
    form = message()

    def send(_turn: int) -> str:
        try:
            return Client().post(URL, form)["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(send, range(5))) == {SENT}
    assert Enquiry.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_one_address_sends_so_many_an_hour(client: Client, office: Office) -> None:
    start = timezone.now().replace(minute=5)
    with time_machine.travel(start, tick=False):
        for _turn in range(MESSAGES_AN_HOUR):
            assert client.post(URL, message())["Location"] == SENT
        page = client.post(URL, message())
        assert page.status_code == 422
        assert "from your network" in page.text
        assert "Can I come on Monday?" in page.text
        other = client.post(URL, message(), REMOTE_ADDR="192.0.2.8")
        assert other["Location"] == SENT
    with time_machine.travel(start + datetime.timedelta(hours=1), tick=False):
        assert client.post(URL, message())["Location"] == SENT
