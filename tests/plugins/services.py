"""PostgreSQL and Valkey for the tests, before Django reads its settings.

Loaded with `-p tests.plugins.services`. Uses the embedded servers in a temporary
directory, unless the environment names others: REDIS_URL, and DATABASE_URL together
with OWNER_DATABASE_URL and SUPERUSER_DATABASE_URL. Under pytest-xdist only the
controller starts them; its workers inherit the variables.
"""

import atexit
import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
import pytest

# Importing a module of config makes the Celery application. That chooses the settings
# of the embedded run when none are chosen; here pytest-django has to choose.
_chosen = os.environ.get("DJANGO_SETTINGS_MODULE")

from config.translations import compile_translations  # noqa: E402
from localrun.processes import ServiceError  # noqa: E402
from localrun.servers.postgres import OWNER  # noqa: E402
from localrun.servers.services import Postgres, Valkey  # noqa: E402

if _chosen is None:
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)

OTHER_ROLES = {"OWNER_DATABASE_URL", "SUPERUSER_DATABASE_URL"}
_to_undo: list[Callable[[], object]] = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Runs before pytest-django, whose hook of this name imports the settings."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    compile_translations()
    missing = {"DATABASE_URL", "REDIS_URL", "DEMO_INBOX"} - os.environ.keys()
    if "DATABASE_URL" not in missing and not os.environ.keys() >= OTHER_ROLES:
        raise pytest.UsageError(f"DATABASE_URL goes with {sorted(OTHER_ROLES)}.")
    if not missing:
        return
    atexit.register(_stop)
    # SIGTERM (a CI that gives up) would end Python without running atexit.
    signal.signal(signal.SIGTERM, _terminated)
    home = Path(tempfile.mkdtemp(prefix="sleutelloket-tests-"))
    _to_undo.append(lambda: shutil.rmtree(home, ignore_errors=True))
    if "DEMO_INBOX" in missing:
        os.environ["DEMO_INBOX"] = str(home / "inbox")
    try:
        if "DATABASE_URL" in missing:
            _start_postgres(Postgres(home, durable=False))
        if "REDIS_URL" in missing:
            _start("REDIS_URL", Valkey(home))
    except ServiceError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_unconfigure() -> None:
    _stop()


def _start_postgres(server: Postgres) -> None:
    _start("DATABASE_URL", server)
    others = {"OWNER_DATABASE_URL": server.owner_url, "DATABASE_LOG": str(server.log)}
    others["SUPERUSER_DATABASE_URL"] = server.superuser_url
    os.environ |= others
    _to_undo.extend(partial(os.environ.pop, name, None) for name in others)
    # In tests the owner creates a database for each worker; elsewhere it creates none.
    with psycopg.connect(server.superuser_url, autocommit=True) as superuser:
        superuser.execute(f"ALTER ROLE {OWNER} CREATEDB")


def _start(variable: str, server: Postgres | Valkey) -> None:
    _to_undo.append(server.stop)
    os.environ[variable] = server.start()
    _to_undo.append(lambda: os.environ.pop(variable, None))


def _stop() -> None:
    while _to_undo:
        _to_undo.pop()()


def _terminated(signal_number: int, _frame: object) -> None:
    raise SystemExit(128 + signal_number)
