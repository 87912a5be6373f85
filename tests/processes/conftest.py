"""Real workers, delivery loops, brokers and mail servers, which tests may kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from celery import Celery
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from config.settings.base import mailer
from localrun.processes import kill_session, spawn, tail
from localrun.servers.services import Valkey
from tests.mail_server import MailServer

ROOT = Path(__file__).parent.parent.parent
PYTHON = sys.executable
CELERY = [PYTHON, "-m", "celery", "--app", "config.celery"]
WORKER = [*CELERY, "worker", "--without-mingle"]
LOOP = [PYTHON, "manage.py", "deliver", "--every", "0.5"]
SECONDS = 20.0


def wait_for(
    condition: Callable[[], bool], *, seconds: float = SECONDS, what: str = ""
) -> None:
    """Wait until the condition holds; after so many seconds the test fails."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"Not within {seconds} s: {what or condition.__name__}")
        time.sleep(0.05)


class Process:
    """A process of the product, and what it has logged."""

    def __init__(
        self, command: list[str], *, log: Path, env: dict[str, str], cwd: Path = ROOT
    ) -> None:
        self.log = log
        self.child: subprocess.Popen[bytes] = spawn(command, log=log, env=env, cwd=cwd)

    @property
    def logged(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """Kill -9, with its children."""
        kill_session(self.child.pid)
        self.child.wait(SECONDS)

    def terminate(self, *, seconds: float = SECONDS) -> int:
        """Send SIGTERM and wait; return the exit status."""
        self.child.send_signal(signal.SIGTERM)
        return self.child.wait(seconds)

    def has_ended(self) -> bool:
        return self.child.poll() is not None


class Processes:
    """The processes of one test, with a broker of its own; `env` is added to theirs."""

    def __init__(self, home: Path, *, smtp_port: int, **env: str) -> None:
        self.home = home
        self.broker = Valkey(home)
        self.broker.start()
        self.processes: list[Process] = []
        url = urlsplit(os.environ["DATABASE_URL"])
        database = url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        self.env = os.environ | {
            "DATABASE_URL": database,
            "REDIS_URL": self.broker.url,
            "SMTP_PORT": str(smtp_port),
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONUNBUFFERED": "1",
            **env,
        }

    def _start(self, command: list[str]) -> Process:
        log = self.home / f"process-{len(self.processes)}.log"
        process = Process(command, log=log, env=self.env)
        self.processes.append(process)
        return process

    def worker(self, *options: str) -> Process:
        """Start a Celery worker; return it when it is ready for work."""
        name = f"worker{len(self.processes)}@test"
        worker = self._start([*WORKER, "--hostname", name, *options])
        wait_for(
            lambda: " ready." in worker.logged or worker.has_ended(),
            seconds=60,  # on a machine that does much else
            what="worker ready",
        )
        assert not worker.has_ended(), tail(worker.log)
        return worker

    def loop(self) -> Process:
        """Start the delivery loop, which looks for mails every half second."""
        return self._start(LOOP)

    def wake_up(self) -> None:
        """Ask the workers to send, as the web process does after its commit."""
        app = Celery("tests", broker=self.broker.url, set_as_current=False)
        app.send_task("notifications.tasks.deliver", ignore_result=True)
        app.close()

    def close(self) -> None:
        for process in self.processes:
            process.kill()
        self.broker.stop()


class House(Processes):
    """Processes with a mail server that can fail; the test may send to it too."""

    def __init__(self, home: Path) -> None:
        self.mail = MailServer()
        self.mail.start()
        super().__init__(home, smtp_port=self.mail.port)

    def deliver_once(self) -> None:
        """Send all that is due, in the test's own process: here nothing is killed."""
        call_command("deliver", once=True)

    def close(self) -> None:
        super().close()
        self.mail.stop()


@pytest.fixture
def house(
    transactional_db: None, tmp_path: Path, settings: Settings
) -> Iterator[House]:
    """Stopped before the database is emptied; its logs may hold no personal data."""
    house = House(tmp_path)
    settings.MAILERS = {"default": mailer(host="127.0.0.1", port=house.mail.port)}
    try:
        yield house
    finally:
        house.close()
    for process in house.processes:
        for secret in ("person", "example.org", "/nl/a/", "Nummer"):
            assert secret not in process.logged, "personal data in a log"
