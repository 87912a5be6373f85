"""Why there is no backup, or why one is not good; each with the command's exit code.

Every error is a sentence for whoever reads it in a log at night. None holds a password,
nor a row's values.
"""

from typing import ClassVar


def first_line(error: Exception) -> str:
    """Of what PostgreSQL says, the line without a row's values."""
    return (str(error).splitlines() or [type(error).__name__])[0]


class BackupError(Exception):
    """No backup was made, and no half of one is left; or a backup did not come back."""

    exit_code: ClassVar[int] = 1


class NoRecipientError(BackupError):
    """Nobody could open it."""

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
    """It was restored, and something in it is not as it was or not as it should be."""

    exit_code = 8
