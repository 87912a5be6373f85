"""`make run` as a real process: it reaches the desk, and leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import psutil
import psycopg
import pytest

from counter.database.older_database import CURE, MESSAGE
from counter.staff.demo_accounts import DEMO_ACCOUNTS
from localrun import copies, needs
from localrun.manage import use_services
from localrun.processes import ServiceError, free_port
from localrun.servers.services import Postgres
from tests.counter.database.test_older_database import YESTERDAY
from tests.localrun.test_services import ODD_NAME

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parent.parent.parent
# What the test run itself set, and the embedded run must find out alone.
SET_BY_TESTS = (
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "SUPERUSER_DATABASE_URL",
    "REDIS_URL",
    "DEMO_INBOX",
    "SMTP_HOST",
    "SMTP_PORT",
    "SITE_URL",
    "DJANGO_SETTINGS_MODULE",
)
#: Servers and all, shortly after the start: it was 790 before parts were copies.
MOST_MIB = 450
#: The last port that only root may listen on.
PRIVILEGED = (
    int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) - 1
    if sys.platform == "linux"
    else 0
)
PARTS = [
    "PostgreSQL",
    "Valkey",
    "mail catcher",
    "translations",
    *(["code"] if copies.can_copy else []),
    "database tables",
    "demo data",
    "web server",
    "worker",
    "schedule",
    "delivery loop",
]


class Run:
    """One supervisor, its output in a file, and every process under it."""

    def __init__(self, home: Path, *, port: int, **environ: str) -> None:
        self.port = port
        self.output = home.parent / f"output-{free_port()}"
        inherited = {k: v for k, v in os.environ.items() if k not in SET_BY_TESTS}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "localrun.run"),
                    *("--home", str(home), "--port", str(port)),
                ],
                cwd=ROOT,
                env={**inherited, **environ},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.family: list[psutil.Process] = []

    def printed(self) -> str:
        return self.output.read_text()

    def until_ready(self) -> "Run":
        wait_until(lambda: "Ready after" in self.printed() or self.has_ended(), 180)
        assert not self.has_ended(), self.printed()
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return self

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def send(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)

    def survivors(self) -> list[psutil.Process]:
        return [process for process in self.family if alive(process)]

    def end(self) -> None:
        """Kill what still runs, whether the test passed or failed."""
        self.process.kill()
        self.process.wait()
        for process in self.survivors():
            process.kill()


def alive(process: psutil.Process) -> bool:
    """Whether it runs. A zombie has ended, though in a container nobody may reap it."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def is_loop(process: psutil.Process) -> bool:
    """Whether it is the delivery loop: a copy has its name, a command its words."""
    return process.name() == "delivery loop" or "deliver" in process.cmdline()


def memory(process: psutil.Process) -> float:
    """MiB of a process; a page that several share counts for each in part (PSS)."""
    rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    [kib] = re.findall(r"^Pss: +(\d+) kB$", rollup, re.MULTILINE)
    return int(kib) / 1024


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    # PostgreSQL runs as another account when we are root, and must get here.
    tmp_path.chmod(0o711)
    return tmp_path / ODD_NAME


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Run]]:
    with ExitStack() as stack:

        def start(*, port: int | None = None, **environ: str) -> Run:
            started = Run(home, port=port or free_port(), **environ)
            stack.callback(started.end)
            return started

        yield start


def status(port: int, path: str) -> int:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        return int(response.status)


def test_it_reaches_the_desk_and_sigterm_to_it_alone_ends_all(
    start: Callable[..., Run], home: Path
) -> None:
    first = start().until_ready()
    for path in ("/healthz", "/counter/", "/admin/", "/demo/inbox/"):
        assert status(first.port, path) == 200, path
        assert path == "/healthz" or f":{first.port}{path}" in first.printed()
    output = first.printed()
    for account in DEMO_ACCOUNTS:
        assert re.search(rf"{account.username} +{account.password}", output)
    assert [name for name in PARTS if f"\n  {name} " not in output] == []

    if copies.can_copy:
        every = [psutil.Process(first.process.pid), *first.family]
        assert sum(memory(process) for process in every) < MOST_MIB

    with ExitStack() as stack, pytest.MonkeyPatch.context() as environ:
        for name in ("DATABASE_URL", "REDIS_URL"):
            environ.delenv(name, raising=False)
        use_services(stack, home)  # what `make migrate` begins with, beside a run
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            rows = connection.execute("SELECT count(*) FROM counter_office").fetchone()
        assert rows == (1,)
        for name in ("DATABASE_URL", "REDIS_URL"):
            environ.delenv(name)

    second = start()
    assert second.process.wait(20) == 1
    assert f"Another run (process {first.process.pid})" in second.printed()

    assert first.send(signal.SIGTERM) == 0
    assert first.survivors() == []
    assert not (home / "parts.json").exists()


