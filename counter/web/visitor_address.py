"""The network address of a visitor, as the outermost of our own proxies saw it.

`settings.PROXIES` of them stand in front, and each adds the address that it was asked
from to the end of one header: X-Forwarded-For, or Forwarded (RFC 7239) when
`settings.PROXY_HEADER` says so. What stands before those was written by the visitor.
"""

import ipaddress
import re
from typing import Final

import structlog
from django.conf import settings
from django.http import HttpRequest

log = structlog.get_logger("sleutelloket.proxy")

FORWARDED: Final = "Forwarded"
# A part of a header up to the next comma, or pair up to the next semicolon, outside
# of quotation marks.
_ELEMENT: Final = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^",])+')
_PAIR: Final = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^";])+')
# Longer than any header of a chain of proxies.
_LONGEST: Final = 4096
_IPV6_HOME: Final = 64
#: RFC 6052: the last 32 bits are an IPv4 address, seen through a translator.
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")


def address_of(request: HttpRequest) -> str:
    """Return the visitor's address in its usual writing, without a port.

    Without proxies that is where the request came from. It is also that, with an error
    in the log, when the header has too few addresses or an unreadable one: all visitors
    would then share one limit, and the operator has to know.
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
    """`network_of` from this header of our proxies alone; empty when it has no address.

    For the web server, which shares out its threads before there is a request.
    """
    addresses = _addresses_in(header)
    if not 0 < settings.PROXIES <= len(addresses):
        return ""
    address = read_node(addresses[-settings.PROXIES])
    return household(str(address)) if address else ""


def _addresses_in(header: str) -> list[str]:
    """The addresses that each proxy added; what the visitor made up comes first."""
    header = header[-_LONGEST:]
    if settings.PROXY_HEADER != FORWARDED:
        return header.split(",") if header.strip() else []
    return [_for(element[0]) for element in _ELEMENT.finditer(header)]


def _for(element: str) -> str:
    """The `for=` part of one element of Forwarded; empty without one."""
    for pair in _PAIR.finditer(element):
        name, _, value = pair[0].partition("=")
        if name.strip().lower() == "for":
            return value.strip()
    return ""


def read_node(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address of a node as proxies write it (RFC 7239, section 6); None for
    `unknown`, a hidden name (`_gateway`) and whatever else is no address.

    With or without a port, quotation marks, brackets around IPv6, and a zone
    (`fe80::1%eth0`), which only means something on the proxy itself.
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
    """The network whose requests one limit counts together, of this request."""
    return household(address_of(request))


def household(address: str) -> str:
    """The network whose requests one limit counts together: the address, of IPv6 its
    /64.

    An IPv4 address is the same however it is written: as `::ffff:192.0.2.7` all of them
    stand in one /64, and behind 6to4 each of them has 65,536. Empty for a socket
    without an address: all of those share one limit.
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
