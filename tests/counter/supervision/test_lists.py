"""A supervisor turns the pages of long lists, and opens them with odd addresses."""

import datetime
import itertools
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from counter.models import Clerk, Dossier, Enquiry, Office
from counter.supervision import keyset
from counter.supervision.house_admin import HouseAdmin
from payments.models import Payment, Tariff
from tests import cast
from tests.counter.supervision.crowd import make_person, make_visit
from tests.test_admin import whole

__all__ = ["whole"]

ODD = (
    *("", "-1", "abc", "9" * 40, "x" * 3000, "é'\"<>&%", "\x00", "NaN"),
    *("2026-01-01T00:00:00+23:59", "2026-01-01 00:00-16:00", "2026-01-01 00:00+15:59"),
    *("2026-13-45", "9999-12-31 23:59:59-12:00", "0001-01-01 00:00+14:00"),
    *("00000000-0000-0000-0000-000000000000", "1,2,,3"),
    *(
        "true",
        "1e400",
        "0x10",
        "\u0661\u0662",
        "9223372036854775808",
        "{}",
        "[]",
        "P1D",
    ),
    *("2026-02-30T25:61", "18446744073709551616", "1.5", "null", "%00", "\ud7ff\uffff"),
)
#: The parameters that every list understands, of Django's and of ours.
COMMON = (
    *("q", "p", "o", "all", "e", "after", "before", "_facets", "_popup", "_to_field"),
    *("_changelist_filters", "_source_model", "nonsense", "pk__in", ""),
)


def lists() -> Iterator[tuple[str, HouseAdmin]]:
    for model, house in admin.site._registry.items():
        assert isinstance(house, HouseAdmin)
        meta = model._meta
        yield (
            reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"),
            house,
        )


@pytest.fixture
def pages_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HouseAdmin, "list_per_page", 3)


@pytest.fixture
def eight(els: Clerk) -> list[Dossier]:
    """Eight dossiers, the newest first; the first four have the same time."""
    now = timezone.now()
    dossiers = [cast.make_dossier(make_person(place), els) for place in range(8)]
    for place, dossier in enumerate(dossiers):
        dossier.recorded_at = now - datetime.timedelta(hours=max(place, 3))
        dossier.save(update_fields=["recorded_at"])
    return list(Dossier.objects.order_by("-recorded_at", "-pk"))


def shown(client: Client, address: str) -> list[object]:
    response = client.get(address)
    assert response.status_code == 200, address
    return [row.pk for row in response.context["cl"].result_list]


@pytest.mark.usefixtures("pages_of_three")
def test_each_dossier_is_on_one_page_forwards_and_backwards(
    eight: list[Dossier], sofie_client: Client
) -> None:
    base = reverse("admin:counter_dossier_changelist")
    link, seen, pages = base, list[object](), 0
    while True:
        listing = sofie_client.get(link).context["cl"]
        seen += [row.pk for row in listing.result_list]
        pages += 1
        if not listing.next_link:
            break
        link = base + listing.next_link
    assert seen == [dossier.pk for dossier in eight]
    assert pages == 3
    back = list[list[object]]()
    while listing.previous_link:
        listing = sofie_client.get(base + listing.previous_link).context["cl"]
        back.append([row.pk for row in listing.result_list])
    # The first page is full, however many rows come before the second.
    assert back[-1] == seen[:3]
    assert not listing.previous_link


@pytest.mark.usefixtures("pages_of_three")
def test_what_comes_in_meanwhile_moves_no_page(
    eight: list[Dossier], els: Clerk, sofie_client: Client
) -> None:
    base = reverse("admin:counter_dossier_changelist")
    link = sofie_client.get(base).context["cl"].next_link
    cast.make_dossier(make_person(99), els)
    assert shown(sofie_client, base + link) == [row.pk for row in eight[3:6]]


@pytest.mark.usefixtures("pages_of_three")
def test_a_filter_goes_along_with_the_pages(
    eight: list[Dossier], sofie_client: Client
) -> None:
    base = reverse("admin:counter_dossier_changelist")
    listing = sofie_client.get(base, {"state__exact": "recorded"}).context["cl"]
    assert "state__exact=recorded" in listing.next_link
    # Another filter begins at the first page again.
    onward = sofie_client.get(base + listing.next_link).context["cl"]
    for spec in onward.filter_specs:
        for choice in spec.choices(onward):
            assert "after=" not in choice.get("query_string", "")


@pytest.mark.usefixtures("pages_of_three")
def test_an_edge_that_nobody_may_see_says_nothing(
    eight: list[Dossier], gust: Clerk, sofie_client: Client
) -> None:
    elsewhere = cast.make_dossier(make_person(50), gust)
    base = reverse("admin:counter_dossier_changelist")
    for key in (elsewhere.pk, uuid.uuid4(), "x", ""):
        for parameter in ("after", "before"):
            address = f"{base}?{parameter}={key}"
            assert shown(sofie_client, address) == [row.pk for row in eight[:3]]


