"""The errors of making and checking backups, each with the command's exit code.

Every error is a sentence for an operator who reads it in a log. It has no password and
no values of rows.
"""

from typing import ClassVar


def first_line(error: Exception) -> str:
    """The first line of PostgreSQL's message, which has no values of rows."""
    return (str(error).splitlines() or [type(error).__name__])[0]


class BackupError(Exception):
    """No backup was made and no incomplete file is left, or the check of one failed."""

    exit_code: ClassVar[int] = 1


class NoRecipientError(BackupError):
    """No valid public key is set, so nobody could open the backup."""

    exit_code = 3


class ProgramError(BackupError):
    """PostgreSQL's own program is missing, too old, or failed."""

    exit_code = 4


class DatabaseAwayError(BackupError):
    exit_code = 5


class PlaceError(BackupError):
    """The file cannot be written or read: full, missing, not allowed."""

    exit_code = 6


class NotOpenedError(BackupError):
    """The key does not fit, or the file is cut off or altered."""

    exit_code = 7


class NotTheSameError(BackupError):
    """The backup was restored, but some data differ or cannot be right."""

    exit_code = 8
