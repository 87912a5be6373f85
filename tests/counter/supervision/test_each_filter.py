"""Each filter of each list needs as many queries for many rows as for few."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from counter.models import Clerk, Office
from counter.supervision.house_admin import HouseAdmin
from payments.models import Tariff
from tests.counter.supervision.crowd import make_visit
from tests.counter.supervision.test_lists import lists


def request_of(clerk: Clerk, address: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.user = clerk
    return request


def questions(house: HouseAdmin, clerk: Clerk, address: str) -> int:
    """The number of queries of the list and its filters."""
    with CaptureQueriesContext(connection) as asked:
        listing = house.get_changelist_instance(request_of(clerk, address))
        for spec in listing.filter_specs:
            list(spec.choices(listing))
        list(listing.result_list)
    return len(asked.captured_queries)


def choices(house: HouseAdmin, clerk: Clerk, address: str) -> Iterator[str]:
    """The address to which each choice of each filter leads."""
    listing = house.get_changelist_instance(request_of(clerk, address))
    for spec in listing.filter_specs:
        for choice in spec.choices(listing):
            yield address + choice.get("query_string", "")


def of_every_filter(clerk: Clerk) -> dict[str, int]:
    return {
        link: questions(house, clerk, link)
        for address, house in lists()
        for link in choices(house, clerk, address)
    }


def test_each_filter_asks_as_often_for_twelve_rows_as_for_two(
    office: Office, tariff: Tariff, sofie: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All rows on one page: a second page costs one more query, which counts them.
    monkeypatch.setattr(HouseAdmin, "list_per_page", 500)
    for place in range(2):
        make_visit(place, office, sofie)
    few = of_every_filter(sofie)
    for place in range(2, 12):
        make_visit(place, office, sofie)
    many = of_every_filter(sofie)
    assert len(few) > 200
    assert {link: many[link] for link in few} == few
