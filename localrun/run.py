"""`make run`: start, watch and stop the whole product on one machine.

`python -m localrun.run [--port 8000] [--home .local]`

It prints one line for each part, with the seconds it took. When a part dies, the others
are stopped and the end of its log is shown. Nothing is restarted silently: somebody who
gives a demonstration should see that a part died. Ctrl-C and SIGTERM stop everything;
against kill -9 see `localrun.processes`.

If DATABASE_URL, REDIS_URL or SMTP_HOST is set, it is used instead of the embedded
server. Beside DATABASE_URL, OWNER_DATABASE_URL is that of the role that migrates.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

from config.translations import TranslationError, compile_translations
from localrun import copies, lock, needs, parts
from localrun.processes import (
    Child,
    Leftovers,
    ServiceError,
    die_with_parent,
    in_words,
    new_password,
    spawn,
    stop,
    tail,
)
from localrun.servers.services import Postgres, Valkey

SMTP_PORT = 1025
POLL_SECONDS = 0.05
COMMAND_SECONDS = 180.0  # migrations and seed
# A mail that is being sent may wait ten seconds for its server.
GRACE_SECONDS = 15.0


class Stopped(Exception):  # noqa: N818 (it is no error)
    """Ctrl-C or SIGTERM arrived while the parts were being started."""


class Supervisor:
    """Starts, watches and stops the parts, in the order in which they were started."""

    def __init__(self, *, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self.log = home / "log"
        self.stopping = False
        self.loaded = False
        self.environ = dict(os.environ)
        self.owner_url = self.environ.get("OWNER_DATABASE_URL", "")
        self.servers: list[tuple[str, Postgres | Valkey]] = []
        self.children: dict[str, Child] = {}
        self.leftovers = Leftovers(home / "parts.json")

    def up(self) -> None:
        """Start everything; raises ServiceError or Stopped, with parts running."""
        needs.need_pango()
        if slow := needs.slow_slips():
            _say(slow)
        needs.need_port(self.port)
        self.log.mkdir(exist_ok=True)
        ended = self.leftovers.end()
        if ended:
            _say(f"  ended {ended} processes that an earlier run had left behind")
        self._start_servers()
        self._start_mail_catcher()
        self._step("translations", compile_translations)
        self.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DEMO_INBOX": str(self.home),
            "BIND": f"127.0.0.1:{self.port}",
            "READYZ_TOKEN": new_password(),
            "PYTHONUNBUFFERED": "1",
            # The migration has just run Django's checks; to run them again would write
            # to a tenth of the memory that the parts share.
            "CELERY_SKIP_CHECKS": "1",
        }
        self.environ.setdefault("SITE_URL", f"http://127.0.0.1:{self.port}")
        if copies.can_copy:
            self._step("code", lambda: copies.load(self.environ))
            self.loaded = True
        # The only part that connects as the owner of the tables.
        owner = {"DATABASE_URL": self.owner_url} if self.owner_url else {}
        self._finish("database tables", parts.command(parts.MIGRATE), **owner)
        started = time.monotonic()
        application = parts.application(self.port, self.home, self.environ)
        for part in application:
            self._spawn(part)
        self._finish("demo data", parts.command("python manage.py seed"))
        for part in application:
            self._await(part, started)

    def watch(self) -> str | None:
        """Wait; returns the name of a part that died, or None after a signal."""
        while not self.stopping:
            for name, child in self._watched():
                if child.poll() is not None:
                    return name
            time.sleep(POLL_SECONDS * 4)
        return None

    def down(self) -> None:
        """Stop all parts at once, then the servers that they used."""
        children = list(self.children.values())
        for child in children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in children:
            stop(child, grace_seconds=max(0.1, deadline - time.monotonic()))
        for _, server in reversed(self.servers):
            server.stop()
        self.leftovers.clear()

    def log_of(self, name: str) -> Path:
        for title, server in self.servers:
            if title == name:
                return server.log
        return self.log / f"{name.replace(' ', '-')}.log"

    def seeded(self) -> str:
        """The logins that the seed printed, without its log lines (JSON)."""
        lines = self.log_of("demo data").read_text().splitlines()
        return "\n".join(f"  {line}" for line in lines if not line.startswith("{"))

    def _watched(self) -> list[tuple[str, Child]]:
        servers = [(n, s.process) for n, s in self.servers if s.process is not None]
        return [*servers, *self.children.items()]

    def _start_servers(self) -> None:
        if "DATABASE_URL" not in self.environ:
            postgres = Postgres(self.home, small=True)
            self.servers.append(("PostgreSQL", postgres))
            self.environ["DATABASE_URL"] = self._step("PostgreSQL", postgres.start)
            self.owner_url = postgres.owner_url
            for note in postgres.notes:
                _say(f"    {note}")
            needs.need_todays_database(self.owner_url)
        if "REDIS_URL" not in self.environ:
            valkey = Valkey(self.home)
            self.servers.append(("Valkey", valkey))
            self.environ["REDIS_URL"] = self._step("Valkey", valkey.start)

    def _start_mail_catcher(self) -> None:
        if "SMTP_HOST" in self.environ:
            return
        remembered = parts.mail_port(self.home)
        (self.home / "smtp.port").unlink(missing_ok=True)
        part = parts.mail_catcher(remembered or SMTP_PORT, self.home)
        started = time.monotonic()
        self._spawn(part)
        self._await(part, started)
        port = str(parts.mail_port(self.home))
        self.environ |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": port}

    def _step[Result](self, name: str, work: Callable[[], Result]) -> Result:
        """Run a step in this process, and print its line."""
        started = time.monotonic()
        try:
            result = work()
        except (OSError, TranslationError) as error:
            raise ServiceError(f"{name}: {in_words(error)}") from error
        self._line(name, started)
        return result

    def _spawn(self, part: parts.Part) -> None:
        child = self._child(part.name, part.command, self.environ)
        self.children[part.name] = child
        self.leftovers.add(child.pid)

    def _child(self, name: str, command: list[str], environ: dict[str, str]) -> Child:
        """Start a command, its output in the part's log."""
        log = self.log_of(name)
        log.write_bytes(b"")
        if self.loaded:
            return copies.Copy(command, name=name, log=log, env=environ, cwd=lock.ROOT)
        return spawn(command, log=log, env=environ, cwd=lock.ROOT)

    def _await(self, part: parts.Part, started: float) -> None:
        child = self.children[part.name]
        while not part.is_ready():
            if child.poll() is not None:
                raise ServiceError(self.obituary(part.name))
            if time.monotonic() - started > part.ready_within_seconds:
                raise ServiceError(
                    f"The {part.name} did not get ready within "
                    f"{part.ready_within_seconds:.0f} s. The end of its log "
                    f"({self.log_of(part.name)}):\n{tail(self.log_of(part.name))}"
                )
            self._pause()
        self._line(part.name, started)

    def _finish(self, name: str, command: list[str], **environ: str) -> None:
        """Run a command to its end, and print its line; only it gets `environ`."""
        started = time.monotonic()
        child = self._child(name, command, self.environ | environ)
        self.children[name] = child
        while child.poll() is None:
            if time.monotonic() - started > COMMAND_SECONDS:
                raise ServiceError(f"{name}: not done in {COMMAND_SECONDS:.0f} s.")
            self._pause()
        if child.returncode != 0:
            raise ServiceError(self.obituary(name))
        del self.children[name]
        self._line(name, started)

    def _pause(self) -> None:
        if self.stopping:
            raise Stopped
        time.sleep(POLL_SECONDS)

    def _line(self, name: str, started: float) -> None:
        if self.stopping:
            raise Stopped
        _say(f"  {name:<16} {time.monotonic() - started:5.1f} s")

    def obituary(self, name: str) -> str:
        """Which part ended, with which status, and the end of its log."""
        child = dict(self._watched()).get(name)
        status = child.returncode if child else None
        ending = f"by signal {-status}" if status and status < 0 else f"with {status}"
        log = self.log_of(name)
        return f"The {name} ended {ending}. The end of its log ({log}):\n{tail(log)}"


