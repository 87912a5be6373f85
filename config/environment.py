"""Strict readers of environment variables: a mistake stops the start with an error.

Each reader takes the variable's name and an optional default. Without a default the
variable must be set. A value that cannot be read raises `ImproperlyConfigured` with the
variable's name, never with its value, because that may be a secret. Between `collect`
and `mistakes` nothing is raised: each mistake is noted and the reader returns an empty
value, so that all mistakes can be reported at once.
"""

import base64
import json
import os
import re
from collections.abc import Callable
from email.utils import parseaddr
from functools import wraps
from typing import Concatenate

from django.core.exceptions import ImproperlyConfigured

from counter.database.addresses import Address, AddressError
from counter.email import mail_syntax
from counter.web import http_exchange

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
KEY_BYTES = 32
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_ONE_LINE = re.compile(r"[\x20-\x7e]*")

_noted: list[dict[str, str]] = []


def collect() -> None:
    """From now on, note mistakes instead of raising them."""
    _noted.append({})


def mistakes() -> dict[str, str]:
    """The mistakes noted since `collect`, by variable; from now on they are raised
    again.
    """
    return _noted.pop()


def _reader[**P, R](
    nothing: Callable[[], R],
) -> Callable[[Callable[Concatenate[str, P], R]], Callable[Concatenate[str, P], R]]:
    """Decorate a reader, which then returns `nothing()` when its mistake is noted."""

    def decorate(
        read: Callable[Concatenate[str, P], R],
    ) -> Callable[Concatenate[str, P], R]:
        @wraps(read)
        def noting(name: str, /, *args: P.args, **named: P.kwargs) -> R:
            try:
                return read(name, *args, **named)
            except ImproperlyConfigured as mistake:
                if not _noted:
                    raise
                _noted[-1].setdefault(name, str(mistake))
                return nothing()

        return noting

    return decorate


@_reader(str)
def text(name: str, default: str | None = None) -> str:
    """Without surrounding spaces. Without a default it may not be empty either: an
    empty SMTP_HOST would be this machine, and an empty address nobody's.
    """
    value = os.environ.get(name, default)
    if value is None or (default is None and not value.strip()):
        raise ImproperlyConfigured(
            f"The environment variable {name} is missing or empty."
        )
    return value.strip()


@_reader(str)
def mail_address(name: str, default: str | None = None) -> str:
    """One e-mail address, with or without a name: `Stad Leuven <noreply@leuven.be>`."""
    value = text(name, default)
    if not value:
        return value
    try:
        mail_syntax.read(value)
    except mail_syntax.MailAddressError as mistake:
        raise ImproperlyConfigured(
            f"{name} must be one e-mail address ({mistake.code})."
        ) from None
    # Mails are written with what this finds, which is stricter about the name.
    if not parseaddr(value)[1]:
        raise ImproperlyConfigured(
            f"{name}: write the name before the address between double quotes."
        )
    return value


@_reader(bool)
def boolean(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in _TRUE:
        return True
    if value.strip().lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false, yes, no.")


@_reader(str)
def choice(name: str, allowed: set[str], default: str) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {sorted(allowed)}.")
    return value


@_reader(int)
def integer(
    name: str, default: int | None = None, *, least: int = 0, most: int | None = None
) -> int:
    value = text(name, None if default is None else str(default))
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from None
    if number < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}.")
    if most is not None and number > most:
        raise ImproperlyConfigured(f"{name} must be at most {most}.")
    return number


def port(name: str, default: int) -> int:
    return integer(name, default, least=1, most=65_535)


@_reader(list[str])
def words(name: str, default: str | None = None) -> list[str]:
    """A comma-separated list; empty parts are dropped."""
    return _split(text(name, default))


@_reader(list[str])
def some_of(name: str, allowed: list[str]) -> list[str]:
    """A comma-separated list of `allowed` words; all of them if it is not set."""
    chosen = words(name, ",".join(allowed))
    if not set(chosen) <= set(allowed):
        raise ImproperlyConfigured(f"{name} may name {', '.join(allowed)}.")
    return chosen


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


