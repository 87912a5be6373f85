"""Checks to which URLs secrets may be sent."""

import ipaddress
from urllib.parse import urlsplit

import httpx


def is_safe(url: str) -> bool:
    """Whether the URL uses HTTPS, or plain HTTP to this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        return False
    if parts.scheme == "http":
        return host == "localhost" or _is_loopback(host)
    return parts.scheme == "https" and bool(host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
