"""The alarm about a certificate begins and ends once, even when some cannot read it.

The certificate is that of a server that speaks TLS, as the proxy does.
"""

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from counter.models import Alarm, Clerk
from localrun.processes import free_port
from notifications.enums import Part
from notifications.health import alarms, heartbeats, machine
from notifications.models import Heartbeat
from tests.certificates import certificate

pytestmark = pytest.mark.django_db

TOKEN = {"Authorization": f"Bearer {configured.READYZ_TOKEN}"}
HOURS = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)
ABOUT_TO_END, FOR_LONG = 3, 300


class Site:
    """A TLS server that only does the handshake, with the certificate of `show`."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self.asked = 0
        self._home = home
        self._door: socket.socket | None = None
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def show(self, days: int) -> None:
        """From now on, use a certificate that is valid for so many days."""
        place = self._home / f"tls-{days}-{len(list(self._home.iterdir()))}"
        certificate(place, days=days)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(place / "tls.crt", place / "tls.key")
        self._tls = tls

    def start(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, args=[self._door], daemon=True).start()

    def _serve(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                visitor, _ = door.accept()
                self.asked += 1
                with suppress(OSError), visitor:
                    self._tls.wrap_socket(visitor, server_side=True).close()

    def stop(self) -> None:
        if self._door:
            with suppress(OSError):
                self._door.shutdown(socket.SHUT_RDWR)
            self._door.close()


@pytest.fixture
def site(tmp_path: Path, settings: Settings) -> Iterator[Site]:
    server = Site(tmp_path)
    settings.SITE_URL = f"https://127.0.0.1:{server.port}"
    settings.CERTIFICATE_DAYS = 21
    settings.DISK_FREE_PERCENT = 0
    server.show(ABOUT_TO_END)
    server.start()
    machine.forget()
    yield server
    server.stop()


def look(*, after: datetime.timedelta = datetime.timedelta(0)) -> None:
    alarms.check(at=timezone.now() + after)


def of_certificate() -> list[tuple[str, bool]]:
    """What each alarm is about, and whether it goes on; the oldest first."""
    rows = Alarm.objects.filter(trouble="certificate").order_by("noticed_at", "pk")
    return [(row.about, row.ended_at is None) for row in rows]


def test_it_begins_and_is_over_when_the_certificate_is_renewed(site: Site) -> None:
    look()
    look()
    assert of_certificate() == [("127.0.0.1", True)]
    site.show(FOR_LONG)
    look(after=11 * MINUTE)
    assert of_certificate() == [("127.0.0.1", False)]


def test_a_server_that_is_away_neither_ends_it_nor_begins_another(site: Site) -> None:
    look()
    site.stop()
    for hours in range(1, 9):
        look(after=hours * HOURS)
    assert of_certificate() == [("127.0.0.1", True)]
    site.start()
    look(after=9 * HOURS)
    assert of_certificate() == [("127.0.0.1", True)]


def test_what_could_not_be_read_is_asked_at_the_next_look(site: Site) -> None:
    site.stop()
    look()
    assert of_certificate() == []
    site.start()
    look()
    assert of_certificate() == [("127.0.0.1", True)]


def test_one_that_is_valid_for_long_is_asked_for_every_few_hours(site: Site) -> None:
    site.show(FOR_LONG)
    for _ in range(3):
        look()
    assert site.asked == 1
    # Its last days have come.
    look(after=datetime.timedelta(days=FOR_LONG - 1))
    assert site.asked == 2
    assert of_certificate() == [("127.0.0.1", True)]


def test_who_remembers_the_one_before_does_not_end_it(site: Site) -> None:
    """Each process remembers a certificate for hours, and each since another time."""
    site.show(FOR_LONG)
    look()
    remembered = dict(machine._probed)
    site.show(ABOUT_TO_END)
    for minutes in range(3):
        machine.forget()
        look(after=minutes * MINUTE)
        machine._probed.update(remembered)
        look(after=minutes * MINUTE)
    assert of_certificate() == [("127.0.0.1", True)]
    look(after=15 * MINUTE)
    assert of_certificate() == [("127.0.0.1", False)]


def test_of_two_servers_of_one_name_the_one_that_was_forgotten_is_told_once(
    site: Site,
) -> None:
    look()
    for minutes in range(0, 60, 4):
        site.show(FOR_LONG)
        look(after=minutes * MINUTE)
        machine.forget()
        site.show(ABOUT_TO_END)
        look(after=(minutes + 2) * MINUTE)
    assert of_certificate() == [("127.0.0.1", True)]


def test_a_machine_that_serves_another_does_not_end_it(
    site: Site, tmp_path: Path, settings: Settings
) -> None:
    """Two machines may each have a certificate in a file of the same name."""
    certificate(tmp_path / "own", days=FOR_LONG)
    path = settings.TLS_CERTIFICATE = str(tmp_path / "own" / "tls.crt")
    here = f"{socket.gethostname()}:{path}"
    now = timezone.now()
    for about in ("127.0.0.1", f"elsewhere:{path}", here):
        Alarm.objects.create(
            trouble="certificate", about=about, since=now, noticed_at=now, seen_at=now
        )
    look()
    assert of_certificate() == [
        ("127.0.0.1", True),
        (f"elsewhere:{path}", True),
        (here, False),
    ]


def test_a_file_that_cannot_be_read_does_not_end_it(
    tmp_path: Path, settings: Settings
) -> None:
    certificate(tmp_path / "own", days=ABOUT_TO_END)
    settings.TLS_CERTIFICATE = str(tmp_path / "own" / "tls.crt")
    settings.DISK_FREE_PERCENT = 0
    look()
    (tmp_path / "own" / "tls.crt").write_text("half of one")
    look(after=3 * HOURS)
    assert [goes_on for _, goes_on in of_certificate()] == [True]


def open_now() -> set[str]:
    return set(Alarm.objects.open().values_list("trouble", flat=True))


def test_one_that_nobody_can_read_for_a_day_is_told_until_it_can_be(
    site: Site,
) -> None:
    site.show(FOR_LONG)
    site.stop()
    look()
    look(after=23 * HOURS)
    assert open_now() == set()
    look(after=24 * HOURS)
    assert open_now() == {"certificate_unread"}
    machine.forget()  # another process, which has just begun
    look(after=25 * HOURS)
    assert open_now() == {"certificate_unread"}
    site.start()
    look(after=26 * HOURS)
    assert open_now() == set()


def test_one_that_only_some_machines_can_read_is_told_once(site: Site) -> None:
    """Two machines look by turns, and one of them cannot reach the site."""
    site.show(FOR_LONG)
    site.stop()
    look()
    since = dict(machine._unread_since)
    for minutes in range(0, 60, 4):
        site.stop()
        machine.forget()
        machine._unread_since.update(since)
        look(after=24 * HOURS + minutes * MINUTE)
        site.start()
        look(after=24 * HOURS + (minutes + 2) * MINUTE)
    assert Alarm.objects.filter(trouble="certificate_unread").count() == 1
    assert open_now() == {"certificate_unread"}
    look(after=25 * HOURS + 15 * MINUTE)
    assert open_now() == set()


def test_when_it_ends_is_told_as_a_figure(
    site: Site, sofie: Clerk, sofie_client: Client
) -> None:
    Clerk.objects.filter(pk=sofie.pk).update(language="en")
    heartbeats.beat(Part.WORKER, at=timezone.now())
    look()
    ends = Heartbeat.objects.get().certificate_ends
    assert ends is not None
    assert abs(ends - timezone.now() - 24 * ABOUT_TO_END * HOURS) < HOURS
    answer = sofie_client.get("/readyz", headers=TOKEN).json()
    assert answer["certificate_ends"] == f"{ends:%Y-%m-%dT%H:%M:%SZ}"
    figures = sofie_client.get("/metrics", headers=TOKEN).content.decode()
    assert "sleutelloket_certificate_ends 1." in figures
    page = sofie_client.get(reverse("admin:counter_alarm_changelist"))
    assert "The certificate of the site ends:" in page.content.decode()


def test_nor_does_a_disk_that_cannot_be_read(
    tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "disk").mkdir()
    settings.DISK_PATHS = [str(tmp_path / "disk")]
    settings.DISK_FREE_PERCENT = 101
    look()
    (tmp_path / "disk").rmdir()
    look(after=3 * HOURS)
    assert Alarm.objects.get(trouble="disk").ended_at is None


def test_a_mistyped_directory_is_told_until_it_is_corrected(
    tmp_path: Path, settings: Settings
) -> None:
    settings.DISK_PATHS = [str(tmp_path / "bakcup")]
    settings.DISK_FREE_PERCENT = 0
    look()
    assert open_now() == {"disk_unread"}
    settings.DISK_PATHS = [str(tmp_path)]
    look(after=3 * HOURS)
    assert open_now() == set()