@_reader(dict[str, str])
def pairs(name: str, known: set[str]) -> dict[str, str]:
    """`name=value[,name=value...]` with known names; empty when it is not set."""
    pairs_by_name: dict[str, str] = {}
    for part in words(name, ""):
        key, _, value = part.partition("=")
        if key not in known or not value:
            raise ImproperlyConfigured(f"{name} has name=value for {sorted(known)}.")
        pairs_by_name[key] = value
    return pairs_by_name


@_reader(dict[str, int])
def counts(name: str, known: list[str]) -> dict[str, int]:
    """As `pairs`, with a number from 1 for each."""
    numbers: dict[str, int] = {}
    for key, value in pairs(name, set(known)).items():
        if not re.fullmatch("[1-9][0-9]{0,5}", value):
            raise ImproperlyConfigured(f"{name} has a number from 1 for each name.")
        numbers[key] = int(value)
    return numbers


@_reader(dict[str, str])
def headers(name: str) -> dict[str, str]:
    """HTTP headers as a JSON object of texts; empty when it is not set."""
    try:
        parsed = json.loads(text(name, "") or "{}")
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict) or not all(
        _HEADER.fullmatch(key) and isinstance(value, str) and _ONE_LINE.fullmatch(value)
        for key, value in parsed.items()
    ):
        raise ImproperlyConfigured(f'{name} must be {{"Name": "value", …}}.')
    return parsed


@_reader(dict[str, str])
def texts_by_name(name: str) -> dict[str, str]:
    """A JSON object of texts, in its order; empty when it is not set."""
    try:
        parsed = json.loads(text(name, "") or "{}")
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict) or not all(
        isinstance(value, str) for value in parsed.values()
    ):
        raise ImproperlyConfigured(f'{name} must be {{"value": "word", …}}.')
    return parsed


@_reader(str)
def pattern(name: str) -> str:
    """A regular expression; empty when it is not set."""
    value = text(name, "")
    try:
        re.compile(value)
    except re.error:
        raise ImproperlyConfigured(f"{name} is no regular expression.") from None
    return value


@_reader(str)
def statuses(name: str, default: str) -> str:
    """Statuses of an HTTP answer, `200-299,409`."""
    value = text(name, default)
    try:
        http_exchange.read_statuses(value)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} must be statuses such as 200-299,409."
        ) from None
    return value


@_reader(dict[str, bytes])
def keys(name: str, default: str | None = None) -> dict[str, bytes]:
    """Named 32-byte keys, `id:base64[,id:base64...]`; the first one is current.

    The id of a key is stored with everything that was made with it, so ids are short
    and never reused.
    """
    return parse_keys(name, text(name, default))


def parse_keys(name: str, value: str) -> dict[str, bytes]:
    """Parse a value of this form; errors name it `name`."""
    keys: dict[str, bytes] = {}
    for part in _split(value):
        kid, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:  # also for letters that are not ASCII
            raise ImproperlyConfigured(f"{name}: a key is not base64.") from None
        if not kid or len(kid) > 8 or kid in keys or len(key) != KEY_BYTES:
            raise ImproperlyConfigured(
                f"{name} must be id:base64 pairs, ids of 1 to 8 characters, each "
                f"once, keys of {KEY_BYTES} bytes."
            )
        keys[kid] = key
    if not keys:
        raise ImproperlyConfigured(f"{name} names no key.")
    return keys


@_reader(dict[str, object])
def database(name: str, default: str | None = None) -> dict[str, object]:
    """Django's database settings for an address; counter.database.addresses parses
    it.
    """
    try:
        address = Address.read(text(name, default), name=name)
    except AddressError as mistake:
        raise ImproperlyConfigured(str(mistake)) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.database,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "OPTIONS": dict(address.options),
    }
