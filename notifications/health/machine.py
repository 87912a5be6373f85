"""What a process can check on its machine: free disk space, and the site's certificate.

If something cannot be read, that does not mean that all is well. For a directory of
DISK_PATHS it is a finding at once; for the certificate only after a day, because a
probe that fails says nothing about the certificate.
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

#: What only a process on the same machine can say.
TROUBLES: Final = (
    Trouble.DISK,
    Trouble.DISK_UNREAD,
    Trouble.CERTIFICATE,
    Trouble.CERTIFICATE_UNREAD,
)
_PROBE_SECONDS: Final = 3.0
#: How often the server is asked for its certificate, if that is valid for long.
_ASKED_EVERY: Final = 6 * 60 * 60.0
#: After this long, a certificate that cannot be read is a finding of its own.
_UNREAD_AFTER: Final = datetime.timedelta(days=1)
#: An alarm about a disk ends when so many times the wanted space is free. Without this
#: margin, an alarm would begin and end every minute while files come and go.
_CLEARLY: Final = 1.1

log = structlog.get_logger("sleutelloket.watch")

#: The certificate's end by address, and this process's monotonic time of that probe.
_probed: dict[str, tuple[float, datetime.datetime]] = {}
#: Since when this process cannot read a certificate, by the file or server it is of.
_unread_since: dict[str, datetime.datetime] = {}


@dataclass
class Look:
    """What a process saw on its machine; each thing is a trouble and what it is about.

    `findings` are troubles, `well` is in order. `unread` could not be read, or is in
    order by so little that an alarm neither begins nor ends. `doubtful` is what other
    processes may see differently, because they remember an older certificate, their
    name server leads them to another server, or they cannot reach it.
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
    """Forget what was remembered, so that every certificate is asked for again."""
    _probed.clear()
    _unread_since.clear()


def _look_at_disks(seen: Look, at: datetime.datetime) -> None:
    for path in settings.DISK_PATHS:
        about = f"{socket.gethostname()}:{path}"
        try:
            disk = shutil.disk_usage(path)
        except OSError as error:
            log.warning("disk_not_read", path=path, error=type(error).__name__)
            seen.findings.append(Finding(Trouble.DISK_UNREAD, about, at))
            seen.unread.add((Trouble.DISK, about))
            continue
        seen.well.add((Trouble.DISK_UNREAD, about))
        wanted = disk.total * settings.DISK_FREE_PERCENT / 100
        if disk.free < wanted:
            seen.findings.append(Finding(Trouble.DISK, about, at))
        elif disk.free < wanted * _CLEARLY:
            seen.unread.add((Trouble.DISK, about))
        else:
            seen.well.add((Trouble.DISK, about))


def _look_at_certificate(seen: Look, at: datetime.datetime) -> None:
    """Check the file TLS_CERTIFICATE, which belongs to this machine, or else the
    certificate of the server behind SITE_URL, which is the same for all machines.
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
        seen.doubtful.add((Trouble.CERTIFICATE_UNREAD, about))
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
    """Record whether the certificate could be read, for the trouble CERTIFICATE_UNREAD.

    Within the first day its alarm neither begins nor ends: a process that has just
    started does not know since when the certificate was unreadable.
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
    """When a server's certificate ends; None if it cannot be read now.

    Only an end that is far off is remembered. A certificate that is about to end is
    read each time, because it may have been renewed.
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
    """The end of the server's certificate, which is not verified: it may have
    expired.
    """
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
