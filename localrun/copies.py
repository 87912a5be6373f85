"""Start the parts of the run as copies (forks) of one process that has loaded the code.

Web server, worker and delivery loop are the same code. If each is started by
itself, each loads that code: seconds of CPU, and a hundred megabytes. Here the
supervisor loads it once (`load`), and a part is a fork that goes on with the part's own
command line, as `python -m` would. The kernel keeps one page of memory for all of them
until one writes to it.

Linux only: on other systems, libraries that WeasyPrint and PostgreSQL's client need do
not survive a fork. There `localrun.processes.spawn` starts the same commands
(docs/decisions/098-parts-are-copies-of-one-process.md).
"""

import ctypes
import gc
import importlib
import multiprocessing
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

from localrun.processes import ServiceError, die_with_parent

PR_SET_NAME: Final = 15  # <sys/prctl.h>
#: The kernel keeps so many bytes of a process's name.
NAME_LENGTH: Final = 15
M_ARENA_MAX: Final = -8  # <malloc.h>

# All modules of these apps are loaded, and of other packages those that a part imports
# after its start: an import writes to many pages of memory, also to those of other
# modules.
_APPS: Final = ("counter", "payments", "activation", "notifications")
_OTHERS: Final = (
    "babel.numbers",
    "billiard.pool",
    "celery.app.amqp",
    "celery.app.control",
    "celery.app.events",
    "celery.app.log",
    "celery.beat",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.concurrency.thread",
    "celery.events.state",
    "celery.worker.autoscale",
    "celery.worker.components",
    "celery.worker.consumer.delayed_delivery",
    "celery.worker.strategy",
    "config.beat",
    "config.web.doors",
    "config.web.worker",
    "django.contrib.sessions.backends.db",
    "django.contrib.sessions.serializers",
    "django.core.handlers.wsgi",
    "django.core.management.commands.migrate",
    "gunicorn.app.wsgiapp",
    "gunicorn.glogging",
    "kombu.transport.redis",
    "notifications.management.commands.deliver",
)

can_copy: Final = sys.platform == "linux"


def load(environ: Mapping[str, str]) -> None:
    """Load the product's code into this process, with these settings.

    Opens no connection. Raises ServiceError when the settings or the code cannot be
    loaded.
    """
    os.environ.update(environ)
    _one_arena()
    try:
        _load()
    except Exception as error:
        raise ServiceError(f"The code cannot be loaded: {error}") from error
    gc.collect()
    # The garbage collector writes to the objects that it visits, and a page of memory
    # that was written to is no longer shared.
    gc.freeze()


def _load() -> None:
    import django  # noqa: PLC0415 (reads the environment)

    django.setup(set_prefix=False)
    from django.conf import settings  # noqa: PLC0415 (as above)
    from django.db.migrations.loader import (  # noqa: PLC0415 (as above)
        MigrationLoader,
    )
    from django.template import engines  # noqa: PLC0415 (as above)
    from django.urls import get_resolver  # noqa: PLC0415 (as above)
    from django.utils.module_loading import import_string  # noqa: PLC0415 (as above)

    from config.celery import app  # noqa: PLC0415 (as above)

    # First, because this defines the path converters that other addresses use.
    get_resolver().url_patterns  # noqa: B018 (reads every view)
    for module in (*_OTHERS, *_modules()):
        importlib.import_module(module)
    for name in (*settings.MIDDLEWARE, *settings.AUTHENTICATION_BACKENDS):
        import_string(name)
    engine = engines["django"]
    for directory in engine.dirs:
        for file in filter(Path.is_file, Path(directory).rglob("*")):
            engine.get_template(str(file.relative_to(directory)))
    # The page that compares the tables with the code needs it too.
    MigrationLoader(None, ignore_no_migrations=True)
    app.loader.import_default_modules()
    app.finalize()
    for code, _ in settings.LANGUAGES:
        _read_language(code)


def _read_language(code: str) -> None:
    """Load the texts, addresses and names of months of a language, which are otherwise
    loaded at their first use.
    """
    import babel  # noqa: PLC0415 (most runs of this module load nothing)
    from django.urls import get_resolver  # noqa: PLC0415 (as above)
    from django.utils import formats, translation  # noqa: PLC0415 (as above)

    with translation.override(code):
        translation.gettext("Save")
        formats.get_format("DATE_FORMAT")
        get_resolver().reverse_dict  # noqa: B018 (reads them)
    babel.Locale.parse(code).date_formats  # noqa: B018 (reads them)


def _modules() -> Iterator[str]:
    """The names of all modules of the apps, except migrations and commands, which run
    once.
    """
    for name in _APPS:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not {"management", "migrations"} & set(module.name.split(".")):
                yield module.name


def _one_arena() -> None:
    """Let all threads use one memory arena, so that they reuse each other's freed
    memory.
    """
    with suppress(AttributeError):  # a C library without it
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


class Copy:
    """A running copy, with the methods of `subprocess.Popen` that the run uses."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        name: str,
        log: Path,
        env: Mapping[str, str],
        cwd: Path,
    ) -> None:
        """Start it: `command` is `python -m module ...` or `python file ...`.

        `name` is what `ps -e` shows; only its first 15 bytes count.
        """
        begun, begins = os.pipe()
        self._process = multiprocessing.get_context("fork").Process(
            target=_become,
            args=(command, name, log, dict(env), cwd, os.getpid(), (begun, begins)),
        )
        # Signals for the copy are held back until it has handlers of its own.
        signals = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
            os.close(begins)
        # Wait until it has its name, which is part of the record by which a later run
        # finds it.
        os.read(begun, 1)
        os.close(begun)
        self.args = list(command)
        self.pid = cast(int, self._process.pid)

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; returns its status. Raises subprocess.TimeoutExpired if it
        takes longer.
        """
        self._process.join(timeout)
        status = self._process.exitcode
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        return status


def _become(
    command: Sequence[str],
    name: str,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    parent: int,
    pipe: tuple[int, int],
) -> None:
    """Runs in the copy: become the part, so that it looks like a process of its own."""
    begun, begins = pipe
    os.setsid()
    die_with_parent()
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)
    ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode()[:NAME_LENGTH])
    _stand_alone(log)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    _use_its_database()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(
        signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    )
    os.close(begun)
    os.write(begins, b"\n")
    os.close(begins)
    # An error that ends it is logged with its full text (multiprocessing does that):
    # here one person runs everything on one machine, and has to read why, as
    # `Connection refused`.
    _run(list(command[1:]))


def _stand_alone(log: Path) -> None:
    """Empty the standard input, and write all output to the log, each line at once."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    for ours, theirs in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(ours, theirs)
    os.close(nothing)
    os.close(output)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(write_through=True)  # type: ignore[union-attr] # both are files


def _use_its_database() -> None:
    """Use the database of this environment: migrations have another role than the
    settings.
    """
    from django.apps import apps  # noqa: PLC0415 (Django is set up later)
    from django.db import connections  # noqa: PLC0415 (as above)

    from config import environment  # noqa: PLC0415 (as above)

    if apps.ready:
        connections["default"].settings_dict |= environment.database("DATABASE_URL")


def _run(words: list[str]) -> None:
    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")
