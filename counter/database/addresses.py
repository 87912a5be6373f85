"""Addresses of databases, as they stand in the environment.

A mistake is told with the variable's name and never with its value: libpq and urllib
quote what they cannot read, and that may be the password, or half of one with a sign
that has to be written as %2F.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from psycopg.conninfo import make_conninfo

#: A database behind a dead network is said to be away instead of being waited for.
_CONNECT_SECONDS: Final = "5"


class AddressError(ValueError):
    """The sentence names the variable, and nothing that stands in it."""


@dataclass(frozen=True)
class Address:
    """Where a database is and who asks for it; parts that are not said are empty."""

    database: str
    user: str
    password: str = field(repr=False)
    host: str
    port: str
    options: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, url: str, *, name: str) -> Self:
        """Read `postgresql://user:password@host:port/database?option=...`.

        A socket directory is given as `?host=/directory`. Without `connect_timeout`
        among the options it is 5 seconds. `name` is the variable's. Raises
        AddressError.
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
        """The same for libpq."""
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
