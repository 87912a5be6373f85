"""A lock on the data of the embedded run, so that one process at a time uses them.

It is a lock of the kernel (flock), so it is released however its holder ends.
"""

import fcntl
import os
import shlex
from pathlib import Path
from typing import Final, TextIO

from localrun.processes import ServiceError

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".local"
#: The kinds of holder. A command uses the servers of a run, but not those of another
#: command, because these stop when it ends.
RUN: Final = "run"
COMMAND: Final = "command"


class TakenError(ServiceError):
    """Somebody else has the lock."""

    def __init__(self, home: Path, holder: str) -> None:
        """`holder` is what the file says: `run 1234`."""
        self.kind, _, number = holder.partition(" ")
        super().__init__(
            f"Another {self.kind or 'process'} (process {number or 'unknown'}) uses "
            f"{home}. Stop it first, with Ctrl-C where it runs, or wait for its end."
        )


def take(home: Path, kind: str) -> TextIO:
    """Lock the directory, making it if needed; closing the file frees it.

    `kind` is RUN or COMMAND. Raises TakenError, naming the process that has it.
    """
    try:
        # Other accounts may enter it (x): as root we run PostgreSQL under another
        # account.
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        lock_file = (home / "lock").open("a+")
    except OSError as error:
        raise _cannot(home, error) from None
    try:
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with lock_file:
            lock_file.seek(0)
            raise TakenError(home, lock_file.read().strip()) from None
    except OSError as error:
        lock_file.close()
        raise _cannot(home, error) from None
    lock_file.truncate(0)
    lock_file.write(f"{kind} {os.getpid()}")
    lock_file.flush()
    # Otherwise a copy of this process (localrun.copies) would hold the lock after our
    # end.
    os.register_at_fork(after_in_child=lock_file.close)
    return lock_file


def _cannot(home: Path, error: OSError) -> ServiceError:
    reason = f"The data cannot lie in {home}: {error.strerror}."
    if isinstance(error, PermissionError):
        reason += (
            " If a run of another account (sudo) has left it there, give it to yours: "
            f'sudo chown -R "$(id -un)" {shlex.quote(str(home))}'
        )
    return ServiceError(reason)