def test_kill_9_is_no_obstacle_and_a_part_that_dies_is_named(
    start: Callable[..., Run],
) -> None:
    first = start().until_ready()
    first.send(signal.SIGKILL)

    second = start().until_ready()
    wait_until(lambda: not first.survivors(), 15)
    assert first.survivors() == []

    [loop] = [p for p in second.family if is_loop(p)]
    loop.kill()
    assert second.process.wait(30) == 1
    assert "The delivery loop ended by signal 9." in second.printed()
    assert second.survivors() == []


def test_a_signal_while_it_starts_ends_what_has_started(
    start: Callable[..., Run],
) -> None:
    started = start()
    wait_until(lambda: "Valkey" in started.printed(), 30)
    started.family = psutil.Process(started.process.pid).children(recursive=True)
    assert len(started.family) >= 2
    assert started.send(signal.SIGINT) == 0
    assert started.survivors() == []
    assert "Ready" not in started.printed()


def test_with_nohup_it_outlives_the_terminal(start: Callable[..., Run]) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # what nohup does
    try:
        started = start()
    finally:
        signal.signal(signal.SIGHUP, before)
    wait_until(lambda: "PostgreSQL" in started.printed(), 30)
    started.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "mail catcher" in started.printed(), 30)
    assert "mail catcher" in started.printed()
    assert started.send(signal.SIGTERM) == 0


def test_a_taken_port_is_named_before_anything_starts(
    start: Callable[..., Run], home: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = start(port=port)
        assert refused.process.wait(20) == 1
    assert f"Port {port} is taken" in refused.printed()
    assert f"make run PORT={port + 1}" in refused.printed()
    assert not (home / "postgres").exists()


@pytest.mark.parametrize("taken_by_a_file", ["", "smtp.port/x"])
def test_a_home_that_cannot_be_used_is_named_in_a_line(
    start: Callable[..., Run], home: Path, taken_by_a_file: str
) -> None:
    path = home / taken_by_a_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    refused = start()
    assert refused.process.wait(60) == 1
    assert str(home) in refused.printed()
    assert "Traceback" not in refused.printed()


@pytest.mark.parametrize("port", ["70000", "0", "-1", "abc", ""])
def test_a_port_that_is_none_is_named_in_a_line(home: Path, port: str) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "localrun.run", "--home", str(home)],
        cwd=ROOT,
        env={**os.environ, "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert f"'{port}' is no port" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not home.exists()


@pytest.mark.skipif(PRIVILEGED < 1, reason="everybody may listen on every port here")
def test_a_port_that_only_root_may_have_is_not_called_taken() -> None:
    script = (
        "import os\n"
        "from localrun import needs\n"
        "os.geteuid() or os.setuid(65534)\n"
        f"needs.need_port({PRIVILEGED})"
    )
    refused = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"may not listen on port {PRIVILEGED}" in refused.stderr


def test_a_database_that_is_away_is_said_to_be_the_reason(
    start: Callable[..., Run],
) -> None:
    nowhere = f"postgresql://x:y@127.0.0.1:{free_port()}/z"
    failed = start(DATABASE_URL=nowhere)
    assert failed.process.wait(60) == 1
    assert "PostgreSQL   " not in failed.printed()
    assert "The database tables ended with 1." in failed.printed()
    assert "Connection refused" in failed.printed()


def test_data_of_an_older_version_are_said_to_be_the_reason(
    start: Callable[..., Run], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Postgres(home) as server, psycopg.connect(server.owner_url) as older:
        older.execute(YESTERDAY.encode())
    refused = start()
    assert refused.process.wait(60) == 1
    assert f"\n{MESSAGE} {CURE}\n" in refused.printed()
    assert "Traceback" not in refused.printed()

    for name in SET_BY_TESTS:
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as stack, pytest.raises(ServiceError, match=MESSAGE):
        use_services(stack, home)  # what `make migrate` and `make seed` begin with


def test_missing_pango_comes_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ctypes.util.find_library", lambda _name: None)
    with pytest.raises(ServiceError, match=r"apt-get install libpango"):
        needs.need_pango()
