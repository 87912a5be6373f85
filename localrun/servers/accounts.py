"""The account for PostgreSQL, which refuses to run as root, and its access to files.

Used only when we are root ourselves, as is usual in a container or on a new server.
"""

import os
import pwd
import stat
from pathlib import Path

from localrun.processes import Account, ServiceError


def database_account(data: Path) -> Account | None:
    """The account as which PostgreSQL runs if we are root; None if we are not.

    It is the owner of existing data, unless that is root; otherwise `postgres` if there
    is one, or `nobody`, which every system has, so that no account has to be made.
    Raises ServiceError if there is neither.
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
    """Whether the mode of a file gives an account these rwx `bits` (4, 2, 1)."""
    if status.st_uid == account.uid:
        shift = 6
    elif status.st_gid == account.gid:
        shift = 3
    else:
        shift = 0
    return (status.st_mode >> shift) & bits == bits


def allow_search(path: Path, account: Account) -> list[Path]:
    """Add the right x (enter, not list) for others to `path` and the folders above it,
    where the account needs it.

    Returns the directories that were changed, so that a person can be told.
    """
    opened = []
    for directory in (path, *path.resolve().parents):
        status = directory.stat()
        if not _may(status, account, stat.S_IXOTH):
            directory.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)
            opened.append(directory)
    return opened


def allow_reading(package: Path) -> None:
    """Let others read and run a package that was installed with a strict umask."""
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
