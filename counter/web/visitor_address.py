"""Finds the network address of a visitor, as the outermost of our own proxies saw it.

There are `settings.PROXIES` proxies. Each adds the address from which it got the
request to the end of one header: X-Forwarded-For, or Forwarded (RFC 7239) if
`settings.PROXY_HEADER` says so. Addresses before these may be invented by the visitor.
"""

import ipaddress
import re
from typing import Final

import structlog
from django.conf import settings
from django.http import HttpRequest

log = structlog.get_logger("sleutelloket.proxy")

FORWARDED: Final = "Forwarded"
# An element of a header, up to the next comma, and a pair in it, up to the next
# semicolon. Commas and semicolons in quotation marks do not count.
_ELEMENT: Final = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^",])+')
_PAIR: Final = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^";])+')
# How many characters of the header are read, from its end; proxies write fewer.
_LONGEST: Final = 4096
_IPV6_HOME: Final = 64
#: RFC 6052: the last 32 bits are an IPv4 address behind a translator.
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")


def address_of(request: HttpRequest) -> str:
    """Return the visitor's address in its normal form, without a port.

    Without proxies it is the address from which the request came. It is that too when
    the header has too few addresses or one that cannot be read. Then all visitors share
    the limit of the proxy's address, so an error is logged for the operator.
    """
    asked_from = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES <= 0:
        return asked_from
    addresses = _addresses_in(request.headers.get(settings.PROXY_HEADER, ""))
    if len(addresses) < settings.PROXIES:
        log.error("proxy_header_too_short", header=settings.PROXY_HEADER)
        return asked_from
    address = read_node(addresses[-settings.PROXIES])
    if address is None:
        log.error("proxy_header_unreadable", header=settings.PROXY_HEADER)
        return asked_from
    return str(address)


def network_told(header: str) -> str:
    """The network that `network_of` gives, from this header; "" without an address.

    It is for the web server, which divides its threads before a request object exists.
    """
    addresses = _addresses_in(header)
    if not 0 < settings.PROXIES <= len(addresses):
        return ""
    address = read_node(addresses[-settings.PROXIES])
    return household(str(address)) if address else ""


def _addresses_in(header: str) -> list[str]:
    """All addresses in the header; those that our proxies added are the last."""
    header = header[-_LONGEST:]
    if settings.PROXY_HEADER != FORWARDED:
        return header.split(",") if header.strip() else []
    return [_for(element[0]) for element in _ELEMENT.finditer(header)]


def _for(element: str) -> str:
    """The value of `for=` in one element of Forwarded; "" without it."""
    for pair in _PAIR.finditer(element):
        name, _, value = pair[0].partition("=")
        if name.strip().lower() == "for":
            return value.strip()
    return ""


def read_node(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read a node as proxies write it (RFC 7239, section 6); None if it is no address.

    It may have a port, quotation marks, brackets around IPv6, and a zone
    (`fe80::1%eth0`), which is dropped. `unknown` and hidden names (`_gateway`) are no
    addresses.
    """
    text = text.strip()
    if text.startswith('"') and text.endswith('"'):
        text = text[1:-1].replace("\\", "").strip()
    if text.startswith("["):
        host, closed, port = text[1:].partition("]")
        if not closed or not re.fullmatch(r"(:[\w.-]+)?", port):
            return None
    elif text.count(":") == 1:  # 192.0.2.7:4711; two colons are IPv6
        host = text.partition(":")[0]
    else:
        host = text
    try:
        return ipaddress.ip_address(host.partition("%")[0].strip())
    except ValueError:
        return None


def network_of(request: HttpRequest) -> str:
    """The request's network: one limit counts all requests of a network together."""
    return household(address_of(request))


def household(address: str) -> str:
    """The network of an address, for a limit: an IPv4 address itself, or an IPv6 /64.

    An IPv4 address that is written as IPv6 counts as IPv4. Otherwise all addresses
    written as `::ffff:192.0.2.7` would be in one /64, and with 6to4 each would have
    65,536 networks. "" for a text that is no address, such as that of a Unix socket:
    all such requests share one limit.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        inside = parsed.ipv4_mapped or parsed.sixtofour
        if parsed in _TRANSLATED:
            inside = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inside is None:
            return str(ipaddress.ip_network((parsed, _IPV6_HOME), strict=False))
        parsed = inside
    return str(parsed)
