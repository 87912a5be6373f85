"""Sixty requests a minute from one address, counted in the database."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activation.exceptions import TooManyRequestsError
from activation.models import AddressCount
from activation.web.throttling import count_message, count_request, purge_counts
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import at_once, open_link, path, text_of, wrong

AT = timezone.now().replace(second=20, microsecond=0)
ADDRESS = "192.0.2.7"


def count_requests(times: int, address: str = ADDRESS, at: datetime = AT) -> None:
    for _turn in range(times):
        count_request(address=address, at=at)


@pytest.mark.usefixtures("db")
def test_the_sixty_first_waits_for_the_next_minute() -> None:
    count_requests(60)
    with pytest.raises(TooManyRequestsError) as refused:
        count_requests(1)
    assert refused.value.free_at == AT + timedelta(seconds=40)
    count_requests(60, at=refused.value.free_at)


@pytest.mark.usefixtures("db")
def test_each_address_has_its_own_count() -> None:
    for address in (ADDRESS, "192.0.2.8"):
        count_requests(60, address=address)
    for address in (ADDRESS, "192.0.2.8"):
        with pytest.raises(TooManyRequestsError):
            count_requests(1, address=address)


@pytest.mark.usefixtures("db")
def test_a_household_counts_as_one() -> None:
    count_requests(30, address="2001:db8:1:2::1")
    count_requests(30, address="2001:db8:1:2:ffff::9")
    with pytest.raises(TooManyRequestsError):
        count_requests(1, address="2001:db8:1:2::2")
    count_requests(1, address="2001:db8:1:3::1")


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("written", ["::ffff:{}", "64:ff9b::{}"])
def test_neighbours_are_not_one_for_how_their_addresses_are_written(
    written: str,
) -> None:
    """A proxy that listens on IPv4 and IPv6 writes IPv4 addresses as IPv6 ones."""
    count_requests(60, address=written.format(ADDRESS))
    count_requests(60, address=written.format("198.51.100.7"))


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    "written",
    [
        "::ffff:192.0.2.7",
        "::FFFF:C000:0207",
        "64:ff9b::192.0.2.7",
        "2002:c000:207::1",
        "2002:c000:207:ffff::1",
    ],
)
def test_one_address_counts_once_however_it_is_written(written: str) -> None:
    count_requests(30)
    count_requests(30, address=written)
    with pytest.raises(TooManyRequestsError):
        count_requests(1)


@pytest.mark.usefixtures("db")
def test_a_library_writes_to_the_office_behind_an_address_of_its_own() -> None:
    for number in range(21):
        count_message(address=f"::ffff:192.0.2.{number}", at=AT)
    assert AddressCount.objects.count() == 21


@pytest.mark.usefixtures("db")
def test_the_address_is_not_in_the_row() -> None:
    count_requests(1)
    row = AddressCount.objects.get()
    assert ADDRESS.encode() not in bytes(row.address_index)
    assert len(bytes(row.address_index)) == 32
    assert ADDRESS not in str(row)


@pytest.mark.usefixtures("db")
def test_past_minutes_are_swept() -> None:
    count_requests(1)
    count_requests(1, at=AT + timedelta(minutes=62))
    assert purge_counts(at=AT + timedelta(minutes=62)) == 1
    assert AddressCount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_are_all_counted() -> None:
    at_once(32, lambda _number: count_requests(4))
    assert AddressCount.objects.get().count >= 61
    with pytest.raises(TooManyRequestsError):
        count_requests(1)


def test_the_page_says_how_long_to_wait_and_no_code_is_compared(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    code, text = cast.make_code(dossier, els)
    open_link(client, code)
    now = timezone.now()
    count_requests(60, address="127.0.0.1", at=now)
    count_requests(60, address="127.0.0.1", at=now + timedelta(minutes=1))
    for typed in (text, wrong(text)):
        response = client.post(path("enter_code"), {"code": typed})
        assert response.status_code == 429
        assert 1 <= int(response["Retry-After"]) <= 60
        page = text_of(response.content)
        assert "Wait a moment" in page
        assert "Nothing was lost and no try was counted" in page
    code.refresh_from_db()
    assert code.attempts == 0
