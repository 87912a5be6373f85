"""What a machine sees of itself: room on its disks, and the certificate it serves.

Each process looks on its own machine. What cannot be read is no finding: a probe that
fails says nothing about the certificate.
"""

import datetime
import shutil
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog
from cryptography import x509
from django.conf import settings

from notifications.enums import Trouble
from notifications.health.troubles import Finding

_PROBE_SECONDS: Final = 5.0
#: A certificate is asked for over the network this often.
_ASKED_EVERY: Final = 6 * 60 * 60.0

log = structlog.get_logger("sleutelloket.watch")

#: What the last probe of each address said, and when by this process's own clock.
_probed: dict[str, tuple[float, datetime.datetime | None]] = {}


def findings(at: datetime.datetime) -> list[Finding]:
    return [*_disks(at), *_certificate(at)]


def _disks(at: datetime.datetime) -> Iterator[Finding]:
    for path in settings.DISK_PATHS:
        try:
            disk = shutil.disk_usage(path)
        except OSError as error:
            log.warning("disk_not_read", path=path, error=type(error).__name__)
            continue
        if disk.free * 100 < disk.total * settings.DISK_FREE_PERCENT:
            yield Finding(Trouble.DISK, f"{socket.gethostname()}:{path}", at)


def _certificate(at: datetime.datetime) -> Iterator[Finding]:
    ends = certificate_ends()
    about = settings.TLS_CERTIFICATE or urlsplit(settings.SITE_URL).hostname or ""
    if ends and ends <= at + datetime.timedelta(days=settings.CERTIFICATE_DAYS):
        yield Finding(Trouble.CERTIFICATE, about, ends)


def certificate_ends() -> datetime.datetime | None:
    """Until when the certificate is valid: of the file in TLS_CERTIFICATE, or else of
    the server behind SITE_URL. None where there is none or it cannot be read.
    """
    if settings.TLS_CERTIFICATE:
        return _of_file(Path(settings.TLS_CERTIFICATE))
    if urlsplit(settings.SITE_URL).scheme != "https":
        return None
    asked_at, ends = _probed.get(settings.SITE_URL, (float("-inf"), None))
    if time.monotonic() - asked_at >= _ASKED_EVERY:
        ends = _of_server(settings.SITE_URL)
        _probed[settings.SITE_URL] = (time.monotonic(), ends)
    return ends


def _of_file(path: Path) -> datetime.datetime | None:
    try:
        return _end(path.read_bytes())
    except (OSError, ValueError) as error:
        log.warning("certificate_not_read", error=type(error).__name__)
        return None


def _of_server(address: str) -> datetime.datetime | None:
    """Not verified: an expired one is what is looked for."""
    url = urlsplit(address)
    try:
        pem = ssl.get_server_certificate(
            (url.hostname or "", url.port or 443), timeout=_PROBE_SECONDS
        )
        return _end(pem.encode())
    except (OSError, ValueError) as error:
        log.warning("certificate_not_read", error=type(error).__name__)
        return None


def _end(pem: bytes) -> datetime.datetime:
    return x509.load_pem_x509_certificate(pem).not_valid_after_utc
