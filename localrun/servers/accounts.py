"""PostgreSQL refuses to run as root: the account it runs as instead, and its way in.

Used only when we are root ourselves, which a container or a fresh server often is.
"""

import os
import pwd
import stat
from pathlib import Path

from localrun.processes import Account, ServiceError


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


def allow_reading(package: Path) -> None:
    """Packages installed under a strict umask: let others read and run them."""
    libraries = package.with_name(f"{package.name}.libs")
    beside = (libraries, *libraries.glob("*")) if libraries.exists() else ()
    for path in (package, *package.rglob("*"), *beside):
        mode = stat.S_IMODE(path.stat().st_mode)
        runs = path.is_dir() or mode & stat.S_IXUSR
        wanted = mode | (0o055 if runs else 0o044)
        if mode != wanted:
            path.chmod(wanted)


def give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)
