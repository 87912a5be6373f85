"""PostgreSQL refuses to run as root: the account it runs as instead, and its way in.

Used only when we are root ourselves, which a container or a fresh server often is.
"""

import os
import pwd
import stat
from pathlib import Path

from config.local.processes import Account, ServiceError


def database_account(data: Path) -> Account | None:
    """PostgreSQL refuses to run as root: which account it runs as instead.

    Whoever owns the data already; otherwise `postgres` where a system has it, and
    `nobody`, which every system has, so that no account need be made.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ServiceError(
        "PostgreSQL does not run as root, and this system has neither an account "
        "`postgres` nor `nobody` to run it as. Use an ordinary account."
    )


def _may(status: os.stat_result, account: Account, bits: int) -> bool:
    """Whether an account has rwx `bits` (4, 2, 1) on something, by its mode."""
    if status.st_uid == account.uid:
        shift = 6
    elif status.st_gid == account.gid:
        shift = 3
    else:
        shift = 0
    return (status.st_mode >> shift) & bits == bits


def allow_search(path: Path, account: Account) -> list[Path]:
    """Add x (pass through, not list) for others where the way to `path` is closed.

    Returns the directories that were opened, so that a person can be told.
    """
    opened = []
    for directory in (path, *path.resolve().parents):
        status = directory.stat()
        if not _may(status, account, stat.S_IXOTH):
            directory.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)
            opened.append(directory)
    return opened


def allow_reading(root: Path, account: Account) -> None:
    """Packages installed under a strict umask: make the binaries readable."""
    if _may((root / "bin" / "postgres").stat(), account, stat.S_IXOTH | stat.S_IROTH):
        return
    for path in (root, *root.rglob("*"), *root.parent.parent.glob("*postgres.libs/*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        extra = 0o055 if path.is_dir() or mode & stat.S_IXUSR else 0o044
        path.chmod(mode | extra)
    for libraries in root.parent.parent.glob("*postgres.libs"):
        libraries.chmod(stat.S_IMODE(libraries.stat().st_mode) | 0o055)


def give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)
