"""Reads the addresses of databases from the environment's variables.

The message about a wrong address has the variable's name and never its value. libpq and
urllib quote the part that they cannot read, which may be the password, or half of a
password with a character that has to be written as %2F.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from psycopg.conninfo import make_conninfo

#: After this time without a connection, libpq reports an error and waits no longer.
_CONNECT_SECONDS: Final = "5"


class AddressError(ValueError):
    """An address cannot be read. The message names the variable, without its value."""


@dataclass(frozen=True)
class Address:
    """Where a database is, and the role that connects. A part not given is empty."""

    database: str
    user: str
    password: str = field(repr=False)
    host: str
    port: str
    options: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, url: str, *, name: str) -> Self:
        """Read `postgresql://user:password@host:port/database?option=...`.

        A socket directory is given as `?host=/directory`. The option `connect_timeout`
        is 5 seconds when it is not given. `name` is the variable's name, for the
        message. Raises AddressError.
        """
        try:
            parts = urlsplit(url)
            port = str(parts.port or "")
        except ValueError:
            raise _refused(name) from None
        database = parts.path.strip("/")
        known = parts.scheme in {"postgres", "postgresql"} and not parts.fragment
        if not known or not database or "/" in database:
            raise _refused(name)
        options = {"connect_timeout": _CONNECT_SECONDS, **dict(parse_qsl(parts.query))}
        return cls(
            database=unquote(database),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            host=options.pop("host", "") or parts.hostname or "",
            port=port,
            options=options,
        )

    def conninfo(self) -> str:
        """The same address as a connection string of libpq."""
        parts = {
            "dbname": self.database,
            "user": self.user,
            "password": self.password,
            "host": self.host,
            "port": self.port,
            **self.options,
        }
        return make_conninfo(
            "", **{key: value for key, value in parts.items() if value}
        )


def _refused(name: str) -> AddressError:
    return AddressError(
        f"{name} must be postgresql://user:password@host:port/database, with / ? # % "
        "and @ in a password written as %2F %3F %23 %25 and %40."
    )
