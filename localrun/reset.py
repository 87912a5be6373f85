"""`make reset`: throw the data of the embedded run away, to start afresh."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from localrun import lock
from localrun.processes import Leftovers, ServiceError, in_words
from localrun.servers.services import Postgres

DATA: Final = ("postgres", "valkey", "mail", "sms", "log")
MOST_LINES: Final = 5


def main() -> int:
    try:
        with lock.take(lock.HOME, lock.COMMAND):
            Leftovers(lock.HOME / "parts.json").end()
            Postgres(lock.HOME).end_previous()
            Leftovers(lock.HOME / "valkey" / "pids.json").end()
            left = _remove(lock.HOME)
    except (ServiceError, OSError) as error:
        print(in_words(error), file=sys.stderr)
        return 1
    if left:
        lines = "\n  ".join(left[:MOST_LINES])
        print(f"Not all data in {lock.HOME} are gone:\n  {lines}", file=sys.stderr)
        return 1
    print(f"The data in {lock.HOME} are gone. `make run` starts afresh.")
    return 0


def _remove(home: Path) -> list[str]:
    """Delete all that can be deleted; returns what is left, each with the reason."""
    left = []

    def note(_function: Callable[..., object], name: str, error: BaseException) -> None:
        if not isinstance(error, FileNotFoundError):
            reason = error.strerror if isinstance(error, OSError) else None
            left.append(f"{name}: {reason or error}")

    for name in DATA:
        shutil.rmtree(home / name, onexc=note)
    for path in home.glob("schedule*"):
        try:
            path.unlink()
        except OSError as error:
            note(path.unlink, str(path), error)
    return left


if __name__ == "__main__":
    sys.exit(main())
