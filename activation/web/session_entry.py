"""Converting a dataclass to JSON values for the session, and back.

`pack` converts and `unpack` reads it back. `unpack` returns None when the data do not
fit the dataclass exactly, for example because another version of the product wrote
them. The person then begins again, and no page works with incomplete data.
"""

from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, get_args, get_type_hints
from uuid import UUID

from django.utils.timezone import is_aware

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def pack(entry: "DataclassInstance") -> dict[str, object]:
    """The values of the fields as JSON values, by name; fields with None are left out.

    Raises TypeError for a value of another type.
    """
    values = ((each.name, getattr(entry, each.name)) for each in fields(entry))
    return {name: _packed(value) for name, value in values if value is not None}


def unpack[Entry: "DataclassInstance"](
    kind: type[Entry], packed: object
) -> Entry | None:
    """The dataclass that was packed; None when `packed` does not fit it exactly."""
    try:
        return _unpacked(kind, packed)
    except (KeyError, TypeError, ValueError):
        return None


def _packed(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case Enum():
            return value.value
        case bool() | int() | str():
            return value
    if is_dataclass(value) and not isinstance(value, type):
        return pack(value)
    raise TypeError(f"a session keeps no {type(value).__name__}")


@cache
def _types(kind: type) -> dict[str, type]:
    """The type of each field by name; for `UUID | None` it is UUID."""
    types = {}
    for name, hint in get_type_hints(kind).items():
        (types[name],) = set(get_args(hint) or [hint]) - {NoneType}
    return types


def _unpacked[Entry: "DataclassInstance"](kind: type[Entry], packed: object) -> Entry:
    if not isinstance(packed, dict):
        raise TypeError
    types = _types(kind)
    return kind(**{name: _read(types[name], value) for name, value in packed.items()})


def _read(kind: type, value: object) -> object:
    if is_dataclass(kind):
        return _unpacked(kind, value)
    if issubclass(kind, Enum):
        return kind(value)
    if kind in {bool, int, str}:
        if type(value) is not kind:
            raise TypeError
        return value
    if not isinstance(value, str):
        raise TypeError
    return UUID(value) if kind is UUID else _moment(value)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if not is_aware(moment):
        raise ValueError
    return moment
