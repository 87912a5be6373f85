"""The processes of the product, and the commands that start them.

docker-compose.yml starts the same ones, but for those that are marked as small;
tests/localrun/test_compose.py compares.
"""

import json
import shlex
import socket
import sys
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request

from celery import Celery
from kombu.exceptions import OperationalError

WEB = "python -m gunicorn --config python:config.server config.wsgi:application"
WORKER = (
    "python -m celery --quiet --app config.celery worker"
    " --loglevel info --hostname worker@%h --concurrency 2 --without-mingle"
)
# Two threads instead of two more processes, for a machine that runs all parts.
SMALL_WORKER = f"{WORKER} --pool threads"
BEAT = (
    "python -m celery --quiet --app config.celery beat"
    " --loglevel info --schedule .local/schedule --enable-remote-control"
)
DELIVER = "python manage.py deliver"
# Likewise, with the schedule and the delivery loop in one process.
SMALL_LOOP = "python -m localrun.loop --schedule .local/schedule"
MIGRATE = "python manage.py migrate --noinput"


@dataclass(frozen=True)
class Part:
    """A process that keeps running: its name, its command, and a check that it
    works.
    """

    name: str
    command: list[str]
    is_ready: Callable[[], bool]
    ready_within_seconds: float = 45.0


def command(line: str) -> list[str]:
    """Split a command line into words; `python` becomes this process's interpreter."""
    first, *rest = shlex.split(line)
    return [sys.executable if first == "python" else first, *rest]


def mail_catcher(port: int, home: Path) -> Part:
    """The mail catcher, on this port or, if that is taken, on another (see
    `mail_port`).
    """
    words = f"python -m localrun.servers.smtp --port {port}"
    return Part(
        "mail catcher",
        [
            *command(words),
            *("--directory", str(home / "mail"), "--tell", str(home / "smtp.port")),
        ],
        lambda: (chosen := mail_port(home)) is not None and _greets(chosen),
    )


def mail_port(home: Path) -> int | None:
    """The port that the mail catcher listens on; None until it does."""
    try:
        return int((home / "smtp.port").read_text())
    except (FileNotFoundError, ValueError):
        return None


def worker(environ: Mapping[str, str], line: str = WORKER) -> Part:
    """A worker for the broker of this environment, started by this command line."""
    # Not set as current: that is the Celery app with which this process, or a copy,
    # works.
    broker = Celery("probe", broker=environ["REDIS_URL"], set_as_current=False)
    broker.conf.broker_connection_retry = False
    name = f"worker@{socket.gethostname()}"
    return Part("worker", command(line), lambda: _pongs(broker, name))


def application(port: int, home: Path, environ: Mapping[str, str]) -> list[Part]:
    """The parts of the application on a machine that runs all of them: web server,
    worker, and the delivery loop with the schedule.
    """
    loop = [
        str(home / "schedule") if word == ".local/schedule" else word
        for word in command(SMALL_LOOP)
    ]
    asked = Request(
        f"http://127.0.0.1:{port}/readyz",
        headers={"Authorization": f"Bearer {environ['READYZ_TOKEN']}"},
    )
    return [
        Part("web server", command(WEB), lambda: _answers(port)),
        worker(environ, SMALL_WORKER),
        Part("delivery loop", loop, lambda: _are_heard(asked, "deliver", "beat")),
    ]


def addresses(port: int) -> str:
    """The addresses of the product, as lines for a person."""
    site = f"http://127.0.0.1:{port}"
    return f"""
  Desk              {site}/counter/
  Supervisor        {site}/admin/
  Demo inbox        {site}/demo/inbox/
  Information page  {site}/
"""


def _greets(port: int) -> bool:
    """Whether a mail server says its `220` on this port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False


def _answers(port: int) -> bool:
    """Whether the web server's liveness page answers."""
    address = f"http://127.0.0.1:{port}/healthz"
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def _are_heard(asked: Request, *parts: str) -> bool:
    """Whether the web server reports recent heartbeats of all these parts."""
    try:
        with urllib.request.urlopen(asked, timeout=5) as response:  # noqa: S310 (ours)
            answer = json.load(response)
    except HTTPError as error:  # another part is not ready yet
        answer = json.load(error)
    except (URLError, OSError):
        return False
    heard = answer.get("parts", {})
    return all(heard.get(part) == "alive" for part in parts)


def _pongs(app: Celery, node: str) -> bool:
    """Whether a Celery node answers a ping through the broker."""
    try:
        return bool(app.control.ping(destination=[node], timeout=0.5))
    except OperationalError:
        return False  # The broker is away; whoever waits has a time limit.