def _say(line: str, *, to: TextIO | None = None) -> None:
    """Print, if anybody still reads: `| head` must not keep us from stopping."""
    with suppress(OSError):
        print(line, file=to, flush=True)


def run(*, home: Path, port: int) -> int:
    """Start, watch and stop the parts. Returns the exit status."""
    lock_file = lock.take(home, lock.RUN)
    supervisor = Supervisor(home=home, port=port)

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.stopping = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Under nohup SIGHUP is ignored, and stays so: the terminal may be closed.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, ask_to_stop)
    began = time.monotonic()
    failure: str | None = None
    try:
        _say("Sleutelloket is starting.")
        supervisor.up()
        _say(f"Ready after {time.monotonic() - began:.1f} s. Ctrl-C stops it.")
        _say(parts.addresses(port))
        _say(supervisor.seeded())
        died = supervisor.watch()
        if died is not None:
            failure = supervisor.obituary(died)
    except Stopped:
        pass
    except (ServiceError, OSError) as error:
        failure = in_words(error)
    finally:
        if failure is not None:
            _say(f"\n{failure}\n", to=sys.stderr)
        _say("Stopping every part.")
        supervisor.down()
        lock_file.close()
    _say("Stopped.")
    return 0 if failure is None else 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Run all of it on this machine.")
    parser.add_argument(
        "--port", type=needs.port_of, default=os.environ.get("PORT", "8000")
    )
    parser.add_argument("--home", type=Path, default=lock.HOME)
    parser.add_argument("--with-parent", action="store_true", help="stop when it dies")
    options = parser.parse_args()
    if options.with_parent:
        die_with_parent()
    try:
        return run(home=options.home.resolve(), port=options.port)
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
