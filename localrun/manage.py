"""Run `manage.py` with the data of the embedded run, whether that is running or not.

`python -m localrun.manage migrate`

It uses the servers of the run if that is going on. Otherwise it starts servers for the
duration of the command, and locks the data meanwhile. With `--fresh` as the first word
it uses an empty database, which is deleted afterwards.
"""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
import redis
from django.core.management import execute_from_command_line

from counter.database.roles import OWNERS_COMMANDS, RESTORING
from localrun import lock
from localrun.needs import need_todays_database
from localrun.processes import in_words
from localrun.servers import postgres_program
from localrun.servers.services import Postgres, ServiceError, Valkey

INTERRUPTED: Final = 130  # as shells say it of a program that Ctrl-C has ended


def use_services(stack: ExitStack, home: Path, *, as_owner: bool = False) -> None:
    """Set DATABASE_URL and REDIS_URL, starting the servers that do not run.

    An address in the environment is used as it is; the owner's is OWNER_DATABASE_URL.
    Raises ServiceError when the servers do not answer, the data are an older version's,
    or another command has locked them.
    """
    if {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        running = False
    else:
        running = _a_run_has_them(stack, home)
    for variable, server in (
        ("DATABASE_URL", Postgres(home)),
        ("REDIS_URL", Valkey(home)),
    ):
        if variable in os.environ:
            if as_owner and isinstance(server, Postgres):
                os.environ[variable] = os.environ.get(
                    "OWNER_DATABASE_URL", os.environ[variable]
                )
            continue
        if running:
            _find(server, home)
        else:
            stack.enter_context(server)
        os.environ[variable] = server.url
        if isinstance(server, Postgres):
            programs = str(postgres_program.root() / "bin")
            os.environ.setdefault("POSTGRES_PROGRAMS", programs)
            _need_todays_database(server, home)
            if as_owner:
                os.environ[variable] = server.owner_url
    if running:
        _reach(home)


def _a_run_has_them(stack: ExitStack, home: Path) -> bool:
    """Whether a run uses these data; if not, they are locked for this command until the
    stack ends.
    """
    try:
        stack.enter_context(lock.take(home, lock.COMMAND))
    except lock.TakenError as taken:
        if taken.kind != lock.RUN:
            raise
        return True
    return False


def _need_todays_database(server: Postgres, home: Path) -> None:
    try:
        need_todays_database(server.owner_url)
    except psycopg.Error:
        raise _not_yet(home) from None


def _find(server: Postgres | Valkey, home: Path) -> None:
    try:
        server.find()
    except (OSError, ValueError):
        raise _not_yet(home) from None


def _give_a_scratch_server(home: Path) -> None:
    """Set RESTORE_DATABASE_URL, unless it is set: the superuser makes the database in
    which a backup is checked.
    """
    if "RESTORE_DATABASE_URL" in os.environ:
        return
    server = Postgres(home)
    try:
        server.find()
    except (OSError, ValueError):
        raise ServiceError(
            "RESTORE_DATABASE_URL is missing. It names the server on which the backup "
            "is restored (docs/backups.md)."
        ) from None
    os.environ["RESTORE_DATABASE_URL"] = server.superuser_url


def _not_yet(home: Path) -> ServiceError:
    return ServiceError(
        f"The servers of the run in {home} do not answer. If it is starting or "
        "stopping, try again in a moment; if it was given addresses (DATABASE_URL, "
        "REDIS_URL), give them here too."
    )


def _reach(home: Path) -> None:
    """Check that the servers of the run answer; they may be starting or stopping."""
    try:
        psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5).close()
        redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5).ping()
    except (psycopg.Error, redis.RedisError):
        raise _not_yet(home) from None


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    words = sys.argv[1:]
    with ExitStack() as stack:
        home = lock.HOME
        if words[:1] == ["--fresh"]:
            del words[0]
            home = Path(stack.enter_context(TemporaryDirectory()))
        try:
            use_services(
                stack, home, as_owner=bool(OWNERS_COMMANDS.intersection(words[:1]))
            )
            if words[:1] == [RESTORING]:
                _give_a_scratch_server(home)
        except (ServiceError, OSError) as error:
            print(in_words(error), file=sys.stderr)
            return 1
        execute_from_command_line(["manage.py", *words])
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # by now the servers have ended
        sys.exit(INTERRUPTED)
