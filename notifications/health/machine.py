"""What a machine sees of itself: room on its disks, and the certificate it serves.

Each process looks on its own machine. What cannot be read is no sign that all is well,
and no finding for a day: a probe that fails says nothing about the certificate.
"""

import datetime
import shutil
import socket
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog
from cryptography import x509
from django.conf import settings

from notifications.enums import Trouble
from notifications.health.troubles import Finding

_PROBE_SECONDS: Final = 3.0
#: A certificate that is valid for long is asked for over the network this often.
_ASKED_EVERY: Final = 6 * 60 * 60.0
#: A certificate that cannot be read for longer is one that nobody watches.
_UNREAD_AFTER: Final = datetime.timedelta(days=1)
#: An alarm of a disk is over when so much of what is wanted is free: where files come
#: and go about that mark it would begin and end every minute.
_CLEARLY: Final = 1.1

log = structlog.get_logger("sleutelloket.watch")

#: What the last probe of each address found, and when by this process's own clock.
_probed: dict[str, tuple[float, datetime.datetime]] = {}
#: Since when this process cannot read a certificate.
_unread_since: dict[str, datetime.datetime] = {}


@dataclass
class Look:
    """What a machine saw of itself, each thing by its trouble and what it is about.

    `found` is amiss and `well` is not; of `unread` this look can say neither, as of
    what is only just well. What is `doubtful` others may find otherwise: they remember
    what was there before, or a name leads them to another server.
    """

    findings: list[Finding] = field(default_factory=list)
    well: set[tuple[str, str]] = field(default_factory=set)
    unread: set[tuple[str, str]] = field(default_factory=set)
    doubtful: set[tuple[str, str]] = field(default_factory=set)
    certificate_ends: datetime.datetime | None = None


def look(at: datetime.datetime) -> Look:
    seen = Look()
    _look_at_disks(seen, at)
    _look_at_certificate(seen, at)
    return seen


def forget() -> None:
    """Ask for every certificate anew."""
    _probed.clear()
    _unread_since.clear()


def _look_at_disks(seen: Look, at: datetime.datetime) -> None:
    for path in settings.DISK_PATHS:
        about = f"{socket.gethostname()}:{path}"
        try:
            disk = shutil.disk_usage(path)
        except OSError as error:
            log.warning("disk_not_read", path=path, error=type(error).__name__)
            seen.unread.add((Trouble.DISK, about))
            continue
        wanted = disk.total * settings.DISK_FREE_PERCENT / 100
        if disk.free < wanted:
            seen.findings.append(Finding(Trouble.DISK, about, at))
        elif disk.free < wanted * _CLEARLY:
            seen.unread.add((Trouble.DISK, about))
        else:
            seen.well.add((Trouble.DISK, about))


def _look_at_certificate(seen: Look, at: datetime.datetime) -> None:
    """The file of TLS_CERTIFICATE, which is this machine's, or else the certificate of
    the server behind SITE_URL, which is the same for all machines.
    """
    host = urlsplit(settings.SITE_URL).hostname or ""
    warned_until = at + datetime.timedelta(days=settings.CERTIFICATE_DAYS)
    if settings.TLS_CERTIFICATE:
        about = f"{socket.gethostname()}:{settings.TLS_CERTIFICATE}"
        ends = _of_file(Path(settings.TLS_CERTIFICATE))
    elif urlsplit(settings.SITE_URL).scheme == "https":
        about = host
        ends = _remembered(settings.SITE_URL, warned_until)
        seen.doubtful.add((Trouble.CERTIFICATE, about))
    else:
        return
    seen.certificate_ends = ends
    _note_whether_read(seen, about, at)
    if ends is None:
        seen.unread.add((Trouble.CERTIFICATE, about))
    elif ends <= warned_until:
        seen.findings.append(Finding(Trouble.CERTIFICATE, about, ends))
    else:
        seen.well.add((Trouble.CERTIFICATE, about))


def _note_whether_read(seen: Look, about: str, at: datetime.datetime) -> None:
    """For less than a day the alarm neither begins nor ends: a process that has just
    begun does not know for how long it was so.
    """
    if seen.certificate_ends is not None:
        _unread_since.pop(about, None)
        seen.well.add((Trouble.CERTIFICATE_UNREAD, about))
        return
    since = _unread_since.setdefault(about, at)
    if since <= at - _UNREAD_AFTER:
        seen.findings.append(Finding(Trouble.CERTIFICATE_UNREAD, about, since))
    else:
        seen.unread.add((Trouble.CERTIFICATE_UNREAD, about))


def _remembered(
    address: str, warned_until: datetime.datetime
) -> datetime.datetime | None:
    """Until when a server's certificate is valid; None if it cannot be read now.

    Only one that is valid for long is remembered. One about to end is looked at each
    time: it may have been renewed, and another process may know.
    """
    asked_at, ends = _probed.get(address, (float("-inf"), warned_until))
    if ends > warned_until and time.monotonic() - asked_at < _ASKED_EVERY:
        return ends
    now = _of_server(address)
    if now is not None:
        _probed[address] = (time.monotonic(), now)
    return now


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
