"""What `make run` requires of the machine and of its data."""

import ctypes.util
from argparse import ArgumentTypeError
from typing import Final

from counter.database import older_database
from localrun.processes import ServiceError, port_is_free

LAST_PORT: Final = 65535
# The libraries that WeasyPrint loads, by their names for `find_library`.
PANGO = ("gobject-2.0", "pango-1.0", "harfbuzz", "fontconfig", "pangoft2-1.0")
INSTALL_PANGO = """The slip is a PDF, and the library that draws its text is missing:
{missing}. Install it, then run this again:
    Debian  apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    Fedora  dnf install pango
    Alpine  apk add pango
    macOS   brew install pango"""


def need_pango() -> None:
    """Check that Pango is installed; raises ServiceError, which says what to
    install.
    """
    missing = [name for name in PANGO if not ctypes.util.find_library(name)]
    if missing:
        raise ServiceError(INSTALL_PANGO.format(missing=", ".join(missing)))


def slow_slips() -> str:
    """A line that warns of slow slips if a library is missing; "" otherwise.

    Without this library each slip takes several times as much processor time.
    """
    if ctypes.util.find_library("harfbuzz-subset"):
        return ""
    return (
        "  Slips print slowly here: the library harfbuzz-subset is missing "
        "(Debian: apt-get install libharfbuzz-subset0)."
    )


def port_of(text: str) -> int:
    """Parse a port number; the error is one that argparse shows to the person."""
    if not text.isdecimal() or not 1 <= int(text) <= LAST_PORT:
        raise ArgumentTypeError(f"'{text}' is no port, which is 1 to {LAST_PORT}")
    return int(text)


def need_port(port: int) -> None:
    """Check that we may listen on this port; raises ServiceError if we may not, or if
    another program does.
    """
    try:
        is_free = port_is_free(port)
    except PermissionError:
        raise ServiceError(
            f"This account may not listen on port {port}. Choose one that it may: "
            "make run PORT=8001"
        ) from None
    if not is_free:
        raise ServiceError(
            f"Port {port} is taken by another program. Stop that one, or choose "
            f"another port: make run PORT={port + 1}"
        )


def need_todays_database(owner_url: str) -> None:
    """Check the database's migrations; raises ServiceError if they are older than the
    code.
    """
    if older_database.is_older_at(owner_url):
        raise ServiceError(f"{older_database.MESSAGE} {older_database.CURE}")
