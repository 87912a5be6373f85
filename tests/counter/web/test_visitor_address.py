"""The address by which requests are counted, however a proxy writes it."""

from ipaddress import ip_address

import pytest
from django.test import RequestFactory
from pytest_django import Settings
from structlog.testing import capture_logs

from counter.web.visitor_address import address_of, household, read_node


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ('"192.0.2.7:4711"', "192.0.2.7"),
        ("192.0.2.7:_obfuscated", "192.0.2.7"),
        ("2001:db8::17", "2001:db8::17"),
        ("[2001:db8::17]", "2001:db8::17"),
        ("[2001:db8::17]:47011", "2001:db8::17"),
        ('"[2001:db8::17]:47011"', "2001:db8::17"),
        ("2001:DB8:0:0:0:0:0:17", "2001:db8::17"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25eth0]:80", "fe80::1"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.7"),
    ],
)
def test_an_address_is_read_as_proxies_write_it(text: str, address: str) -> None:
    assert read_node(text) == ip_address(address)


@pytest.mark.parametrize(
    "text",
    [
        *("", "unknown", "_hidden", "_gateway:_port", "localhost", "192.0.2"),
        *("192.0.2.256", "[2001:db8::17", "[2001:db8::17]x", "[]", '"', "1:2"),
        *("for=192.0.2.7", "\x00", "192.0.2.7 192.0.2.8", "192.0.2.7/24"),
        "١٩٢.0.2.7",
    ],
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert read_node(text) is None


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "198.51.100.9", "10.0.0.1"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "198.51.100.9:50123", "198.51.100.9"),
        (1, "made.up, 198.51.100.9", "198.51.100.9"),
        (1, "unknown,[2001:db8::9]:443", "2001:db8::9"),
        (2, "made.up, 198.51.100.9:1, 10.0.0.2", "198.51.100.9"),
    ],
)
def test_behind_a_proxy_it_is_the_visitor_who_is_counted(
    settings: Settings, proxies: int, header: str, address: str
) -> None:
    settings.PROXIES = proxies
    assert asked(**{"x-forwarded-for": header}) == address


@pytest.mark.parametrize(
    "header",
    [
        "for=198.51.100.9",
        "For=198.51.100.9:4711;proto=https;by=203.0.113.43",
        'for=made.up, proto=https; for="198.51.100.9:4711"',
        'by="a,b;for=192.0.2.1";for=198.51.100.9',
    ],
)
def test_the_standard_header_is_read_where_the_proxies_write_it(
    settings: Settings, header: str
) -> None:
    settings.PROXIES, settings.PROXY_HEADER = 1, "Forwarded"
    invented = {"x-forwarded-for": "203.0.113.1", "forwarded": header}
    assert asked(**invented) == "198.51.100.9"


@pytest.mark.parametrize(
    ("proxies", "header"),
    [(1, ""), (1, " "), (2, "198.51.100.9"), (1, "unknown"), (1, "198.51.100.9, _x")],
)
def test_the_operator_learns_of_a_header_that_says_nothing(
    settings: Settings, proxies: int, header: str
) -> None:
    settings.PROXIES = proxies
    with capture_logs() as lines:
        assert asked(**{"x-forwarded-for": header}) == "10.0.0.1"
    assert [line["log_level"] for line in lines] == ["error"]
    assert header.strip() == "" or header not in str(lines)


def test_two_ports_of_one_visitor_share_a_count_and_two_visitors_do_not(
    settings: Settings,
) -> None:
    settings.PROXIES = 1
    homes = [
        household(asked(**{"x-forwarded-for": header}))
        for header in ("192.0.2.7:1", "192.0.2.7:2", "192.0.2.8:1")
    ]
    assert homes == ["192.0.2.7", "192.0.2.7", "192.0.2.8"]


def asked(**headers: str) -> str:
    request = RequestFactory().post("/", headers=headers, REMOTE_ADDR="10.0.0.1")
    return address_of(request)
