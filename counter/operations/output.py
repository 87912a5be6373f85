"""What a command prints when its work is done, or while it goes on."""

import os
from contextlib import suppress
from pathlib import Path

from django.core.management.base import OutputWrapper


def write_line(out: OutputWrapper, line: str) -> None:
    """Write a line. That nobody reads it any more, or that the disk is full, is no
    failure of the command.

    After the pipe was closed, Python would fail once more at the end of the process,
    because the line is still in its buffer. So the rest goes nowhere.
    """
    try:
        out.write(line)
        out.flush()
    except BrokenPipeError:
        with suppress(OSError), Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), out.fileno())
    except OSError:
        pass
