"""The web process that draws a slip is killed with -9, and the visit stays as it is.

Ten times in `make test`, a hundred in `make soak`, each time a little later while the
slip is drawn. The next process prints the slip again. Nothing of the slip is left on
the disk, because there is a code on it.
"""

import contextlib
import signal
import threading
import time

import psutil
import pytest
from django.urls import reverse

from bench.web import LostError, Wire
from tests.processes.town import BOOKED, Town, press, serve, town
from tests.size import SOAK
from tests.web_server import WebServer

__all__ = ["town"]

pytestmark = pytest.mark.processes

KILLS = 100 if SOAK else 10
_FONT = b"\x00\x01\x00\x00"
#: The kills are spread over this time; a slow machine draws a slip in less.
LAST_SECONDS = 1.0


def ask_for(slip: str, port: int, cookies: dict[str, str]) -> None:
    """Ask for the slip, and ignore whether an answer comes."""
    with contextlib.suppress(LostError, OSError):
        wire = Wire(port, cookies)
        wire.get(slip)
        wire.close()


def kill_the_workers(web: WebServer) -> None:
    for process in psutil.Process(web.child.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)


def test_a_slip_is_printed_again_and_nothing_is_left(town: Town) -> None:
    [desk] = town.make_desks(1, 1)
    [dossier] = desk["dossiers"]
    files = town.home / "temporary"
    files.mkdir()
    web = WebServer(town.home / "web.log", town.env | {"TMPDIR": str(files)})
    slip = reverse("activation_desk:slip", args=[dossier])
    lost = 0
    try:
        web.until_it_answers()
        serve(desk, web.port, [])
        before = town.row(BOOKED)
        for kill in range(KILLS):
            asking = threading.Thread(
                target=ask_for, args=(slip, web.port, desk["cookies"])
            )
            asking.start()
            time.sleep(LAST_SECONDS * kill / KILLS)
            lost += asking.is_alive()
            kill_the_workers(web)
            asking.join(30)
            again = press(web.port, desk["cookies"], slip, None)
            assert again.startswith(b"%PDF-")
            assert again.rstrip().endswith(b"%%EOF")
        assert web.child.poll() is None
        left = [path.read_bytes() for path in files.rglob("*") if path.is_file()]
    finally:
        web.close()
    print(f"{lost} of {KILLS} killed while the slip was asked for")
    assert lost, "no kill came in time"
    # Only fonts are left, which the killed processes had unpacked.
    assert [file[:8] for file in left if not file.startswith(_FONT)] == []
    assert town.row(BOOKED) == before == (1,) * 6
    town.run("manage.py", "verify_journal")
