"""`make run` as a process of its own, with a directory of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from localrun.processes import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
#: A name with characters that mean something in a shell or a file of settings.
ODD_NAME = """it's "$HOME" \\ #1 %s 100 %, é"""
# Set for the tests; the embedded run must find its own values.
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


class Run:
    """One supervisor with its output in a file, and every process under it."""

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
    """Whether it runs. A zombie has ended, even where nobody reaps it (a container)."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)
