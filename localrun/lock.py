"""Who uses the data of the embedded run: one process at a time.

The lock is the kernel's, so that it is free again however its holder ended.
"""

import fcntl
import os
from pathlib import Path
from typing import TextIO

from localrun.processes import ServiceError

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".local"


def take(home: Path) -> TextIO:
    """Lock the directory, making it if needed; closing the file frees it.

    Raises ServiceError, naming the process that has it.
    """
    # Others may pass through (x): as root we run PostgreSQL under another account.
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    held = (home / "lock").open("a+")
    if not _lock(held):
        held.seek(0)
        raise ServiceError(
            f"Another run (process {held.read().strip() or 'unknown'}) uses {home}. "
            "Stop it first, with Ctrl-C where it runs."
        )
    held.truncate(0)
    held.write(str(os.getpid()))
    held.flush()
    # A copy of this process (localrun.copies) would hold the lock beyond our end.
    os.register_at_fork(after_in_child=held.close)
    return held


def is_running(home: Path) -> bool:
    """Whether somebody holds the lock now."""
    try:
        with (home / "lock").open("a+") as held:
            return not _lock(held)
    except FileNotFoundError:
        return False


def _lock(held: TextIO) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