@pytest.mark.usefixtures("pages_of_three")
def test_the_address_of_a_page_names_nobody(
    eight: list[Dossier], sofie_client: Client
) -> None:
    for name in ("counter_dossier", "counter_applicant"):
        listing = sofie_client.get(reverse(f"admin:{name}_changelist")).context["cl"]
        key = listing.next_link.removeprefix("?after=")
        assert uuid.UUID(key)


@pytest.mark.usefixtures("pages_of_three")
def test_a_long_list_says_more_than(
    eight: list[Dossier], sofie_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyset, "COUNTED", 5)
    address = reverse("admin:counter_dossier_changelist")
    assert "More than 5 dossiers" in sofie_client.get(address).content.decode()
    monkeypatch.setattr(keyset, "COUNTED", 8)
    text = sofie_client.get(address).content.decode()
    assert "More than" not in text
    assert "8\n      dossiers" in text


@pytest.mark.usefixtures("pages_of_three")
def test_no_long_list_skips_or_counts_rows(
    eight: list[Dossier], sofie_client: Client
) -> None:
    base = reverse("admin:counter_dossier_changelist")
    link = base + sofie_client.get(base).context["cl"].next_link
    with CaptureQueriesContext(connection) as asked:
        sofie_client.get(link)
    statements = [query["sql"] for query in asked.captured_queries]
    assert not [sql for sql in statements if "OFFSET" in sql]
    counts = [sql for sql in statements if "COUNT(" in sql and "counter_dossier" in sql]
    assert all(f"LIMIT {keyset.COUNTED + 1}" in sql for sql in counts)


@pytest.mark.parametrize(
    ("model", "order"),
    [
        (Enquiry, ("-handled_at",)),
        (Payment, ("drawer__opened_at",)),
        (Payment, ("dossier",)),
    ],
)
def test_an_order_that_skips_rows_is_refused(
    model: type, order: tuple[str, ...]
) -> None:
    with pytest.raises(ImproperlyConfigured):
        keyset.check_order(model, order)


def questions_of_every_list(client: Client) -> dict[str, int]:
    numbers = {}
    for address, _house in lists():
        client.get(address)  # Reads what is kept for later requests.
        tries = []
        for _ in range(2):  # Now and then a request also writes its session.
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            tries.append(len(asked.captured_queries))
        numbers[address] = min(tries)
    return numbers


def test_every_list_asks_as_often_for_twelve_rows_as_for_two(
    office: Office,
    tariff: Tariff,
    sofie: Clerk,
    sofie_client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # All rows on one page: a second page costs one more query, which counts them.
    monkeypatch.setattr(HouseAdmin, "list_per_page", 500)
    for place in range(2):
        make_visit(place, office, sofie)
    few = questions_of_every_list(sofie_client)
    for place in range(2, 12):
        make_visit(place, office, sofie)
    many = questions_of_every_list(sofie_client)
    assert many == few


def test_the_crowd_fills_every_list(
    office: Office, tariff: Tariff, sofie: Clerk, sofie_client: Client
) -> None:
    """Otherwise the test above would compare empty lists."""
    for place in range(2):
        make_visit(place, office, sofie)
    few = ("office", "draft", "legalhold", "destructionrecord", "retentionperiod")
    no_list = ("alarm",)
    one = {reverse(f"admin:counter_{name}_changelist") for name in (*few, *no_list)}
    for address, _house in lists():
        if address not in one:
            assert len(shown(sofie_client, address)) >= 2, address


def broken(client: Client, address: str, names: Iterable[str]) -> list[object]:
    """Name, value and status of the requests that end in an error of ours."""
    statuses = (
        (name, value, client.get(address, {name: value}).status_code)
        for name, value in itertools.product(names, ODD)
    )
    return [odd for odd in statuses if odd[2] not in {200, 302, 400, 403}]


@pytest.mark.parametrize("name", ["dossier", "clerk"])
def test_no_list_breaks_by_what_all_lists_understand(
    whole: Dossier, sofie_client: Client, name: str
) -> None:
    address = reverse(f"admin:counter_{name}_changelist")
    assert not broken(sofie_client, address, COMMON)


def test_no_filter_breaks_whatever_its_address_says(
    whole: Dossier, sofie: Clerk
) -> None:
    """As the page calls it; what is refused leads to the whole list (the next test)."""
    for address, house in lists():
        request = RequestFactory().get(address)
        request.user = sofie
        for name, value in itertools.product(house.lookups_of_filters(request), ODD):
            # Sent twice: some filters take several values, and others the last one.
            asked = RequestFactory().get(address, {name: [value, value]})
            asked.user = sofie
            with suppress(IncorrectLookupParameters, DisallowedModelAdminLookup):
                listing = house.get_changelist_instance(asked)
                for spec in listing.filter_specs:
                    list(spec.choices(listing))
                list(listing.result_list)


def test_an_address_that_makes_no_sense_leads_to_the_whole_list(
    dossier: Dossier, sofie_client: Client
) -> None:
    address = reverse("admin:counter_dossier_changelist")
    answer = sofie_client.get(address, {"recorded_at__from": "x"}, follow=True)
    assert answer.redirect_chain[-1][0] == address
    assert "This list does not know" in answer.content.decode()
    assert [row.pk for row in answer.context["cl"].result_list] == [dossier.pk]
